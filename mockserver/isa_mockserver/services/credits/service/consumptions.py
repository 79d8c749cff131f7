"""Spending credits, and giving spent ones back (rules CR-8, CR-13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.money import positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.credits.model import (
    CONSUMPTIONS,
    MAX_CREDITS,
    Allocation,
    Consumption,
    Grant,
    allocate,
)
from isa_mockserver.services.credits.views import consumption_view

from .accounts import balance_of, grant_of, keep, live_grants, require_available
from .give_back import give_back
from .history import record


def consume(unit: Unit, *, owner: str, amount: int, reason: str, metadata: Mapping[str, str]) -> Consumption:
    """Spend `amount` free credits in burn order, all or none (heading "Use Credits", rules CR-5, CR-8).

    Raises:
        DomainError: `invalid_amount`, `amount_too_large`, `insufficient_credits`.
    """
    positive_amount(amount, maximum=MAX_CREDITS)
    require_available(unit, owner, amount)
    allocations = allocate(live_grants(unit, owner), amount)
    for part in allocations:
        keep(unit, grant_of(unit, part.grant_id).spend(part.amount))
    consumption_id = unit.new_id("con")
    record(unit, owner, "consume", allocations, _reference(consumption_id))
    consumption = unit.put(
        CONSUMPTIONS,
        Consumption(
            id=consumption_id,
            owner=owner,
            created_at=unit.now,
            amount=amount,
            reason=reason,
            metadata=metadata,
            allocations=allocations,
            balance=balance_of(unit, owner),
        ),
    )
    unit.emit("credits.consumed", owner, consumption_view(consumption))
    return consumption


def refund_consumption(unit: Unit, *, owner: str, consumption_id: str, amount: int | None) -> Consumption:
    """Give spent credits back, by default all that were not given back yet (rules CR-13).

    Raises:
        DomainError: `invalid_amount`, `consumption_not_found`, `refund_exceeds_remaining`.
    """
    if amount is not None:
        positive_amount(amount, maximum=MAX_CREDITS)
    consumption = _own(unit, owner, consumption_id)
    remaining = consumption.amount - consumption.refunded
    returned = remaining if amount is None else amount
    if returned > remaining or remaining == 0:
        raise DomainError(
            "refund_exceeds_remaining",
            f"{remaining} credits of this consumption can still be refunded.",
            param="amount",
            context={"remaining": remaining},
        )
    parts = tuple(last_spent(consumption.allocations, consumption.refunded, returned))
    told_first = unit.event_position()
    give_back(unit, owner, parts, Grant.restore, _reference(consumption_id))
    refunded = unit.put(
        CONSUMPTIONS,
        consumption._replace(refunded=consumption.refunded + returned, balance=balance_of(unit, owner)),
    )
    unit.emit("credits.refunded", owner, consumption_view(refunded), position=told_first)
    return refunded


def last_spent(allocations: Sequence[Allocation], already_refunded: int, amount: int) -> Iterator[Allocation]:
    """`amount` credits of the allocations from the last spent backwards, after those refunded before."""
    skip = already_refunded
    for part in reversed(allocations):
        skipped = min(part.amount, skip)
        taken = min(part.amount - skipped, amount)
        if taken > 0:
            yield Allocation(part.grant_id, taken)
        skip -= skipped
        amount -= taken


def _own(unit: Unit, owner: str, consumption_id: str) -> Consumption:
    consumption = unit.get(CONSUMPTIONS, consumption_id)
    if consumption is None or consumption.owner != owner:
        raise DomainError("consumption_not_found", "There is no such consumption.")
    return consumption


def _reference(consumption_id: str) -> Reference:
    return Reference("credit_consumption", consumption_id)
