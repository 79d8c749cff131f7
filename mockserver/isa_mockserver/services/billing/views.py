"""Rows as the API shows them, key by key (rules section 10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from isa_mockserver.kernel.clock import format_time

from .model.invoice import Invoice, Line
from .model.quota import Quota
from .model.usage import UsageRecord

View = dict[str, Any]

_MIDNIGHT, _DAY = time(tzinfo=UTC), timedelta(days=1)


def overdue_from(invoice: Invoice) -> datetime | None:
    """The instant from which an open invoice is overdue: the day after its due date (rules BL-7)."""
    if invoice.due_date in (None, date.max):
        return None
    return datetime.combine(invoice.due_date, _MIDNIGHT) + _DAY


def invoice_view(invoice: Invoice, now: datetime, *, secret: bool = False) -> View:
    """An Invoice as it is at `now`; with `secret`, the client secret of a waiting intent too (PI-3)."""
    limit = overdue_from(invoice)
    total, due = invoice.total, invoice.amount_due
    return {
        "invoice_id": invoice.id,
        "number": invoice.number,
        "customer_id": invoice.owner,
        "status": invoice.status,
        "currency": invoice.currency,
        "items": [line_view(line) for line in invoice.lines],
        "subtotal": total - invoice.tax,
        "tax": invoice.tax,
        "total": total,
        "customer_balance_applied": invoice.balance_applied,
        "amount_due": due,
        "amount_paid": invoice.amount_paid,
        "amount_remaining": due - invoice.amount_paid,
        "amount_refunded": invoice.amount_refunded,
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "overdue": invoice.status == "open" and limit is not None and now >= limit,
        "created_at": format_time(invoice.created_at),
        "finalized_at": _time(invoice.finalized_at),
        "paid_at": _time(invoice.paid_at),
        "voided_at": _time(invoice.voided_at),
        "billing_reason": invoice.reason,
        "subscription_id": invoice.subscription_id,
        "payment_intent_id": invoice.payment_intent_id,
        "latest_payment_intent": _awaiting(invoice, secret=secret),
        "attempt_count": invoice.attempt_count,
        "next_payment_attempt": _time(invoice.next_payment_attempt),
        "metadata": dict(invoice.metadata),
    }


def line_view(line: Line) -> View:
    """A line of an invoice."""
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount": line.amount,
        "period_start": _time(line.period_start),
        "period_end": _time(line.period_end),
    }


def usage_view(record: UsageRecord, quota: Quota | None, *, duplicate: bool = False) -> View:
    """A UsageRecord with the quota as it stands (rules US-1)."""
    return {
        "usage_id": record.id,
        "metric": record.metric,
        "quantity": record.quantity,
        "timestamp": format_time(record.timestamp),
        "recorded_at": format_time(record.created_at),
        "event_id": record.event_id,
        "duplicate": duplicate,
        "late": record.late,
        "quota": quota_view(quota) if quota else None,
        "subscription_id": record.subscription_id,
        "corrects": record.corrects,
        "created_at": format_time(record.created_at),
        "metadata": dict(record.metadata),
    }


def quota_view(quota: Quota, quantity: int = 1) -> View:
    """A Quota; `allowed` tells whether `quantity` more may be used (rules QU-1, QU-7)."""
    return {
        "metric": quota.metric,
        "limit": quota.limit,
        "used": quota.used,
        "remaining": quota.remaining,
        "exceeded": quota.exceeded,
        "allowed": quota.allows(quantity),
        "period_start": format_time(quota.start),
        "period_end": format_time(quota.end),
        "reset_at": format_time(quota.end),
    }


def _awaiting(invoice: Invoice, *, secret: bool) -> View | None:
    payment = invoice.awaiting
    if payment is None:
        return None
    return {
        "payment_intent_id": payment.payment_intent_id,
        "client_secret": payment.client_secret if secret else None,
        "status": payment.status,
    }


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None
