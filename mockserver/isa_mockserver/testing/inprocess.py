"""Serving without socket, thread or event loop: a request is an argument, and its answer what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from isa_mockserver.web.app import App
from isa_mockserver.web.wire import Answer, RawHeaders, Request, declared_bytes, headers_of, raw_headers

from .carrier import Carrier

RawResponse = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""


class SuspendedError(RuntimeError):
    """The app waited for something outside itself, which it must never do in process."""


class _Address(NamedTuple):
    """The parts of a URL that a server sees."""

    port: int
    host: str
    path: str
    query: str


def ask(
    app: App, method: str, url: str, headers: RawHeaders, body: bytes, carrier: Carrier | None = None
) -> RawResponse:
    """Answer one request as it would arrive at a server on the loopback address.

    Raises:
        SuspendedError: the app tried to wait.
        CarrierError: a fault keeps the answer from the client.
    """
    answer = _settled(app, app.answer(_request(app, method, _address(url), headers, body)))
    if answer.delivery is not None:
        (carrier or Carrier()).carry(answer)
    return answer.status, raw_headers(answer), answer.body


@lru_cache(maxsize=512)
def _address(url: str) -> _Address:
    parts = urlsplit(url)
    return _Address(parts.port or 80, parts.netloc, unquote(parts.path or "/"), parts.query)


def _request(app: App, method: str, address: _Address, headers: RawHeaders, body: bytes) -> Request:
    raw = [(name.lower(), value) for name, value in headers]
    named = headers_of(raw)
    if "host" not in named:
        named["host"] = address.host
        raw.insert(0, (b"host", address.host.encode("ascii")))
    # A server would not wait for the rest of a body that is said to be too large.
    size = max(len(body), declared_bytes(named))
    kept = body if size <= app.max_body_bytes(address.path) else None
    return Request(method, address.path, address.query, named, {}, kept, raw)


def _settled(app: App, answer: Answer) -> Answer:
    """The answer, once it is durable; in process the disk is written to at once, so nothing is waited for."""
    settled: list[Answer] = []
    app.when_settled(answer, settled.append)
    if not settled:
        raise SuspendedError("the app waits for the disk")
    return settled[0]


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

    def __init__(self, apps: Mapping[int, App], gateway: App, afterwards: Afterwards) -> None:
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
            return ask(self._app_at(url), method, url, headers, body, carrier)
        finally:
            self._afterwards.deliver()

    async def call_async(
        self, method: str, url: str, headers: RawHeaders, body: bytes, carrier: Carrier | None = None
    ) -> RawResponse:
        """As `call`, for a caller with an event loop."""
        try:
            return ask(self._app_at(url), method, url, headers, body, carrier)
        finally:
            await self._afterwards.deliver_async()

    def _app_at(self, url: str) -> App:
        return self._apps.get(_address(url).port, self._gateway)
