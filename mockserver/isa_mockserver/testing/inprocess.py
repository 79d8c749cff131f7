"""Serving without socket, thread or event loop: the app's coroutine is stepped by hand (decision 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from isa_mockserver.web.wire import ASGIApp, Message, Scope

from .carrier import Carrier

RawHeaders = Sequence[tuple[bytes, bytes]]
RawResponse = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""


class SuspendedError(RuntimeError):
    """The app waited for something outside itself, which it must never do in process."""


def step(app: ASGIApp, scope: Scope, body: bytes, carrier: Carrier | None = None) -> RawResponse:
    """Run one request through the app to its end and give status, headers and body.

    Raises:
        SuspendedError: the app tried to wait.
        CarrierError: a fault keeps the answer from the client.
    """
    carrier = carrier or Carrier()
    scope["extensions"] = carrier.extensions()
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    coroutine: Any = app(scope, receive, send)
    try:
        coroutine.send(None)
    except StopIteration:
        pass
    else:
        coroutine.close()
        raise SuspendedError(f"{scope['method']} {scope['path']} suspended")
    carrier.check(sent)
    start = sent[0]
    return start["status"], list(start["headers"]), b"".join(message["body"] for message in sent[1:])


def http_scope(method: str, url: str, headers: RawHeaders) -> Scope:
    """The ASGI scope of a request as it would arrive at a server on the loopback address."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 80
    raw_path = parts.path or "/"
    named = [(name.lower(), value) for name, value in headers]
    if not any(name == b"host" for name, _ in named):
        named.insert(0, (b"host", parts.netloc.encode("ascii")))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("ascii"),
        "root_path": "",
        "query_string": parts.query.encode("ascii"),
        "headers": named,
        "client": ("127.0.0.1", 50000),
        "server": (host, port),
    }


class Afterwards(Protocol):
    """What is done after each request: the webhooks that it caused."""

    def deliver(self) -> None:
        """Do it now."""
        ...

    async def deliver_async(self) -> None:
        """Do it on the caller's event loop."""
        ...


class Doors:
    """The apps of a server by the port of a URL; every other port is the gateway's."""

    def __init__(self, apps: Mapping[int, ASGIApp], gateway: ASGIApp, afterwards: Afterwards) -> None:
        self._apps = apps
        self._gateway = gateway
        self._afterwards = afterwards

    def call(
        self, method: str, url: str, headers: RawHeaders, body: bytes, carrier: Carrier | None = None
    ) -> RawResponse:
        """Answer one request, and deliver the webhooks that it causes.

        Raises:
            CarrierError: a fault keeps the answer from the client.
        """
        try:
            return self._answer(method, url, headers, body, carrier)
        finally:
            self._afterwards.deliver()

    async def call_async(
        self, method: str, url: str, headers: RawHeaders, body: bytes, carrier: Carrier | None = None
    ) -> RawResponse:
        """As `call`, for a caller with an event loop."""
        try:
            return self._answer(method, url, headers, body, carrier)
        finally:
            await self._afterwards.deliver_async()

    def _answer(
        self, method: str, url: str, headers: RawHeaders, body: bytes, carrier: Carrier | None
    ) -> RawResponse:
        app = self._apps.get(urlsplit(url).port or 0, self._gateway)
        return step(app, http_scope(method, url, headers), body, carrier)
