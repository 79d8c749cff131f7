"""Example invoices and quotas."""

from __future__ import annotations

from collections.abc import Mapping

from .example import Example, Maker, Object

_OPEN = {"status": "open", "paid_at": None, "amount_paid": 0, "amount_remaining": 10_000}
_DRAFT = {**_OPEN, "status": "draft", "number": None, "finalized_at": None, "attempt_count": 0}


def _invoice(example: Example, **changes: object) -> Object:
    line = {
        "description": "API Usage - January",
        "quantity": 10_000,
        "unit_price": 1,
        "amount": 10_000,
        "period_start": None,
        "period_end": None,
    }
    invoice = {
        "invoice_id": example.new_id("in"),
        "number": f"INV-{example.now.year}-000001",
        "customer_id": example.user,
        "status": "paid",
        "currency": "usd",
        "items": [line],
        "subtotal": 10_000,
        "tax": 0,
        "total": 10_000,
        "customer_balance_applied": 0,
        "amount_due": 10_000,
        "amount_paid": 10_000,
        "amount_remaining": 0,
        "amount_refunded": 0,
        "due_date": example.at(days=30)[:10],
        "overdue": False,
        "created_at": example.at(),
        "finalized_at": example.at(),
        "paid_at": example.at(),
        "voided_at": None,
        "billing_reason": "manual",
        "subscription_id": None,
        "payment_intent_id": None,
        "latest_payment_intent": None,
        "attempt_count": 1,
        "next_payment_attempt": None,
        "metadata": {},
    }
    return {**invoice, **changes}


def _quota(example: Example, used: int) -> Object:
    month = example.now.replace(day=1, hour=0, minute=0, second=0)
    following = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    start, end = (each.isoformat().replace("+00:00", "Z") for each in (month, following))
    return {
        "metric": "api_calls",
        "limit": 1_000,
        "used": used,
        "remaining": max(0, 1_000 - used),
        "exceeded": used >= 1_000,
        "allowed": used < 1_000,
        "period_start": start,
        "period_end": end,
        "reset_at": end,
    }


BILLING: Mapping[str, Maker] = {
    "invoice.created": lambda e: _invoice(e, **_DRAFT),
    "invoice.updated": lambda e: _invoice(e, **_DRAFT),
    "invoice.deleted": lambda e: _invoice(e, **_DRAFT),
    "invoice.finalized": lambda e: _invoice(e, **_OPEN, attempt_count=0),
    "invoice.paid": _invoice,
    "invoice.payment_failed": lambda e: _invoice(
        e, **_OPEN, payment_intent_id=e.new_id("pi"), next_payment_attempt=e.at(days=3)
    ),
    "invoice.voided": lambda e: _invoice(
        e, **{**_OPEN, "status": "void", "amount_remaining": 0, "voided_at": e.at()}, attempt_count=0
    ),
    "invoice.marked_uncollectible": lambda e: _invoice(e, **{**_OPEN, "status": "uncollectible"}),
    "invoice.overdue": lambda e: _invoice(
        e, **_OPEN, attempt_count=0, overdue=True, due_date=e.at(days=-1)[:10], created_at=e.at(days=-31)
    ),
    "usage.quota_warning": lambda e: _quota(e, 800),
    "usage.quota_exceeded": lambda e: _quota(e, 1_000),
}
"""Event type -> its example."""
