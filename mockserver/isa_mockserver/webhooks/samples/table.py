"""All examples, by type of event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .balances import BALANCES
from .billing import BILLING
from .example import Example, Maker, Object
from .payments import PAYMENTS
from .subscriptions import SUBSCRIPTIONS


def _endpoint(example: Example) -> Object:
    return {
        "webhook_id": example.new_id("wh"),
        "url": "http://localhost:9000/webhooks/payments",
        "events": ["*"],
        "description": None,
        "enabled": True,
        "disabled_reason": None,
        "adversary": [],
        "created_at": example.at(),
    }


MAKERS: Mapping[str, Maker] = {
    **PAYMENTS,
    **BILLING,
    **SUBSCRIPTIONS,
    **BALANCES,
    "webhook.ping": _endpoint,
}
"""Event type -> its example."""

PREVIOUS: Mapping[str, Mapping[str, Any]] = {
    "refund.updated": {"status": "pending"},
    "invoice.updated": {"metadata": {"order": "6735"}},
    "subscription.updated": {"cancel_at_period_end": False, "canceled_at": None},
}
"""Type of an update -> the changed fields, with the values that they had before (rules WH-1)."""


def example_of(event_type: str, example: Example) -> tuple[Object, Mapping[str, Any] | None]:
    """The object of an example event, and for an update the changed fields as they were before."""
    return MAKERS[event_type](example), PREVIOUS.get(event_type)
