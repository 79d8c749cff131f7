"""The faults that are armed in one sandbox, and which of them strikes a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

from isa_mockserver.kernel.clock import steady_s

from .bucket import Buckets, Headers
from .model import Asked, Fault


@dataclass(slots=True)
class Armed:
    """A fault in place: how many requests it matched so far, and how many of them it struck."""

    id: str
    fault: Fault
    buckets: Buckets | None
    matched: int = 0
    struck: int = 0

    @property
    def spent(self) -> bool:
        """Whether it will strike no more."""
        return self.fault.times is not None and self.struck >= self.fault.times


@dataclass(frozen=True, slots=True)
class Strike:
    """What is to be done to a request: one fault or none, and the headers of rate limits on the way."""

    fault: Fault | None
    headers: Headers = field(default=())


class FaultBook:
    """Faults in the order of their making; the first one that wants a request gets it."""

    def __init__(self, at_start: Iterable[Fault] = (), *, clock: Callable[[], float] = steady_s) -> None:
        self._clock = clock
        self._changing = Lock()
        self._armed: dict[str, Armed] = {}
        self._made = 0
        for fault in at_start:
            self.add(fault)

    def __bool__(self) -> bool:
        """Whether anything is armed."""
        return bool(self._armed)

    def add(self, fault: Fault) -> Armed:
        """Arm a fault."""
        limits = fault.effect == "rate_limit"
        with self._changing:
            self._made += 1
            buckets = Buckets(fault.burst, fault.per_s, self._clock) if limits else None
            armed = Armed(f"fault_{self._made}", fault, buckets)
            self._armed[armed.id] = armed
        return armed

    def remove(self, fault_id: str) -> bool:
        """Disarm one; whether it was there."""
        with self._changing:
            return self._armed.pop(fault_id, None) is not None

    def clear(self) -> int:
        """Disarm all; answers how many there were."""
        with self._changing:
            count = len(self._armed)
            self._armed.clear()
        return count

    def all(self) -> list[Armed]:
        """What is armed, spent ones included, oldest first."""
        return list(self._armed.values())

    def strike(self, asked: Asked) -> Strike | None:
        """What happens to a request: every fault that matches counts it, the first that wants it strikes."""
        chosen: Fault | None = None
        headers: Headers = ()
        with self._changing:
            for armed in self._armed.values():
                if armed.spent or not _matches(armed.fault, asked):
                    continue
                armed.matched += 1
                if chosen is not None or not _is_drawn(armed):
                    continue
                if armed.buckets is not None:
                    allowed, headers = armed.buckets.take(asked.user, asked.service)
                    if allowed:
                        continue
                armed.struck += 1
                chosen = armed.fault
        return Strike(chosen, headers) if chosen or headers else None


def _matches(fault: Fault, asked: Asked) -> bool:
    match = fault.match
    return (
        match.service in (None, asked.service)
        and match.operation in (None, asked.operation)
        and match.user in (None, asked.user)
        and (asked.has_key or fault.effect != "idempotency_in_progress")
    )


def _is_drawn(armed: Armed) -> bool:
    """Whether the draw, which repeats with the seed, falls on this request."""
    fault = armed.fault
    if armed.matched < fault.match.nth:
        return False
    drawn = blake2b(f"{fault.seed}\0{armed.matched}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") < fault.probability * 2**64
