"""Answers leave only when what they tell of is durable (decision 5); the core itself never waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from isa_mockserver.kernel.errors import DomainError

from .answers import refusal
from .wire import Answer, ASGIApp, Message, Receive, Scope, Send, send_answer

_REQUEST_ID = b"x-request-id"


class Durability(Protocol):
    """How far what was committed is on the disk."""

    @property
    def sequence(self) -> int:
        """How much was committed, in any World of the server."""
        ...

    async def reached(self, sequence: int) -> bool:
        """Wait until so much is durable; false if it will never be."""
        ...


class Durable:
    """Holds every answer until all that was committed when it was computed is durable; else it is a 503."""

    def __init__(self, app: ASGIApp, durability: Durability) -> None:
        self._app = app
        self._durability = durability

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the app, and wait before each piece of the answer."""
        await self._app(scope, receive, _Gate(self._durability, send).send)


@dataclass(slots=True)
class _Gate:
    """Where one answer waits. Its pieces were computed together, unless it is a stream."""

    durability: Durability
    forward: Send
    streaming: bool = False
    shut: bool = False

    async def send(self, message: Message) -> None:
        if self.shut:
            return
        starting = message["type"] == "http.response.start"
        self.streaming = self.streaming or message.get("more_body", False)
        if not (starting or self.streaming) or await self.durability.reached(self.durability.sequence):
            await self.forward(message)
            return
        self.shut = True
        if not starting:
            raise ConnectionError("the disk failed in the middle of a stream")
        request_id = dict(message["headers"]).get(_REQUEST_ID, b"").decode("latin-1")
        await send_answer(self.forward, _unavailable(request_id))


def _unavailable(request_id: str) -> Answer:
    error = DomainError(
        "service_unavailable",
        "State cannot be written any more, so nothing can be promised; the server stops.",
    )
    answer = refusal(error, request_id)
    return Answer(answer.status, answer.body, answer.content_type, [("X-Request-Id", request_id)])
