"""What the subscription service (8228) answers (rules section 10)."""

from __future__ import annotations

from typing import Literal

from isa_user.models.billing import InvoiceItem
from isa_user.models.common import Count, LatestPaymentIntent, MinorUnits, Model, UtcDatetime

__all__ = ["ChangePreview", "PendingChange", "Plan", "PlanQuota", "Subscription"]

SubscriptionStatus = (
    Literal[
        "incomplete",
        "incomplete_expired",
        "trialing",
        "active",
        "past_due",
        "unpaid",
        "paused",
        "canceled",
    ]
    | str
)


class PlanQuota(Model):
    """What a plan includes a period; None means unlimited."""

    api_calls: Count | None = None


class Plan(Model):
    """A plan of the catalogue (rules 5.1). ``price`` in minor units per ``interval``."""

    id: str
    name: str
    price: MinorUnits
    interval: Literal["month", "year"] | str
    quota: PlanQuota | None = None


class PendingChange(Model):
    """A plan change that waits for its payment and is dropped at ``expires_at`` (rules CH-5)."""

    plan: Plan | None = None
    plan_id: str | None = None
    invoice_id: str | None = None
    expires_at: UtcDatetime | None = None


class Subscription(Model):
    """A user's subscription (rules SB-1). Access is granted in trialing, active and past_due."""

    subscription_id: str
    plan: Plan
    status: SubscriptionStatus
    current_period_start: UtcDatetime | None = None
    current_period_end: UtcDatetime
    billing_cycle_anchor: UtcDatetime | None = None
    cancel_at_period_end: bool
    trial_end: UtcDatetime | None = None
    created_at: UtcDatetime | None = None
    canceled_at: UtcDatetime | None = None
    ended_at: UtcDatetime | None = None
    cancellation_reason: str | None = None
    latest_invoice_id: str | None = None
    latest_payment_intent: LatestPaymentIntent | None = None
    pending_change: PendingChange | None = None


class ChangePreview(Model):
    """What a plan change would cost at this instant (rules CH-10). Amounts in minor units.

    ``direction`` compares the prices of a year (rules CH-11).
    """

    lines: list[InvoiceItem]
    total: MinorUnits
    amount_due: MinorUnits
    effective_at: UtcDatetime
    period_end: UtcDatetime
    direction: Literal["upgrade", "downgrade", "lateral"] | str | None = None
