"""Grants: issued, announced before they expire, swept when they do (rules CR-3, CR-7, CR-15)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Literal, NamedTuple

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.money import positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.users import register
from isa_mockserver.services.credits.model import NOTICE, Allocation, Grant, GrantSource
from isa_mockserver.services.credits.views import grant_view

from .accounts import grant_of, keep
from .history import record

PROMO_LIFE = timedelta(days=90)


class DefaultExpiry(Enum):
    """The expiry that the source of a grant implies (rules CR-3)."""

    BY_SOURCE = "by_source"


DEFAULT_EXPIRY = DefaultExpiry.BY_SOURCE
Expiry = datetime | None | Literal[DefaultExpiry.BY_SOURCE]


class GrantOrder(NamedTuple):
    """What to grant to whom; `expires_at` None never expires."""

    owner: str
    amount: int
    source: GrantSource
    expires_at: datetime | None
    cost_basis: int = 0
    purchase_id: str | None = None


def give(
    unit: Unit,
    *,
    user_id: str,
    amount: int,
    source: GrantSource = "promo",
    expires_at: Expiry = DEFAULT_EXPIRY,
) -> Grant:
    """Give a user credits that nobody pays for, and make the user known: for fixtures and the control API.

    Raises:
        DomainError: `invalid_amount`, `amount_too_large`; `invalid_value` for an expiry that has passed.
    """
    positive_amount(amount)
    moment = default_expiry(source, unit.now) if isinstance(expires_at, DefaultExpiry) else expires_at
    if moment is not None and moment <= unit.now:
        raise DomainError("invalid_value", "The expiry must lie in the future.", param="expires_at")
    register(unit, user_id)
    return issue(unit, GrantOrder(owner=user_id, amount=amount, source=source, expires_at=moment))


def issue(unit: Unit, order: GrantOrder) -> Grant:
    """Make the grant, book it and tell of it (rules CR-2, CR-3)."""
    grant = add(unit, order)
    entry_type: Literal["purchase", "grant"] = "purchase" if order.purchase_id else "grant"
    reference = (
        Reference("credit_purchase", order.purchase_id)
        if order.purchase_id
        else Reference("credit_grant", grant.id)
    )
    record(unit, order.owner, entry_type, [Allocation(grant.id, grant.amount)], reference)
    unit.emit("credits.granted", order.owner, grant_view(grant))
    plan_expiry(unit, grant)
    return grant


def add(unit: Unit, order: GrantOrder) -> Grant:
    """Store a new grant, without booking it."""
    return keep(
        unit,
        Grant(
            id=unit.new_id("grant"),
            owner=order.owner,
            created_at=unit.now,
            source=order.source,
            amount=order.amount,
            remaining=order.amount,
            cost_basis=order.cost_basis,
            effective_at=unit.now,
            expires_at=order.expires_at,
            purchase_id=order.purchase_id,
        ),
    )


def plan_expiry(unit: Unit, grant: Grant) -> None:
    """Have the grant announced and swept in time; within the notice period it is announced at once."""
    if grant.expires_at is None:
        return
    unit.plan(grant.expires_at, "grant_expiry", grant.id)
    if grant.expires_at - NOTICE > unit.now:
        unit.plan(grant.expires_at - NOTICE, "expiring_soon", grant.id)
    announce_expiry(unit, grant.id)


def announce_expiry(unit: Unit, grant_id: str) -> None:
    """Tell that free credits of this grant expire soon, once (job `expiring_soon`, rules CR-7).

    Called when the notice period begins, and when credits come back to the grant within it.
    """
    grant = grant_of(unit, grant_id)
    if grant.expires_soon(unit.now) and not grant.announced:
        keep(unit, grant._replace(announced=True))
        unit.emit("credits.expiring_soon", grant.owner, grant_view(grant))


def sweep(unit: Unit, grant_id: str) -> None:
    """Book the expiry of what is free in this grant; twice changes nothing (job `grant_expiry`, CR-15)."""
    grant = grant_of(unit, grant_id)
    if grant.free == 0:
        return
    swept = keep(unit, grant.expire())
    allocation = Allocation(grant.id, grant.free)
    record(unit, grant.owner, "expire", [allocation], Reference("credit_grant", grant.id))
    unit.emit("credits.expired", grant.owner, grant_view(swept))


def default_expiry(source: GrantSource, now: datetime) -> datetime | None:
    """Twelve calendar months for what was bought, 90 days for a promotion, else never (rules CR-3)."""
    if source == "purchase":
        return a_year_after(now)
    return now + PROMO_LIFE if source == "promo" else None


def a_year_after(moment: datetime) -> datetime:
    """Twelve calendar months on; 29 February becomes the 28th."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, day=28)
