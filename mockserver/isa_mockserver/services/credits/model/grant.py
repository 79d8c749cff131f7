"""Grants, the arithmetic that each keeps, and the order in which they burn (rules CR-3 to CR-5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec

GrantSource = Literal["purchase", "promo", "subscription", "refund", "adjustment"]

NOTICE = timedelta(days=30)
"""How long ahead an expiry is told (rules CR-7)."""

DEFAULT_PRIORITY = 50
_LAST = datetime.max.replace(tzinfo=UTC)


class Grant(NamedTuple):
    """Credits given at once, with one expiry.

    `remaining` includes `reserved`. Whatever happens, `consumed + expired + revoked + remaining ==
    amount + refunded` (rules 8.8, 26). `cost_basis` is what a credit cost, in minor units of usd;
    `announced` tells whether its expiry was told (rules CR-7).
    """

    id: str
    owner: str
    created_at: datetime
    source: GrantSource
    amount: int
    remaining: int
    cost_basis: int
    effective_at: datetime
    expires_at: datetime | None
    priority: int = DEFAULT_PRIORITY
    reserved: int = 0
    consumed: int = 0
    expired: int = 0
    revoked: int = 0
    refunded: int = 0
    voided_at: datetime | None = None
    purchase_id: str | None = None
    announced: bool = False

    @property
    def free(self) -> int:
        """What is left and not held."""
        return self.remaining - self.reserved

    def hold(self, amount: int) -> Grant:
        """The grant with so many more of its free credits held."""
        return self._replace(reserved=self.reserved + amount)

    def let_go(self, amount: int) -> Grant:
        """The grant with so many of its held credits free again."""
        return self._replace(reserved=self.reserved - amount)

    def spend(self, amount: int) -> Grant:
        """The grant with so many of its free credits consumed."""
        return self._replace(remaining=self.remaining - amount, consumed=self.consumed + amount)

    def expire(self) -> Grant:
        """The grant without its free credits; held ones stay until they are returned (rules CR-11)."""
        return self._replace(remaining=self.reserved, expired=self.expired + self.free)

    def restore(self, amount: int) -> Grant:
        """The grant with so many of its consumed credits back (rules CR-13)."""
        return self._replace(remaining=self.remaining + amount, refunded=self.refunded + amount)

    def revoke(self, amount: int, now: datetime) -> Grant:
        """The grant without so many of its free credits; void when that was all of it (rules CR-14)."""
        revoked = self.revoked + amount
        voided_at = now if revoked == self.amount else None
        return self._replace(remaining=self.remaining - amount, revoked=revoked, voided_at=voided_at)

    def expires_soon(self, now: datetime) -> bool:
        """Whether it has free credits that expire within the notice period (rules CR-7)."""
        return self.expires_at is not None and self.free > 0 and now < self.expires_at <= now + NOTICE

    def reinstate(self, amount: int) -> Grant:
        """The grant with so many revoked credits back, because the refund of the money failed."""
        return self._replace(remaining=self.remaining + amount, revoked=self.revoked - amount, voided_at=None)


class Allocation(NamedTuple):
    """How much of an operation falls on one grant."""

    grant_id: str
    amount: int


def is_live(grant: Grant, now: datetime) -> bool:
    """Whether the grant counts: from `effective_at` up to, not including, `expires_at` (rules CR-4)."""
    return grant.effective_at <= now and (grant.expires_at is None or now < grant.expires_at)


def burn_order(grant: Grant) -> tuple[datetime, int, int, datetime, str]:
    """The sort key of spending: what expires first, then priority, cost, age and id (rules CR-5)."""
    return (grant.expires_at or _LAST, grant.priority, grant.cost_basis, grant.created_at, grant.id)


def allocate(grants: Sequence[Grant], amount: int) -> tuple[Allocation, ...]:
    """`amount` credits spread over the free credits of the grants in burn order, as far as they reach."""
    allocations = []
    for grant in sorted(grants, key=burn_order):
        part = min(grant.free, amount)
        if part > 0:
            allocations.append(Allocation(grant.id, part))
            amount -= part
    return tuple(allocations)


def total_of(allocations: Iterable[Allocation]) -> int:
    """What the allocations add up to."""
    return sum(allocation.amount for allocation in allocations)


GRANTS = TableSpec("credit_grants", Grant)
