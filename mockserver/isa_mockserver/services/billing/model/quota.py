"""A quota as it stands at an instant (rules 4.3)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Quota(NamedTuple):
    """A quota as it stands: `limit` None is unlimited, `soft` that more is billed instead of refused."""

    metric: str
    limit: int | None
    soft: bool
    used: int
    start: datetime
    end: datetime
    closed: bool

    @property
    def exceeded(self) -> bool:
        """Exactly at the limit is not exceeded (rules QU-1)."""
        return self.limit is not None and self.used > self.limit

    @property
    def remaining(self) -> int | None:
        """What is left, never below zero; None where unlimited (rules US-1)."""
        return None if self.limit is None else max(0, self.limit - self.used)

    def allows(self, quantity: int) -> bool:
        """Whether so much more may be used (rules QU-1, QU-2)."""
        return self.limit is None or self.soft or self.used + quantity <= self.limit
