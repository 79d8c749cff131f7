"""Every move of an intent: its state, money, due work, attempt record and event, in one place (rules 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import (
    ATTEMPTS,
    AUTHENTICATION_WAITS,
    CAPTURE_WAITS,
    DEBIT_SETTLES_AFTER,
    EVENTS,
    INTENTS,
    TRANSITIONS,
    AttemptStatus,
    Intent,
    IntentStatus,
    PaymentError,
    Trigger,
)
from isa_mockserver.services.payments.views import payment_view
from isa_mockserver.services.ports import WalletDebited

from .booking import book
from .methods import method_of, remember_method

_DUE: Mapping[IntentStatus, tuple[str, timedelta]] = {
    "requires_action": ("authentication_expiry", AUTHENTICATION_WAITS),
    "processing": ("settlement", DEBIT_SETTLES_AFTER),
    "requires_capture": ("capture_expiry", CAPTURE_WAITS),
}
"""What falls due for an intent that stays in a state, and after how long."""

ATTEMPT_AFTER: Mapping[Trigger, AttemptStatus] = {
    "charged": "succeeded",
    "authorized": "requires_capture",
    "declined": "failed",
    "challenged": "requires_action",
    "debited": "processing",
    "settled": "succeeded",
    "returned": "failed",
    "authentication_failed": "failed",
    "captured": "succeeded",
    "canceled": "abandoned",
}
"""What happened -> the status of the attempt that it happened to."""


def unexpected_state(intent: Intent) -> DomainError:
    """The 409 that tells the state which forbids what was asked."""
    return DomainError(
        "payment_intent_unexpected_state",
        f"The payment intent is {intent.status}; this cannot be done to it.",
        context={"status": intent.status},
    )


def follow(
    unit: Unit,
    intent: Intent,
    trigger: Trigger,
    *,
    error: PaymentError | None = None,
    amount: int | None = None,
    **changes: Any,
) -> Intent:
    """Let the intent follow what happened, with everything that belongs to it.

    `error` is kept as the last payment error; `amount` is what was captured, where that is not all.

    Raises:
        DomainError: `payment_intent_unexpected_state`.
    """
    status = TRANSITIONS.get((intent.status, trigger))
    if status is None:
        raise unexpected_state(intent)
    if status == "succeeded":
        changes |= {"amount_received": intent.amount if amount is None else amount, "succeeded_at": unit.now}
    after = intent._replace(status=status, last_payment_error=error, **changes)
    unit.put(INTENTS, after)
    _reschedule(unit, intent, after)
    _record(unit, after, trigger)
    book(unit, after, trigger)
    if trigger in EVENTS:
        unit.emit(EVENTS[trigger], after.owner, partial(payment_view, after))
    if status == "succeeded":
        _succeed(unit, after)
    return after


def _reschedule(unit: Unit, before: Intent, after: Intent) -> None:
    if before.status in _DUE and before.status != after.status:
        unit.unplan(_DUE[before.status][0], before.id)
    if after.status in _DUE:
        kind, wait = _DUE[after.status]
        unit.plan(unit.now + wait, kind, after.id)


def _record(unit: Unit, intent: Intent, trigger: Trigger) -> None:
    attempt = unit.get(ATTEMPTS, intent.last_attempt_id) if intent.last_attempt_id else None
    status = ATTEMPT_AFTER.get(trigger)
    if attempt and status and attempt.status not in ("failed", status):
        unit.put(ATTEMPTS, attempt._replace(status=status, error=intent.last_payment_error))


def _succeed(unit: Unit, intent: Intent) -> None:
    method = method_of(intent)
    remember_method(unit, intent.owner, method.id)
    if method.rail == "wallet":
        unit.notify(
            WalletDebited(
                payment_intent_id=intent.id,
                owner=intent.owner,
                type=intent.type,
                amount=intent.amount_received,
                currency=intent.currency,
            )
        )
