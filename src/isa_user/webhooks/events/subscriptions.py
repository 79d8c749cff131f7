"""Events of subscriptions (rules WH-2, WH-3)."""

from __future__ import annotations

from typing import Literal

from isa_user.models.subscription import Subscription
from isa_user.webhooks.events._base import EventData, TypedEvent, UpdateData

__all__ = [
    "SubscriptionCanceled",
    "SubscriptionCreated",
    "SubscriptionPastDue",
    "SubscriptionPaused",
    "SubscriptionRenewed",
    "SubscriptionResumed",
    "SubscriptionTrialWillEnd",
    "SubscriptionUnpaid",
    "SubscriptionUpdated",
]


class SubscriptionCreated(TypedEvent[EventData[Subscription]]):
    """A subscription was stored; its status may be incomplete (rules WH-2)."""

    type: Literal["subscription.created"] = "subscription.created"


class SubscriptionUpdated(TypedEvent[UpdateData[Subscription]]):
    """A subscription changed: its plan, its status or whether it ends with the period."""

    type: Literal["subscription.updated"] = "subscription.updated"


class SubscriptionRenewed(TypedEvent[EventData[Subscription]]):
    """The next period began."""

    type: Literal["subscription.renewed"] = "subscription.renewed"


class SubscriptionPastDue(TypedEvent[EventData[Subscription]]):
    """A renewal could not be charged; access is still granted."""

    type: Literal["subscription.past_due"] = "subscription.past_due"


class SubscriptionUnpaid(TypedEvent[EventData[Subscription]]):
    """All retries of a renewal failed; access ends."""

    type: Literal["subscription.unpaid"] = "subscription.unpaid"


class SubscriptionPaused(TypedEvent[EventData[Subscription]]):
    """A subscription was paused."""

    type: Literal["subscription.paused"] = "subscription.paused"


class SubscriptionResumed(TypedEvent[EventData[Subscription]]):
    """A paused subscription goes on."""

    type: Literal["subscription.resumed"] = "subscription.resumed"


class SubscriptionTrialWillEnd(TypedEvent[EventData[Subscription]]):
    """A trial ends in three days."""

    type: Literal["subscription.trial_will_end"] = "subscription.trial_will_end"


class SubscriptionCanceled(TypedEvent[EventData[Subscription]]):
    """A subscription ended, on request or at the end of its period (rules CN-2)."""

    type: Literal["subscription.canceled"] = "subscription.canceled"
