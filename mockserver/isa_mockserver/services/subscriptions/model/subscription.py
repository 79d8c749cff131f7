"""The subscription, the stretches of its plans, and its state machine as data (rules 5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec, row
from isa_mockserver.services.ports.invoicing import PaymentRef

from .change import PlanChange

Status = Literal[
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "paused",
    "canceled",
]

FINALISATION_DELAY = timedelta(hours=1)
"""From a period's end to the charge, so that late usage can arrive (rules QU-5)."""
INCOMPLETE_FOR = timedelta(hours=23)
"""How long the first payment, or that of a plan change, is waited for (rules 5.3, CH-5)."""
UNPAID_FOR = timedelta(days=30)
"""From `unpaid` to the cancellation (rules 5.3)."""
TRIAL_NOTICE = timedelta(days=3)
"""How long before its end a trial is announced to end (rules 5.3)."""
MAX_TRIAL_DAYS = 30
"""Rules SB-5."""

LIVE: frozenset[Status] = frozenset({"trialing", "active", "past_due", "unpaid", "paused"})
"""The states of which a user has at most one subscription (rules SB-4)."""
ACCESS: frozenset[Status] = frozenset({"trialing", "active", "past_due"})
"""The states that grant the plan's service (rules 5.3)."""
ENDED: frozenset[Status] = frozenset({"canceled", "incomplete_expired"})
"""The terminal states."""

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    "incomplete": frozenset({"active", "incomplete_expired"}),
    "trialing": frozenset({"active", "past_due", "paused", "canceled"}),
    "active": frozenset({"past_due", "paused", "canceled"}),
    "past_due": frozenset({"active", "unpaid", "canceled"}),
    "unpaid": frozenset({"active", "canceled"}),
    "paused": frozenset({"active", "canceled"}),
    "canceled": frozenset(),
    "incomplete_expired": frozenset(),
}
"""State -> the states that may follow (rules 5.3)."""


@row
class Basis(NamedTuple):
    """What was charged for the span that runs: `amount` minor units for `seconds` seconds (rules 5.4).

    It counts once the invoice is `paid`; seconds, not dates, because a pause stretches the span.
    """

    amount: int
    seconds: int
    invoice_id: str | None = None
    paid: bool = False
    payment_intent_id: str | None = None


class PendingChange(NamedTuple):
    """A plan change that waits for its payment until `expires_at` (rules CH-5)."""

    change: PlanChange
    invoice_id: str
    expires_at: datetime


@row
class Subscription(NamedTuple):
    """One subscription. `current_period_end` = `anchor` + `period_number` intervals (rules PE-1).

    `draft_id` is the renewal's draft invoice in the hour before it is charged; `usage_billed_until` the
    end of the last period whose usage was invoiced; `remaining_seconds` what a pause leaves of the period
    (0: it was never paid); `awaiting` an intent that waits for the customer.
    """

    id: str
    owner: str
    created_at: datetime
    plan_id: str
    status: Status
    current_period_start: datetime
    current_period_end: datetime
    anchor: datetime
    period_number: int
    basis: Basis
    payment_method_id: str | None = None
    cancel_at_period_end: bool = False
    trial_end: datetime | None = None
    canceled_at: datetime | None = None
    ended_at: datetime | None = None
    cancellation_reason: str | None = None
    latest_invoice_id: str | None = None
    awaiting: PaymentRef | None = None
    pending_change: PendingChange | None = None
    draft_id: str | None = None
    usage_billed_until: datetime | None = None
    remaining_seconds: int | None = None


class PlanSpan(NamedTuple):
    """A stretch [start, end) in which a plan that is paid for was in force (rules QU-6).

    It counts in the period from `period_start` to `period_end`, which is None while a pause leaves the end
    open. `billed` tells whether use beyond the quota costs; in a trial it does not.
    """

    id: str
    owner: str
    created_at: datetime
    subscription_id: str
    plan_id: str
    start: datetime
    end: datetime
    period_start: datetime
    period_end: datetime | None
    billed: bool = True


SUBSCRIPTIONS = TableSpec("subscriptions", Subscription, ("owner",))
PLAN_SPANS = TableSpec("plan_spans", PlanSpan, ("owner", "subscription_id"))
