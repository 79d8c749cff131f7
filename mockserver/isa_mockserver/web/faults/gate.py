"""The outermost layer of every port: it holds an answer back, or drops the connection instead (decision 3).

Here alone a request may be waited for. The carrier says how: over sockets it sleeps and aborts, in process
time passes without sleeping.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import anyio

from isa_mockserver.web.wire import DELIVERY, DROP, WAIT, ASGIApp, Delivery, Message, Receive, Scope, Send


class FaultGate:
    """An app whose answers arrive late, or never, where a fault says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let everything pass but an answer that carries a delivery."""
        gate = _Gate(send)
        await self._app(scope, receive, gate)
        if gate.delivery is not None:
            await _deliver(gate.delivery, gate.held, scope.get("extensions") or {}, send)


class _Gate:
    """A `send` that keeps back the messages of a struck answer."""

    __slots__ = ("_send", "delivery", "held")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.delivery: Delivery | None = None
        self.held: list[Message] = []

    async def __call__(self, message: Message) -> None:
        if DELIVERY in message:
            self.delivery = message.pop(DELIVERY)
        if self.delivery is None:
            await self._send(message)
        else:
            self.held.append(message)


async def _deliver(delivery: Delivery, held: list[Message], carrier: Any, send: Send) -> None:
    if delivery.latency_s:
        wait: Callable[[float], Awaitable[None]] = carrier.get(WAIT, anyio.sleep)
        await wait(delivery.latency_s)
    for message in _begun(held) if delivery.begun else () if delivery.drop else held:
        await send(message)
    if delivery.drop:
        await carrier[DROP]()


def _begun(held: list[Message]) -> Iterator[Message]:
    """The head, and half of the body, after which more would have to come; all of an answer without one."""
    start, *pieces = held
    yield start
    body = b"".join(piece["body"] for piece in pieces)
    yield {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": bool(body)}
