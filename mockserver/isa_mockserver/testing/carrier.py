"""How an answer travels in process: connections that break and answers that are late, without any waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import inf

from isa_mockserver.kernel.clock import steady_s
from isa_mockserver.web.wire import DROP, WAIT, Message


class CarrierError(ConnectionError):
    """No answer came back, although the server had the whole request."""


class DroppedError(CarrierError):
    """The connection was closed without an answer, or where one had only `begun`."""

    def __init__(self, *, begun: bool) -> None:
        where = "in the middle of its answer" if begun else "without an answer"
        super().__init__(f"the server closed the connection {where}")
        self.begun = begun


class LateError(CarrierError):
    """The answer comes later than the client waits."""


class VirtualTime:
    """A client's own time: real time, and on top what it would have waited; nothing sleeps."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now_s(self) -> float:
        """Seconds from an arbitrary start."""
        return steady_s() + self._ahead_s

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead_s += max(0.0, seconds)

    async def pass_by_async(self, seconds: float) -> None:
        """Let time pass, for an async client."""
        self.pass_by(seconds)


@dataclass(slots=True)
class Carrier:
    """One request on its way: how long the client waits for the answer, and what became of it."""

    timeout_s: float = inf
    waited_s: float = 0.0
    dropped: bool = False

    def extensions(self) -> dict[str, Callable[..., Awaitable[None]]]:
        """What the app may ask of its carrier, by the keys of the scope's extensions."""
        return {DROP: self._drop, WAIT: self._wait}

    def check(self, sent: Sequence[Message]) -> None:
        """Tell what keeps the answer from the client, of which so much was sent.

        Raises:
            LateError: the client gave up first; it waited for `timeout_s` seconds.
            DroppedError: the connection was dropped before the answer was complete.
        """
        if self.waited_s > self.timeout_s:
            self.waited_s = self.timeout_s
            raise LateError(f"no answer within {self.timeout_s:g} s")
        if self.dropped and (not sent or sent[-1].get("more_body")):
            raise DroppedError(begun=bool(sent))

    async def _drop(self) -> None:
        self.dropped = True

    async def _wait(self, seconds: float) -> None:
        self.waited_s += seconds
