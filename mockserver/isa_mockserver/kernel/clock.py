"""Time: one injected UTC clock per World, whole seconds (rules P5, CK-1), and the wall clock beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple


def wall_now() -> datetime:
    """Real time in UTC, floored to the second: for tokens and webhook stamps only (rules AU-3)."""
    return _at(int(time.time()))


@lru_cache(maxsize=8)
def _at(second: int) -> datetime:
    """The moment so many seconds after 1970; asked for several times by each request."""
    return datetime.fromtimestamp(second, UTC)


steady_s = time.monotonic
"""Seconds of real time from an arbitrary start, never backwards: to measure with, and for rate limits."""


@lru_cache(maxsize=4096)
def format_time(moment: datetime) -> str:
    """Write a UTC time as the page does: `2024-01-28T10:00:00Z` (rules CK-2)."""
    return moment.isoformat().replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time with a zone and normalise it to UTC, floored to the second.

    Raises:
        ValueError: the text is no time, or has no zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone, such as Z or +01:00")
    return moment.astimezone(UTC).replace(microsecond=0)


class ClockState(NamedTuple):
    """How a clock stands: seconds ahead of the wall clock, or frozen at a moment."""

    offset_s: int
    frozen_at: datetime | None


class Clock:
    """The clock of one World: ticking with the wall clock plus an offset, or frozen at a moment."""

    def __init__(self, frozen_at: datetime | None = None, *, wall: Callable[[], datetime] = wall_now) -> None:
        self._wall = wall
        self._offset = timedelta()
        self._frozen_at = frozen_at

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is moved."""
        return self._frozen_at is not None

    @property
    def state(self) -> ClockState:
        """What it takes to go on from here in another process."""
        return ClockState(int(self._offset.total_seconds()), self._frozen_at)

    def restore(self, state: ClockState) -> None:
        """Go on from where another clock stood, forward or back."""
        self._offset = timedelta(seconds=state.offset_s)
        self._frozen_at = state.frozen_at

    def now(self) -> datetime:
        """The World's time, in whole seconds UTC."""
        if self._frozen_at is not None:
            return self._frozen_at
        now = self._wall()
        return now + self._offset if self._offset else now

    def freeze(self) -> None:
        """Stop at the present moment."""
        self._frozen_at = self.now()

    def unfreeze(self) -> None:
        """Tick on from the present moment."""
        self._offset = self.now() - self._wall()
        self._frozen_at = None

    def move(self, moment: datetime) -> None:
        """Jump to `moment`, frozen or ticking as before."""
        if self._frozen_at is not None:
            self._frozen_at = moment
        else:
            self._offset = moment - self._wall()
