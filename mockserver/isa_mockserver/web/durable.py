"""Answers leave only when what they tell of is durable (decision 5); computing one never waits for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from isa_mockserver.kernel.errors import DomainError

from .wire import Answer

_KEPT_PREFIX = "Access-Control-"


class Durability(Protocol):
    """How far what was committed is on the disk."""

    @property
    def sequence(self) -> int:
        """How much was committed, in any World of the server."""
        ...

    def when_reached(self, sequence: int, tell: Callable[[bool], object]) -> None:
        """Tell once so much is durable, or that it will never be; at once where that is known."""
        ...

    async def reached(self, sequence: int) -> bool:
        """Wait until so much is durable; false if it will never be."""
        ...


def unavailable(answer: Answer) -> Answer:
    """The 503 in place of an answer whose promise cannot be kept."""
    from .answers import refusal  # here, for most servers keep nothing on a disk

    error = DomainError(
        "service_unavailable",
        "State cannot be written any more, so nothing can be promised; the server stops.",
    )
    kept = [
        (name, value) for name, value in answer.headers if name == "Vary" or name.startswith(_KEPT_PREFIX)
    ]
    return refusal(error, answer.request_id)._replace(headers=kept)
