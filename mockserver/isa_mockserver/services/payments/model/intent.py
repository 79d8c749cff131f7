"""The payment intent, its attempts, and its state machine as data (rules 2.2, 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from isa_mockserver.kernel.chart import Account
from isa_mockserver.kernel.hiding import shown
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.store import TableSpec, row
from isa_mockserver.services.ports import PaymentType

IntentStatus = Literal[
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
    "succeeded",
    "canceled",
]
Trigger = Literal[
    "attached",
    "charged",
    "authorized",
    "declined",
    "challenged",
    "debited",
    "settled",
    "returned",
    "authentication_failed",
    "captured",
    "canceled",
]
CaptureMethod = Literal["automatic", "manual"]
CancellationReason = Literal["duplicate", "fraudulent", "requested_by_customer", "abandoned"]
AttemptStatus = Literal[
    "requires_action", "processing", "requires_capture", "succeeded", "failed", "abandoned"
]

MAX_ATTEMPTS = 10
"""Attempts on one intent (rules PI-5)."""
DEBIT_SETTLES_AFTER = timedelta(days=3)
"""Clock time until a bank debit settles or comes back (rules 2.1)."""
AUTHENTICATION_WAITS = timedelta(hours=1)
"""How long an intent waits in `requires_action` (rules PI-8)."""
CAPTURE_WAITS = timedelta(days=7)
"""How long an authorisation holds before it is released (rules 2.3)."""
AUTOMATIC = "automatic"
"""The cancellation reason of an authorisation that nobody captured (rules 2.3)."""

WAITING: tuple[IntentStatus, ...] = ("requires_payment_method", "requires_confirmation", "requires_action")
"""The states in which an intent can be confirmed."""
OPEN: tuple[IntentStatus, ...] = (*WAITING, "requires_capture")
"""The states in which an intent can be changed or canceled."""

_CHARGED: Mapping[Trigger, IntentStatus] = {
    "charged": "succeeded",
    "authorized": "requires_capture",
    "declined": "requires_payment_method",
    "challenged": "requires_action",
    "debited": "processing",
}
TRANSITIONS: Mapping[tuple[IntentStatus, Trigger], IntentStatus] = {
    **{(status, trigger): after for status in WAITING for trigger, after in _CHARGED.items()},
    ("requires_payment_method", "attached"): "requires_confirmation",
    ("requires_confirmation", "attached"): "requires_confirmation",
    ("requires_action", "authentication_failed"): "requires_payment_method",
    ("processing", "settled"): "succeeded",
    ("processing", "returned"): "requires_payment_method",
    ("requires_capture", "captured"): "succeeded",
    **{(status, "canceled"): "canceled" for status in OPEN},
}
"""(State, what happened) -> next state; what is not here answers 409 (rules 2.3)."""

EVENTS: Mapping[Trigger, str] = {
    "charged": "payment.succeeded",
    "declined": "payment.failed",
    "challenged": "payment.requires_action",
    "debited": "payment.processing",
    "settled": "payment.succeeded",
    "returned": "payment.failed",
    "authentication_failed": "payment.failed",
    "captured": "payment.succeeded",
    "canceled": "payment.canceled",
}
"""What happened -> the one event that tells of it (rules 2.3, WH-2)."""


class PaymentError(NamedTuple):
    """Why the last attempt failed: never card data (rules 2.1)."""

    code: str
    decline_code: str | None
    message: str


@row
class Intent(NamedTuple):
    """One payment from creation to its end. Amounts in minor units of `currency`.

    `destination` receives the money; a bank debit waits in `pending_destination` where there is one.
    `credits_granted` is proration credit that was granted out of this charge (rules RF-9).
    """

    id: str
    owner: str
    created_at: datetime
    client_secret: str
    amount: int
    currency: str
    type: PaymentType
    destination: Account
    metadata: Mapping[str, str]
    pending_destination: Account | None = None
    reference: Reference | None = None
    description: str | None = None
    capture_method: CaptureMethod = "automatic"
    status: IntentStatus = "requires_payment_method"
    payment_method_id: str | None = None
    amount_received: int = 0
    amount_refunded: int = 0
    credits_granted: int = 0
    attempt_count: int = 0
    last_attempt_id: str | None = None
    last_payment_error: PaymentError | None = None
    succeeded_at: datetime | None = None
    canceled_at: datetime | None = None
    cancellation_reason: str | None = None

    def __repr__(self) -> str:
        return shown(self, "client_secret")


@row
class Attempt(NamedTuple):
    """One try to take the money of an intent by one payment method (rules PI-5)."""

    id: str
    owner: str
    created_at: datetime
    payment_intent_id: str
    payment_method_id: str
    status: AttemptStatus
    error: PaymentError | None = None


INTENTS = TableSpec("payment_intents", Intent, ("owner",))
ATTEMPTS = TableSpec("payment_attempts", Attempt, ("payment_intent_id",))
