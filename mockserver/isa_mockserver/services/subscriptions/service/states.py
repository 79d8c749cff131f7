"""Finding subscriptions, and moving them from state to state (rules 5.3, SB-2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from isa_mockserver.kernel.cards import METHODS
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.subscriptions.model.plans import Catalogue, Plan
from isa_mockserver.services.subscriptions.model.subscription import (
    ENDED,
    SUBSCRIPTIONS,
    TRANSITIONS,
    Status,
    Subscription,
)
from isa_mockserver.services.subscriptions.views import subscription_view

from .collaborators import Collaborators


def plan_of(catalogue: Catalogue, plan_id: str, *, param: str = "plan_id") -> Plan:
    """The plan of this id.

    Raises:
        DomainError: `plan_not_found`.
    """
    plan = catalogue.get(plan_id)
    if plan is None:
        raise DomainError(
            "plan_not_found",
            f"There is no plan {plan_id!r}; use one of {', '.join(catalogue)}.",
            param=param,
            context={"plans": list(catalogue)},
        )
    return plan


def check_method(payment_method_id: str | None) -> None:
    """Refuse a payment method that does not exist, where it is not charged at once (rules 2.1).

    Raises:
        DomainError: `payment_method_not_found`.
    """
    if payment_method_id is not None and payment_method_id not in METHODS:
        raise DomainError(
            "payment_method_not_found", "There is no such payment method.", param="payment_method_id"
        )


def newest(unit: Unit, owner: str) -> Subscription | None:
    """The user's subscription that has not ended, else the newest (rules SB-2)."""
    found = unit.find(SUBSCRIPTIONS, "owner", owner)
    return next((sub for sub in reversed(found) if sub.status not in ENDED), found[-1] if found else None)


def required(unit: Unit, owner: str) -> Subscription:
    """As `newest`.

    Raises:
        DomainError: `subscription_not_found`.
    """
    found = newest(unit, owner)
    if found is None:
        raise DomainError("subscription_not_found", "You have no subscription.")
    return found


def reread(unit: Unit, subscription_id: str) -> Subscription:
    """The row as it is now, after other slices may have changed it."""
    found = unit.get(SUBSCRIPTIONS, subscription_id)
    if found is None:
        raise LookupError(f"no subscription {subscription_id!r}")
    return found


def save(unit: Unit, sub: Subscription, **changes: Any) -> Subscription:
    """Store the row with these changes."""
    return unit.put(SUBSCRIPTIONS, sub._replace(**changes))


def moved(unit: Unit, sub: Subscription, status: Status, **changes: Any) -> Subscription:
    """Store the row in its next state; a move that the table does not know is a defect."""
    if status not in TRANSITIONS[sub.status]:
        raise LookupError(f"a subscription never goes from {sub.status} to {status}")
    return save(unit, sub, status=status, **changes)


def tell(
    unit: Unit,
    ports: Collaborators,
    event: str,
    sub: Subscription,
    previous: dict[str, Any] | None = None,
    *,
    position: int | None = None,
) -> None:
    """Emit an event of this subscription, with what an update changed."""
    view = partial(subscription_view, sub, ports.catalogue)
    unit.emit(event, sub.owner, view, previous, position=position)


def not_active(sub: Subscription) -> DomainError:
    """The 409 that tells the state which forbids what was asked."""
    code = "subscription_past_due" if sub.status == "past_due" else "subscription_not_active"
    return DomainError(
        code,
        f"The subscription is {sub.status}; this cannot be done to it.",
        context={"status": sub.status, "subscription_id": sub.id},
    )


def on_its_way(sub: Subscription) -> DomainError:
    """The 409 of what has to wait until a bank debit has settled or come back."""
    return DomainError(
        "payment_intent_unexpected_state",
        "A bank debit for this period is on its way; try again when it has settled.",
        context={"status": "processing", "subscription_id": sub.id},
    )
