"""Rows as the API shows them, key by key (rules section 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.services.ports.invoicing import OrderLine

from .model.plans import METERED, Catalogue, Plan
from .model.subscription import PendingChange, Subscription

View = dict[str, Any]


def plan_view(plan: Plan) -> View:
    """A Plan; a quota of null is unlimited (rules A14)."""
    return {
        "id": plan.id,
        "name": plan.name,
        "price": plan.price,
        "interval": plan.interval,
        "quota": {METERED: plan.quota},
    }


def subscription_view(sub: Subscription, catalogue: Catalogue, *, secret: bool = False) -> View:
    """A Subscription (rules SB-1); with `secret`, the client secret of a waiting intent too (PI-3)."""
    return {
        "subscription_id": sub.id,
        "plan": plan_view(catalogue[sub.plan_id]),
        "status": sub.status,
        "current_period_start": format_time(sub.current_period_start),
        "current_period_end": format_time(sub.current_period_end),
        "billing_cycle_anchor": format_time(sub.anchor),
        "cancel_at_period_end": sub.cancel_at_period_end,
        "trial_end": _time(sub.trial_end),
        "created_at": format_time(sub.created_at),
        "canceled_at": _time(sub.canceled_at),
        "ended_at": _time(sub.ended_at),
        "cancellation_reason": sub.cancellation_reason,
        "latest_invoice_id": sub.latest_invoice_id,
        "latest_payment_intent": _awaiting(sub, secret=secret),
        "pending_change": _pending_view(sub.pending_change, catalogue),
    }


def line_view(line: OrderLine) -> View:
    """A line of a preview, as an invoice shows it."""
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount": line.quantity * line.unit_price,
        "period_start": _time(line.period_start),
        "period_end": _time(line.period_end),
    }


def _pending_view(pending: PendingChange | None, catalogue: Catalogue) -> View | None:
    if pending is None:
        return None
    return {
        "plan": plan_view(catalogue[pending.change.plan_id]),
        "plan_id": pending.change.plan_id,
        "invoice_id": pending.invoice_id,
        "expires_at": format_time(pending.expires_at),
    }


def _awaiting(sub: Subscription, *, secret: bool) -> View | None:
    if sub.awaiting is None:
        return None
    return {
        "payment_intent_id": sub.awaiting.payment_intent_id,
        "client_secret": sub.awaiting.client_secret if secret else None,
        "status": sub.awaiting.status,
    }


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None
