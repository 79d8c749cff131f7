"""Returning credits to the grants that they came from, or to a new one where that has expired (CR-13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.credits.model import Allocation, Grant, is_live

from .accounts import grant_of, keep
from .grants import GrantOrder, add, announce_expiry, plan_expiry
from .history import record

SECOND_LIFE = timedelta(days=30)
"""How long returned credits live whose own grant has expired (rules CR-13)."""


def give_back(
    unit: Unit,
    owner: str,
    parts: Sequence[Allocation],
    restored: Callable[[Grant, int], Grant],
    reference: Reference,
) -> None:
    """Put each part back by `restored` while its grant is live, else into a new grant; one entry for all."""
    grants = [_returned(unit, part, restored) for part in parts]
    record(
        unit,
        owner,
        "refund",
        [Allocation(grant.id, part.amount) for grant, part in zip(grants, parts, strict=True)],
        reference,
    )
    for grant, part in zip(grants, parts, strict=True):
        if grant.id == part.grant_id:
            announce_expiry(unit, grant.id)
        else:
            plan_expiry(unit, grant)


def _returned(unit: Unit, part: Allocation, restored: Callable[[Grant, int], Grant]) -> Grant:
    origin = grant_of(unit, part.grant_id)
    if is_live(origin, unit.now):
        return keep(unit, restored(origin, part.amount))
    order = GrantOrder(
        owner=origin.owner,
        amount=part.amount,
        source="refund",
        expires_at=unit.now + SECOND_LIFE,
        cost_basis=origin.cost_basis,
    )
    return add(unit, order)
