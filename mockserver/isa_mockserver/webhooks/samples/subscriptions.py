"""Example subscriptions."""

from __future__ import annotations

from collections.abc import Mapping

from .example import Example, Maker, Object

_PRO = {
    "id": "plan_pro_monthly",
    "name": "Pro Monthly",
    "price": 2_999,
    "interval": "month",
    "quota": {"api_calls": 50_000},
}


def _subscription(example: Example, **changes: object) -> Object:
    subscription = {
        "subscription_id": example.new_id("sub"),
        "plan": _PRO,
        "status": "active",
        "current_period_start": example.at(),
        "current_period_end": example.at(days=31),
        "billing_cycle_anchor": example.at(),
        "cancel_at_period_end": False,
        "trial_end": None,
        "created_at": example.at(),
        "canceled_at": None,
        "ended_at": None,
        "cancellation_reason": None,
        "latest_invoice_id": example.new_id("in"),
        "latest_payment_intent": None,
        "pending_change": None,
    }
    return {**subscription, **changes}


def _ended(example: Example) -> Object:
    return _subscription(
        example,
        status="canceled",
        canceled_at=example.at(),
        ended_at=example.at(),
        cancellation_reason="too_expensive",
    )


def _trial(example: Example) -> Object:
    end = example.at(days=3)
    return _subscription(example, status="trialing", trial_end=end, current_period_end=end)


SUBSCRIPTIONS: Mapping[str, Maker] = {
    "subscription.created": _subscription,
    "subscription.updated": lambda e: _subscription(e, cancel_at_period_end=True, canceled_at=e.at()),
    "subscription.renewed": _subscription,
    "subscription.past_due": lambda e: _subscription(e, status="past_due"),
    "subscription.unpaid": lambda e: _subscription(e, status="unpaid"),
    "subscription.paused": lambda e: _subscription(e, status="paused"),
    "subscription.resumed": _subscription,
    "subscription.trial_will_end": _trial,
    "subscription.canceled": _ended,
}
"""Event type -> its example."""
