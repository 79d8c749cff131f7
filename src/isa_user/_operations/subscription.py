"""Rows of the subscription service (8228)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._operations._row import Operation, get, post

if TYPE_CHECKING:
    from isa_user.models.subscription import ChangePreview, Plan, Subscription

__all__ = [
    "CANCEL_SUBSCRIPTION",
    "CHANGE_PLAN",
    "CREATE_SUBSCRIPTION",
    "GET_PLANS",
    "GET_SUBSCRIPTION",
    "PAUSE_SUBSCRIPTION",
    "PREVIEW_CHANGE",
    "RESUME_SUBSCRIPTION",
]

GET_PLANS: Operation[Plan] = get(
    "get_plans",
    "subscription",
    "/subscriptions/plans",
    "subscription.Plan",
    "Rules 5.1",
    many=True,
    documented=False,
)
CREATE_SUBSCRIPTION: Operation[Subscription] = post(
    "create_subscription",
    "subscription",
    "/subscriptions",
    "subscription.Subscription",
    "Create Subscription",
    "plan_id",
)
GET_SUBSCRIPTION: Operation[Subscription] = get(
    "get_subscription",
    "subscription",
    "/subscriptions/me",
    "subscription.Subscription",
    "Get Subscription",
)
CHANGE_PLAN: Operation[Subscription] = post(
    "change_plan",
    "subscription",
    "/subscriptions/me/change",
    "subscription.Subscription",
    "Change Plan",
    "new_plan_id",
)
# A preview is a POST for its body alone: it changes nothing, so it is repeated like a read.
PREVIEW_CHANGE: Operation[ChangePreview] = post(
    "preview_change",
    "subscription",
    "/subscriptions/me/change/preview",
    "subscription.ChangePreview",
    "Rules CH-10",
    "new_plan_id",
    safety="read",
    documented=False,
)
CANCEL_SUBSCRIPTION: Operation[Subscription] = post(
    "cancel_subscription",
    "subscription",
    "/subscriptions/me/cancel",
    "subscription.Subscription",
    "Cancel Subscription",
)
PAUSE_SUBSCRIPTION: Operation[Subscription] = post(
    "pause_subscription",
    "subscription",
    "/subscriptions/me/pause",
    "subscription.Subscription",
    "Rules 5.3",
    documented=False,
)
RESUME_SUBSCRIPTION: Operation[Subscription] = post(
    "resume_subscription",
    "subscription",
    "/subscriptions/me/resume",
    "subscription.Subscription",
    "Rules CN-5",
    documented=False,
)
