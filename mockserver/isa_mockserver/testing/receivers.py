"""Receivers in the test's own process: a function of the typed event, or an ASGI app."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import anyio

from isa_mockserver.kernel.clock import wall_now
from isa_mockserver.web.asgi import ASGIApp, Message
from isa_mockserver.webhooks.adversary import Shipment
from isa_mockserver.webhooks.outcome import TIMED_OUT, TIMEOUT_S, Outcome, answer, failure
from isa_mockserver.webhooks.signing import secret_of

from .scopes import post_scope

logger = logging.getLogger("isa_mockserver")

Receiver = Callable[[Shipment], Outcome | Awaitable[Outcome]]
"""Takes one request; what has to be awaited is given back unawaited."""

Handler = Callable[[Any], object]

_ACCEPTED = Outcome(status=204)
_HOST = "http://receiver.test"
_REDIRECTED = 'redirects are not followed; add the app with path="{}"'


def receiver_of(target: Callable[..., Any], path: str, secret: Callable[[], str]) -> Receiver:
    """The receiver for an ASGI app, or for a function that takes the verified event.

    `secret` gives the endpoint's present secret.

    Raises:
        TypeError: the target can be called with neither one argument nor three.
    """
    if _takes(target, 1):
        return _of_handler(target, secret)
    if _takes(target, 3):
        return _of_app(target, path)
    raise TypeError(f"{target!r} is neither a function of one event nor an ASGI app")


def address_of(target: Callable[..., Any], path: str) -> str:
    """What stands for the address of a receiver in process, in lists and in the log.

    Raises:
        ValueError: a path that does not begin with a slash.
    """
    name = getattr(target, "__qualname__", type(target).__qualname__)
    if not path.startswith("/"):
        raise ValueError(f"path={path!r} is no path: begin it with a slash, such as /webhooks/payments")
    return f"in-process:{name}" if _takes(target, 1) else f"in-process:{name}{path.rstrip()}"


def own_secret(target: object) -> str | None:
    """The secret that a `WebhookReceiver` was made with, the first of several; None for anything else."""
    from isa_user.webhooks import WebhookReceiver

    return secret_of(target._webhook._keys[0]) if isinstance(target, WebhookReceiver) else None


def _takes(target: Callable[..., Any], count: int) -> bool:
    try:
        inspect.signature(target).bind(*[None] * count)
    except (TypeError, ValueError):
        return False
    return True


def _of_handler(handler: Handler, secret: Callable[[], str]) -> Receiver:
    from isa_user.errors import WebhookVerificationError
    from isa_user.webhooks import Webhook

    def receive(shipment: Shipment) -> Outcome | Awaitable[Outcome]:
        try:
            event = Webhook(secret()).verify(shipment.body, shipment.headers)
        except WebhookVerificationError as error:
            return Outcome(status=400, error=f"refused: {error.code}")
        try:
            result = handler(event)
        except Exception as error:
            return _raised(error)
        return _finish(result) if inspect.isawaitable(result) else _ACCEPTED

    return receive


async def _finish(result: Awaitable[object]) -> Outcome:
    with anyio.move_on_after(TIMEOUT_S):
        try:
            await result
        except Exception as error:
            return _raised(error)
        return _ACCEPTED
    return TIMED_OUT


def _raised(error: Exception) -> Outcome:
    logger.error("a webhook handler failed; the event will be delivered again", exc_info=error)
    return Outcome(status=500, error=failure(error).error)


def _of_app(app: ASGIApp, path: str) -> Receiver:
    return lambda shipment: _post(app, f"{_HOST}{path}", shipment)


async def _post(app: ASGIApp, url: str, shipment: Shipment) -> Outcome:
    headers = {
        **shipment.headers,
        "content-type": "application/json",
        "content-length": str(len(shipment.body)),
        "host": urlsplit(url).netloc,
    }
    raw = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
    exchange = _Exchange(shipment.body)
    with anyio.move_on_after(TIMEOUT_S):
        try:
            await app(post_scope(url, raw), exchange.receive, exchange.send)
        except Exception as error:
            if exchange.status is None:
                return _raised(error)
            logger.error("an app failed after it had answered a webhook", exc_info=error)
        return exchange.outcome()
    return TIMED_OUT


class _Exchange:
    """One request and its answer over ASGI."""

    def __init__(self, body: bytes) -> None:
        self._unread: bytes | None = body
        self.status: int | None = None
        self._headers: Mapping[bytes, bytes] = {}

    async def receive(self) -> Message:
        """The whole body at once, then nothing more until the app is done with it."""
        if self._unread is None:
            await anyio.sleep_forever()
        body, self._unread = self._unread, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        """Note status and headers; the answer's body says nothing to a sender."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = {name.lower(): value for name, value in message.get("headers", ())}

    def outcome(self) -> Outcome:
        """What the app answered."""
        if self.status is None:
            return Outcome(error="the app did not answer")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self._headers.items()}
        # Starlette names the whole address, of which an app in process has only the path.
        headers["location"] = urlsplit(headers.get("location", "")).path
        return answer(self.status, headers, wall_now(), redirected=_REDIRECTED)
