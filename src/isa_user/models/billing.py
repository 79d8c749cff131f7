"""What the billing service (8216) answers (rules section 10)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from isa_user.models.common import (
    Count,
    LatestPaymentIntent,
    Metadata,
    MinorUnits,
    Model,
    UtcDatetime,
)

__all__ = [
    "Invoice",
    "InvoiceItem",
    "Quota",
    "UsageBatch",
    "UsageQuota",
    "UsageRecord",
    "UsageRejection",
    "UsageSummary",
    "UsageWindow",
]

InvoiceStatus = Literal["draft", "open", "paid", "void", "uncollectible"] | str
BillingReason = Literal["manual", "subscription_create", "subscription_cycle", "subscription_update"] | str


class InvoiceItem(Model):
    """One line of an invoice: ``amount = quantity * unit_price``, in minor units (rules BL-3)."""

    description: str
    quantity: Count
    unit_price: MinorUnits
    amount: MinorUnits
    period_start: UtcDatetime | None = None
    period_end: UtcDatetime | None = None


class Invoice(Model):
    """An invoice (rules 4.1). Amounts in minor units; ``overdue`` is derived, not a status (BL-7)."""

    invoice_id: str
    number: str | None = None
    customer_id: str
    status: InvoiceStatus
    currency: str
    items: list[InvoiceItem]
    subtotal: MinorUnits
    tax: MinorUnits
    total: MinorUnits
    customer_balance_applied: MinorUnits
    amount_due: MinorUnits
    amount_paid: MinorUnits
    amount_remaining: MinorUnits
    amount_refunded: MinorUnits
    due_date: date | None = None
    overdue: bool
    created_at: UtcDatetime
    finalized_at: UtcDatetime | None = None
    paid_at: UtcDatetime | None = None
    voided_at: UtcDatetime | None = None
    billing_reason: BillingReason
    subscription_id: str | None = None
    payment_intent_id: str | None = None
    latest_payment_intent: LatestPaymentIntent | None = None
    attempt_count: Count
    next_payment_attempt: UtcDatetime | None = None
    metadata: Metadata


class UsageQuota(Model):
    """How far the period's quota is used; ``limit`` and ``remaining`` are None where unlimited (QU-1)."""

    limit: Count | None = None
    used: Count
    remaining: Count | None = None
    exceeded: bool
    period_start: UtcDatetime
    period_end: UtcDatetime


class Quota(UsageQuota):
    """The answer to a quota check: ``allowed`` says whether the asked quantity still fits (rules QU-7)."""

    metric: str
    allowed: bool
    reset_at: UtcDatetime


class UsageRecord(Model):
    """One recorded usage (rules US-1). ``duplicate`` is True when the event was already known (US-4).

    ``late`` marks usage older than 35 days, or of a period that was billed already (US-5). ``quota`` is
    None for a metric that has none; ``corrects`` names the record that an admin's correction is for.
    """

    usage_id: str
    metric: str
    quantity: Count
    timestamp: UtcDatetime
    recorded_at: UtcDatetime
    event_id: str | None = None
    duplicate: bool
    late: bool
    quota: UsageQuota | None
    subscription_id: str | None = None
    corrects: str | None = None
    metadata: Metadata
    created_at: UtcDatetime


class UsageWindow(Model):
    """The quantity used in ``[start, end)``."""

    start: UtcDatetime
    end: UtcDatetime
    quantity: Count


class UsageSummary(Model):
    """Usage added up by window, zero-filled (rules US-7)."""

    metric: str
    start: UtcDatetime
    end: UtcDatetime
    window: Literal["hour", "day", "month"] | str
    total: Count
    data: list[UsageWindow]


class UsageRejection(Model):
    """One event of a batch that was refused."""

    index: Count
    code: str
    detail: str


class UsageBatch(Model):
    """What became of a batch of usage events; each is judged alone (rules US-8)."""

    accepted: Count
    duplicates: Count
    rejected: list[UsageRejection]
