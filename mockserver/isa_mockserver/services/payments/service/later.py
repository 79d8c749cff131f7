"""What becomes of an intent without a request of its owner: by a control call or the clock (rules 2.3)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import AUTOMATIC, INTENTS, Intent

from .announcements import announce
from .attempts import Outcome, finish_authentication, finish_debit
from .intents import intent_not_found, withdraw
from .transitions import unexpected_state


def authenticate(unit: Unit, intent_id: str, outcome: Outcome) -> Intent:
    """End the customer's authentication, for the control call `/_mock/intents/{id}/authenticate`.

    After a success the issuer decides, so the intent may still be declined; either way the call succeeds.

    Raises:
        DomainError: `payment_intent_not_found`, `payment_intent_unexpected_state`.
    """
    intent = unit.get(INTENTS, intent_id)
    if intent is None:
        raise intent_not_found()
    if intent.status != "requires_action":
        raise unexpected_state(intent)
    finished = finish_authentication(unit, intent, outcome)
    announce(unit, finished)
    return finished


def settle_debit(unit: Unit, intent_id: str) -> None:
    """The job `settlement`: a bank debit settles or comes back (rules 2.1)."""
    if intent := _in(unit, intent_id, "processing"):
        announce(unit, finish_debit(unit, intent))


def expire_authentication(unit: Unit, intent_id: str) -> None:
    """The job `authentication_expiry`: nobody authenticated in time (rules PI-8)."""
    if intent := _in(unit, intent_id, "requires_action"):
        announce(unit, finish_authentication(unit, intent, "failure"))


def expire_capture(unit: Unit, intent_id: str) -> None:
    """The job `capture_expiry`: nobody captured in time, so the hold is released (rules 2.3)."""
    if intent := _in(unit, intent_id, "requires_capture"):
        withdraw(unit, intent, AUTOMATIC)


def _in(unit: Unit, intent_id: str, status: str) -> Intent | None:
    intent = unit.get(INTENTS, intent_id)
    return intent if intent and intent.status == status else None
