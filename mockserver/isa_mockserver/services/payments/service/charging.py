"""The ports of the other slices: charge now, open an intent, cancel one (rules P1, P2)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import INTENTS, OPEN, Intent
from isa_mockserver.services.ports import (
    Charge,
    ChargeOutcome,
    Declined,
    Processing,
    RequiresAction,
    Succeeded,
)

from .attempts import refusal, start_attempt
from .checks import charge_money
from .intents import store_intent, withdraw
from .methods import fitting_method, required_method


def charge_now(unit: Unit, charge: Charge) -> ChargeOutcome:
    """Charge a payment method now, through an intent of its own (the port ChargeNow).

    Raises:
        DomainError: `payment_method_not_found`, `payment_method_required`, `invalid_value` for a method
            that cannot pay for this, and the money errors for a bad amount or currency.
    """
    charge_money(charge.amount, charge.currency)
    method = fitting_method(required_method(unit, charge.owner, charge.payment_method_id), charge.type)
    intent = start_attempt(unit, store_intent(unit, charge), method, off_session=charge.off_session)
    return _outcome(unit, intent)


def open_intent(unit: Unit, charge: Charge) -> RequiresAction:
    """Make the intent of a charge, for the customer to confirm (the port OpenIntent).

    Raises:
        DomainError: the money errors for a bad amount or currency.
    """
    return _waits(store_intent(unit, charge))


def cancel_if_open(unit: Unit, payment_intent_id: str, reason: str) -> None:
    """Cancel an intent that nobody will pay any more (the port CancelIntent).

    Does nothing to one that is settled already or whose money is on its way: that still arrives, and
    PaymentSucceeded tells of it.
    """
    intent = unit.get(INTENTS, payment_intent_id)
    if intent and intent.status in OPEN:
        withdraw(unit, intent, reason)


def refunded_so_far(unit: Unit, payment_intent_id: str) -> int:
    """How much of a charge has gone back, in minor units (the port RefundedSoFar, rules RF-9)."""
    return _known(unit, payment_intent_id).amount_refunded


def credit_out(unit: Unit, payment_intent_id: str, amount: int) -> None:
    """Lower what a charge can still refund by a proration credit (the port CreditOut, rules RF-9)."""
    intent = _known(unit, payment_intent_id)
    unit.put(INTENTS, intent._replace(credits_granted=intent.credits_granted + amount))


def _outcome(unit: Unit, intent: Intent) -> ChargeOutcome:
    match intent.status:
        case "succeeded":
            return Succeeded(intent.id)
        case "requires_action":
            return _waits(intent)
        case "processing":
            return Processing(intent.id)
        case _:
            return Declined(intent.id, refusal(unit, intent))


def _waits(intent: Intent) -> RequiresAction:
    return RequiresAction(intent.id, intent.client_secret, intent.status)


def _known(unit: Unit, payment_intent_id: str) -> Intent:
    intent = unit.get(INTENTS, payment_intent_id)
    if intent is None:
        raise LookupError(f"no payment intent {payment_intent_id!r}")
    return intent
