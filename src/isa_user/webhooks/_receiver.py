"""The receiving end of webhooks as an ASGI app (heading "Webhooks", rules WH-5, WH-8)."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from isa_user.errors import ConfigurationError, WebhookVerificationError
from isa_user.webhooks._answers import BY_OUTCOME, TOO_LARGE, Answer, refusal
from isa_user.webhooks._asgi import (
    Receive,
    Scope,
    Send,
    TooLargeError,
    header,
    read_body,
    send_answer,
    serve_lifespan,
)
from isa_user.webhooks._dedupe import DeliveryStore, MemoryDeliveryStore
from isa_user.webhooks._handlers import Handlers, call
from isa_user.webhooks._headers import read_stamp
from isa_user.webhooks._now import Now, system_now
from isa_user.webhooks._once import handle_once
from isa_user.webhooks._verify import Webhook
from isa_user.webhooks.events import Event

__all__ = ["WebhookReceiver"]

logger = logging.getLogger("isa_user.webhooks")

LARGEST_EVENT = 262_144
"""The most bytes that a sender puts into one event (rules WH-1)."""


class WebhookReceiver(Handlers):
    """A pure-ASGI app that verifies deliveries and calls your functions, once for each event.

    ::

        receiver = WebhookReceiver("whsec_...")

        @receiver.on("payment.succeeded")
        async def paid(event: PaymentSucceeded) -> None: ...

        app = Starlette(routes=[Route("/webhooks/payments", receiver)])

    The answer is 204 once every function for the type has returned (also where there is none for it, and
    for an event handled before), 400 where the signature does not hold, 405, 413 and 415 for what is no
    webhook, 503 while another delivery of the event is being handled, and 500 where a function raised: the
    sender tries again, and then all functions for the type are called again.

    Sync functions run where they are called, in the event loop: long work belongs in an async function. If
    all are sync, the app never waits, and can be stepped without an event loop.

    Args:
        secret: the endpoint's signing secret, or several while one is being replaced.
        store: remembers which events were handled; the memory of this process by default.
        max_body_bytes: larger bodies are refused; at least the 262144 bytes that an event may have.
        now: gives the time in seconds since 1970; the system's clock unless a test brings its own.

    Raises:
        ConfigurationError: a secret is malformed, or ``max_body_bytes`` is too small.
    """

    def __init__(
        self,
        secret: str | Iterable[str],
        *,
        store: DeliveryStore | None = None,
        max_body_bytes: int = 2 * LARGEST_EVENT,
        now: Now = system_now,
    ) -> None:
        super().__init__()
        if max_body_bytes < LARGEST_EVENT:
            raise ConfigurationError(
                f"max_body_bytes must be at least {LARGEST_EVENT}, the size of an event."
            )
        self._webhook = Webhook(secret, now=now)
        self._store = store if store is not None else MemoryDeliveryStore()
        self._max_body_bytes = max_body_bytes

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._webhook!r})"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        match scope["type"]:
            case "http":
                answer = await self._answer(scope, receive)
                if answer is not None:
                    await send_answer(send, answer)
            case "lifespan":
                await serve_lifespan(receive, send)
            case "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            case other:
                raise ValueError(f"ASGI connections of type {other!r} are not served.")

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | None:
        if refused := refusal(scope["method"], header(scope["headers"], b"content-type")):
            return refused
        try:
            body = await read_body(scope, receive, self._max_body_bytes)
        except TooLargeError:
            return TOO_LARGE
        return None if body is None else await self._take(body, scope["headers"])

    async def _take(self, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Answer:
        headers = list(headers)
        try:
            event = self._webhook.verify(body, headers)
        except WebhookVerificationError as error:
            logger.warning("refused a webhook: %s (%s)", error.message, error.code)
            return Answer(400, error.code or "", error.message)
        webhook_id = read_stamp(headers).webhook_id
        outcome = await handle_once(self._store, webhook_id, lambda: self._handle(event))
        logger.info("webhook %s: %r %s", webhook_id, event.type, outcome)
        return BY_OUTCOME[outcome]

    async def _handle(self, event: Event) -> None:
        for handler in self._matching(event):
            await call(handler, event)
