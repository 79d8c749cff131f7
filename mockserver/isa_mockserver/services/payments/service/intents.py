"""Intents: create, find, confirm, change, capture, cancel (rules 2.2, 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from isa_mockserver.kernel.chart import revenue
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.money import card_amount, positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import (
    INTENTS,
    OPEN,
    WAITING,
    CaptureMethod,
    Intent,
)
from isa_mockserver.services.payments.model.payment import HISTORY, HistoryEntry
from isa_mockserver.services.payments.views import payment_view
from isa_mockserver.services.ports import Charge

from .announcements import announce
from .attempts import Tried, start_attempt, tried
from .checks import charge_money
from .methods import fitting_method, required_method
from .transitions import follow, unexpected_state


def store_intent(
    unit: Unit,
    order: Charge,
    *,
    intent_id: str | None = None,
    metadata: Mapping[str, str] | None = None,
    capture_method: CaptureMethod = "automatic",
) -> Intent:
    """A new intent for the order, in `requires_payment_method`, with its place in the history.

    Raises:
        DomainError: the amount or currency cannot be charged.
    """
    id_ = intent_id or unit.new_id("pi")
    intent = Intent(
        id=id_,
        owner=order.owner,
        created_at=unit.now,
        client_secret=f"{id_}_secret_{unit.new_secret('client_secret', id_)}",
        amount=order.amount,
        currency=charge_money(order.amount, order.currency),
        type=order.type,
        destination=order.destination,
        pending_destination=order.pending_destination,
        reference=order.reference,
        description=order.description,
        metadata=metadata or {},
        capture_method=capture_method,
    )
    unit.put(HISTORY, HistoryEntry(intent.id, intent.owner, intent.created_at))
    unit.put(INTENTS, intent)
    unit.emit("payment.created", intent.owner, partial(payment_view, intent))
    return intent


def create_intent(
    unit: Unit,
    owner: str,
    amount: int,
    currency: str,
    *,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
    payment_method_id: str | None = None,
    confirm: bool = False,
    capture_method: CaptureMethod = "automatic",
) -> Tried:
    """Create an intent of the user's own, and confirm it where that is asked (rules PI-1, PI-4).

    `amount` is in minor units.

    Raises:
        DomainError: a bad amount or currency, `payment_method_not_found`, `payment_method_required`.
    """
    order = _own_order(owner, amount, currency, description)
    intent = store_intent(unit, order, metadata=metadata, capture_method=capture_method)
    if payment_method_id:
        fitting_method(payment_method_id, intent.type, intent.capture_method)
        intent = follow(unit, intent, "attached", payment_method_id=payment_method_id)
    return _confirm(unit, intent, None) if confirm else Tried(intent)


def seed_intent(
    unit: Unit, *, intent_id: str, owner: str, amount: int, currency: str, description: str | None = None
) -> Intent:
    """An intent of a given id for a fixture; the Unit should be quiet (rules PI-3, WH-3b)."""
    return store_intent(unit, _own_order(owner, amount, currency, description), intent_id=intent_id)


def find_intent(unit: Unit, owner: str, intent_id: str) -> Intent:
    """The user's intent.

    Raises:
        DomainError: `payment_intent_not_found`, for another user's as for an unknown one (rules P4).
    """
    intent = unit.get(INTENTS, intent_id)
    if intent is None or intent.owner != owner:
        raise intent_not_found()
    return intent


def intent_not_found() -> DomainError:
    """The 404 of an unknown or foreign intent."""
    return DomainError("payment_intent_not_found", "There is no such payment intent.")


def confirm_intent(unit: Unit, owner: str, intent_id: str, payment_method_id: str | None = None) -> Tried:
    """Try to take the intent's money; a decline is a result with the 402 in it (rules 2.3, PI-5).

    Raises:
        DomainError: `payment_intent_not_found`, `payment_method_not_found`, `payment_method_required`,
            `payment_intent_unexpected_state`, `too_many_attempts`.
    """
    intent = find_intent(unit, owner, intent_id)
    result = _confirm(unit, intent, payment_method_id)
    if result.intent is not intent:
        announce(unit, result.intent)
    return result


def update_intent(
    unit: Unit,
    owner: str,
    intent_id: str,
    *,
    payment_method_id: str | None = None,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Intent:
    """Change what is given of an open intent; a method can be attached before an attempt is under way (2.3).

    Raises:
        DomainError: `payment_intent_not_found`, `payment_method_not_found`,
            `payment_intent_unexpected_state`.
    """
    intent = find_intent(unit, owner, intent_id)
    if payment_method_id:
        fitting_method(payment_method_id, intent.type, intent.capture_method)
    if intent.status not in OPEN:
        raise unexpected_state(intent)
    changed = intent._replace(
        description=intent.description if description is None else description,
        metadata=intent.metadata if metadata is None else metadata,
    )
    if payment_method_id:
        attached = follow(unit, changed, "attached", payment_method_id=payment_method_id)
        announce(unit, attached)
        return attached
    return unit.put(INTENTS, changed)


def capture_intent(unit: Unit, owner: str, intent_id: str, amount: int | None = None) -> Intent:
    """Take the held money, or `amount` minor units of it and release the rest (rules 2.3).

    Raises:
        DomainError: `payment_intent_not_found`, `payment_intent_unexpected_state`, `invalid_amount`,
            `amount_too_large`.
    """
    if amount is not None:
        positive_amount(amount)
    intent = find_intent(unit, owner, intent_id)
    if intent.status != "requires_capture":
        raise unexpected_state(intent)
    if amount is not None:
        card_amount(positive_amount(amount, maximum=intent.amount), intent.currency)
    captured = follow(unit, intent, "captured", amount=amount)
    announce(unit, captured)
    return captured


def cancel_intent(unit: Unit, owner: str, intent_id: str, reason: str | None = None) -> Intent:
    """Cancel the user's open intent (rules 2.3).

    Raises:
        DomainError: `payment_intent_not_found`, `payment_intent_unexpected_state`.
    """
    canceled = withdraw(unit, find_intent(unit, owner, intent_id), reason)
    announce(unit, canceled)
    return canceled


def withdraw(unit: Unit, intent: Intent, reason: str | None) -> Intent:
    """Cancel an open intent for whatever reason.

    Raises:
        DomainError: `payment_intent_unexpected_state`.
    """
    return follow(
        unit,
        intent,
        "canceled",
        error=intent.last_payment_error,
        canceled_at=unit.now,
        cancellation_reason=reason,
    )


def _own_order(owner: str, amount: int, currency: str, description: str | None) -> Charge:
    return Charge(
        owner=owner,
        amount=amount,
        currency=currency,
        type="payment",
        destination=revenue("payments"),
        description=description,
    )


def _confirm(unit: Unit, intent: Intent, payment_method_id: str | None) -> Tried:
    given = payment_method_id
    if given:
        fitting_method(given, intent.type, intent.capture_method)
    if intent.status not in WAITING:
        raise unexpected_state(intent)
    if intent.status == "requires_action" and given in (None, intent.payment_method_id):
        return Tried(intent)
    attached = intent.payment_method_id if intent.status == "requires_confirmation" else None
    chosen = required_method(unit, intent.owner, given or attached)
    method = fitting_method(chosen, intent.type, intent.capture_method)
    return tried(unit, start_attempt(unit, intent, method))
