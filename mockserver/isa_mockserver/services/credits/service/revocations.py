"""Taking credits back when the money for them goes back (rules CR-14)."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.credits.model import PURCHASES, Allocation, Grant, Purchase, is_live

from .accounts import balance_of, grant_of, keep
from .give_back import give_back
from .history import record


def credits_for(purchase: Purchase, money: int) -> int:
    """How many credits of the purchase this much of its price stands for, rounded up."""
    return -(-money * purchase.credits // purchase.amount)


def check_revocable(unit: Unit, purchase_id: str, money: int) -> None:
    """Refuse a refund whose credits are not free any more.

    Raises:
        DomainError: `credits_already_consumed`.
    """
    purchase, grant = _bought(unit, purchase_id)
    required = _change(purchase, money)
    free = grant.free if is_live(grant, unit.now) else 0
    if free < required:
        raise DomainError(
            "credits_already_consumed",
            f"The refund takes {required} credits back, but only {free} of this purchase are left.",
            context={"required": required, "available": free},
        )


def revoke(unit: Unit, purchase_id: str, money: int) -> None:
    """Take back what the refund of `money` minor units stands for, from that purchase's grant only.

    Counted from the sum of all refunds, so that many small ones take no more than one large one.
    """
    purchase, grant = _bought(unit, purchase_id)
    taken = _change(purchase, money)
    if taken > 0:
        keep(unit, grant.revoke(taken, unit.now))
        record(unit, purchase.owner, "revoke", [Allocation(grant.id, taken)], _reference(purchase))
    _note(unit, purchase, money, taken)


def reinstate(unit: Unit, purchase_id: str, money: int) -> None:
    """Give back what a refund of `money` took, because that refund failed (rules RF-2)."""
    purchase, grant = _bought(unit, purchase_id)
    returned = -_change(purchase, -money)
    if returned > 0:
        parts = [Allocation(grant.id, returned)]
        give_back(unit, purchase.owner, parts, Grant.reinstate, _reference(purchase))
    _note(unit, purchase, -money, -returned)


def _bought(unit: Unit, purchase_id: str) -> tuple[Purchase, Grant]:
    purchase = unit.get(PURCHASES, purchase_id)
    if purchase is None or purchase.grant_id is None:
        raise LookupError(f"{purchase_id} was never paid, so it cannot be refunded")
    return purchase, grant_of(unit, purchase.grant_id)


def _change(purchase: Purchase, money: int) -> int:
    return credits_for(purchase, purchase.money_refunded + money) - purchase.revoked


def _note(unit: Unit, purchase: Purchase, money: int, taken: int) -> None:
    unit.put(
        PURCHASES,
        purchase._replace(
            money_refunded=purchase.money_refunded + money,
            revoked=purchase.revoked + taken,
            balance=balance_of(unit, purchase.owner),
        ),
    )


def _reference(purchase: Purchase) -> Reference:
    return Reference("credit_purchase", purchase.id)
