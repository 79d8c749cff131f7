"""Attempts to take the money of an intent: what the issuer says, now and later (rules 2.1, 2.3)."""

from __future__ import annotations

from typing import Literal, NamedTuple

from isa_mockserver.kernel.cards import BANK_DEBIT_FAILED, Decline, TestMethod
from isa_mockserver.kernel.chart import wallet_available
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import (
    ATTEMPTS,
    MAX_ATTEMPTS,
    Attempt,
    Intent,
    PaymentError,
    Trigger,
)

from .methods import WALLET_SHORTFALL, method_of
from .transitions import ATTEMPT_AFTER, follow

Verdict = tuple[Trigger, Decline | None]
Outcome = Literal["success", "failure"]

AUTHENTICATION_FAILED = Decline(
    "authentication_failed", None, "The card's holder did not authenticate the payment."
)


def judge(unit: Unit, intent: Intent, method: TestMethod, *, off_session: bool) -> Verdict:
    """What happens when this method is charged for the intent now (rules 2.1)."""
    if method.rail == "wallet":
        enough = unit.balance(wallet_available(intent.owner), intent.currency) >= intent.amount
        return ("charged", None) if enough else ("declined", WALLET_SHORTFALL)
    if method.rail == "bank":
        return "debited", None
    if off_session and method.off_session_decline:
        return "declined", method.off_session_decline
    if method.needs_authentication:
        return "challenged", None
    return _issuer_says(intent, method)


def start_attempt(unit: Unit, intent: Intent, method: TestMethod, *, off_session: bool = False) -> Intent:
    """Charge the method; the intent follows the issuer's answer, whatever it is (rules P2, PI-5).

    Raises:
        DomainError: `too_many_attempts`.
    """
    if intent.attempt_count >= MAX_ATTEMPTS:
        raise DomainError(
            "too_many_attempts",
            f"An intent takes {MAX_ATTEMPTS} attempts at most; create a new one.",
            context={"status": intent.status},
        )
    _abandon_open_attempt(unit, intent)
    trigger, decline = judge(unit, intent, method, off_session=off_session)
    error = _error(decline)
    attempt = Attempt(
        id=unit.new_id("att"),
        owner=intent.owner,
        created_at=unit.now,
        payment_intent_id=intent.id,
        payment_method_id=method.id,
        status=ATTEMPT_AFTER[trigger],
        error=error,
    )
    unit.put(ATTEMPTS, attempt)
    return follow(
        unit,
        intent,
        trigger,
        error=error,
        payment_method_id=method.id,
        attempt_count=intent.attempt_count + 1,
        last_attempt_id=attempt.id,
    )


def finish_authentication(unit: Unit, intent: Intent, outcome: Outcome) -> Intent:
    """End the customer's authentication; the issuer then still decides (rules 2.3)."""
    if outcome == "failure":
        return follow(unit, intent, "authentication_failed", error=_error(AUTHENTICATION_FAILED))
    trigger, decline = _issuer_says(intent, method_of(intent))
    return follow(unit, intent, trigger, error=_error(decline))


def finish_debit(unit: Unit, intent: Intent) -> Intent:
    """Settle or return a bank debit, as its test method does (rules 2.1)."""
    if method_of(intent).settles:
        return follow(unit, intent, "settled")
    return follow(unit, intent, "returned", error=_error(BANK_DEBIT_FAILED))


def refusal(unit: Unit, intent: Intent) -> DomainError:
    """The 402 of an intent whose last attempt failed; returned, not raised, so that it stays (P2)."""
    error = intent.last_payment_error
    if error is None:
        raise LookupError(f"the last attempt of {intent.id} did not fail")
    context: dict[str, object] = {"payment_intent_id": intent.id}
    if error.code == WALLET_SHORTFALL.code:
        available = unit.balance(wallet_available(intent.owner), intent.currency)
        context |= {
            "available": available,
            "required": intent.amount,
            "shortfall": intent.amount - available,
        }
    return DomainError(error.code, error.message, decline_code=error.decline_code, context=context)


class Tried(NamedTuple):
    """An intent after an attempt; `error` is the 402 to answer with where the attempt was declined."""

    intent: Intent
    error: DomainError | None = None


def tried(unit: Unit, intent: Intent) -> Tried:
    """The intent with its 402, if its attempt was declined."""
    declined = intent.status == "requires_payment_method"
    return Tried(intent, refusal(unit, intent) if declined else None)


def _issuer_says(intent: Intent, method: TestMethod) -> Verdict:
    if method.decline:
        return "declined", method.decline
    return ("authorized" if intent.capture_method == "manual" else "charged"), None


def _abandon_open_attempt(unit: Unit, intent: Intent) -> None:
    open_attempt = unit.get(ATTEMPTS, intent.last_attempt_id) if intent.last_attempt_id else None
    if open_attempt and open_attempt.status == "requires_action":
        unit.put(ATTEMPTS, open_attempt._replace(status="abandoned"))


def _error(decline: Decline | None) -> PaymentError | None:
    return PaymentError(decline.code, decline.decline_code, decline.message) if decline else None
