"""What the billing service (8216) answers (rules section 10)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

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
    amount: MinorUnits | None = None
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
    subtotal: MinorUnits | None = None
    tax: MinorUnits | None = None
    total: MinorUnits
    customer_balance_applied: MinorUnits | None = None
    amount_due: MinorUnits | None = None
    amount_paid: MinorUnits | None = None
    amount_remaining: MinorUnits | None = None
    amount_refunded: MinorUnits | None = None
    due_date: date | None = None
    overdue: bool | None = None
    created_at: UtcDatetime | None = None
    finalized_at: UtcDatetime | None = None
    paid_at: UtcDatetime | None = None
    voided_at: UtcDatetime | None = None
    billing_reason: BillingReason | None = None
    subscription_id: str | None = None
    payment_intent_id: str | None = None
    latest_payment_intent: LatestPaymentIntent | None = None
    attempt_count: Count | None = None
    next_payment_attempt: UtcDatetime | None = None
    metadata: Metadata = Field(default_factory=dict)


class UsageQuota(Model):
    """How far the period's quota is used; ``limit`` and ``remaining`` are None where unlimited (QU-1)."""

    limit: Count | None = None
    used: Count
    remaining: Count | None = None
    exceeded: bool
    period_start: UtcDatetime | None = None
    period_end: UtcDatetime | None = None


class Quota(UsageQuota):
    """The answer to a quota check: ``allowed`` says whether the asked quantity still fits (rules QU-7)."""

    metric: str
    allowed: bool
    reset_at: UtcDatetime | None = None


class UsageRecord(Model):
    """One recorded usage (rules US-1). ``duplicate`` is True when the event was already known (US-4)."""

    usage_id: str
    metric: str
    quantity: Count
    timestamp: UtcDatetime
    recorded_at: UtcDatetime | None = None
    event_id: str | None = None
    duplicate: bool | None = None
    late: bool | None = None
    quota: UsageQuota | None = None
    metadata: Metadata = Field(default_factory=dict)


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
    detail: str | None = None


class UsageBatch(Model):
    """What became of a batch of usage events; each is judged alone (rules US-8)."""

    accepted: Count
    duplicates: Count
    rejected: list[UsageRejection]
