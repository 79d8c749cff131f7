"""The token bucket of a rate limit, one for each user and service (rules 8.6)."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

Headers = tuple[tuple[str, str], ...]


class Buckets:
    """Buckets of `burst` tokens that fill by `per_s` tokens a second of real time."""

    def __init__(self, burst: int, per_s: float, clock: Callable[[], float]) -> None:
        self._burst = burst
        self._per_s = per_s
        self._clock = clock
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, user: str, service: str) -> tuple[bool, Headers]:
        """Whether there was a token to take, and the headers that tell of the limit."""
        now_s = self._clock()
        level, at_s = self._levels.get((user, service), (float(self._burst), now_s))
        level = min(float(self._burst), level + (now_s - at_s) * self._per_s)
        taken = level >= 1
        level -= taken
        self._levels[user, service] = level, now_s
        return taken, self._headers(level, taken)

    def _headers(self, level: float, taken: bool) -> Headers:
        full_in_s = ceil((self._burst - level) / self._per_s)
        headers = (
            ("RateLimit-Limit", str(self._burst)),
            ("RateLimit-Remaining", str(int(level))),
            ("RateLimit-Reset", str(full_in_s)),
        )
        if taken:
            return headers
        return (*headers, ("Retry-After", str(max(1, ceil((1 - level) / self._per_s)))))
