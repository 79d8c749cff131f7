"""How an answer travels in process: connections that break and answers that are late, without any waiting."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from isa_mockserver.kernel.clock import steady_s
from isa_mockserver.web.wire import Answer, breaks_off


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
    """One request on its way: how long the client waits for the answer, and how long it has waited."""

    timeout_s: float = inf
    waited_s: float = 0.0

    def carry(self, answer: Answer) -> None:
        """Do to the answer what a fault says; nothing sleeps.

        Raises:
            LateError: the client gave up first; it waited for `timeout_s` seconds.
            DroppedError: the connection was dropped before the answer was complete.
        """
        delivery = answer.delivery
        if delivery is None:
            return
        self.waited_s += delivery.latency_s
        if self.waited_s > self.timeout_s:
            self.waited_s = self.timeout_s
            raise LateError(f"no answer within {self.timeout_s:g} s")
        if breaks_off(answer):
            raise DroppedError(begun=delivery.begun)
