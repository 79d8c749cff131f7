"""The endpoints of the subscription service (8228)."""

from __future__ import annotations

from functools import partial
from typing import Any

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.ports.invoicing import InvoiceDeclined
from isa_mockserver.web.fields import NoFields
from isa_mockserver.web.route import Call, Reply, Route

from .model.subscription import Subscription
from .schemas import (
    CancelSubscription,
    ChangePlan,
    CreateSubscription,
    PlanList,
    PreviewBody,
    ResumeSubscription,
    SubscriptionBody,
)
from .service import changing, creating, ending, pausing, states
from .service.collaborators import Collaborators
from .views import line_view, plan_view, subscription_view


def get_plans(call: Call[None, None], *, ports: Collaborators) -> Reply:
    """Answer the catalogue."""
    plans = [plan_view(plan) for plan in ports.catalogue.values()]
    return Reply(200, {"data": plans, "has_more": False, "next_cursor": None})


def create_subscription(call: Call[CreateSubscription, None], *, ports: Collaborators) -> Reply | DomainError:
    """Subscribe the caller to a plan."""
    asked = creating.Order(
        owner=call.user_id,
        plan_id=call.body.plan_id,
        payment_method_id=call.body.payment_method_id,
        trial_days=call.body.trial_days,
    )
    return _shown(ports, creating.create(call.unit, ports, asked), 201)


def get_subscription(call: Call[None, None], *, ports: Collaborators) -> Reply | DomainError:
    """Answer the caller's subscription: the live one, else the last."""
    return _shown(ports, states.required(call.unit, call.user_id))


def change_plan(call: Call[ChangePlan, None], *, ports: Collaborators) -> Reply | DomainError:
    """Move the caller's subscription to another plan."""
    body = call.body
    made = changing.change_plan(call.unit, ports, call.user_id, body.new_plan_id, prorate=body.prorate)
    waits = isinstance(made, Subscription) and made.pending_change is not None
    return _shown(ports, made, 202 if waits else 200)


def preview_change(call: Call[ChangePlan, None], *, ports: Collaborators) -> Reply:
    """Answer what the same change would bill now."""
    body = call.body
    quoted = changing.preview_change(call.unit, ports, call.user_id, body.new_plan_id, prorate=body.prorate)
    return Reply(
        200,
        {
            "lines": [line_view(line) for line in quoted.quote.lines],
            "total": quoted.quote.total,
            "amount_due": quoted.quote.amount_due,
            "effective_at": format_time(quoted.change.at),
            "period_end": format_time(quoted.change.period_end),
            "direction": quoted.direction,
        },
    )


def cancel_subscription(call: Call[CancelSubscription, None], *, ports: Collaborators) -> Reply | DomainError:
    """Cancel the caller's subscription, at period end or now."""
    body = call.body
    canceled = ending.cancel(
        call.unit,
        ports,
        call.user_id,
        at_period_end=body.at_period_end,
        reason=body.reason,
        prorate=body.prorate,
    )
    return _shown(ports, canceled)


def pause_subscription(call: Call[NoFields, None], *, ports: Collaborators) -> Reply | DomainError:
    """Pause the caller's subscription."""
    return _shown(ports, pausing.pause(call.unit, ports, call.user_id))


def resume_subscription(call: Call[ResumeSubscription, None], *, ports: Collaborators) -> Reply | DomainError:
    """Resume the caller's paused subscription, or take its scheduled cancellation back."""
    made = pausing.resume(call.unit, ports, call.user_id, call.body.payment_method_id)
    waits = isinstance(made, Subscription) and made.status == "paused"
    return _shown(ports, made, 202 if waits else 200)


def routes(ports: Collaborators) -> tuple[Route, ...]:
    """The endpoints, with the ports that billing needs."""
    return (*_subscribing(ports), *_changing(ports), *_ending(ports))


def _subscribing(ports: Collaborators) -> tuple[Route, ...]:
    """Plans, and the way in."""
    return (
        _route(
            get_plans,
            ports,
            method="GET",
            path=f"{_BASE}/plans",
            response=PlanList,
            summary="The catalogue",
            rules=("5.1",),
        ),
        _route(
            create_subscription,
            ports,
            method="POST",
            path=_BASE,
            body=CreateSubscription,
            response=SubscriptionBody,
            summary="Subscribe to a plan",
            statuses=(201,),
            errors=("plan_not_found", "subscription_exists", "trial_already_used", *_METHOD_ERRORS),
            heading="Create Subscription",
            rules=("SB-1", "SB-3", "SB-4", "SB-5", "SB-6", "5.3"),
        ),
        _route(
            get_subscription,
            ports,
            method="GET",
            path=_ME,
            response=SubscriptionBody,
            summary="The caller's subscription: the live one, else the last",
            errors=("subscription_not_found",),
            heading="Get Subscription",
            rules=("SB-1", "SB-2"),
        ),
    )


def _changing(ports: Collaborators) -> tuple[Route, ...]:
    """Changing the plan."""
    return (
        _route(
            change_plan,
            ports,
            method="POST",
            path=f"{_ME}/change",
            body=ChangePlan,
            response=SubscriptionBody,
            summary="Move to another plan, prorated",
            statuses=(200, 202),
            errors=(*_CHANGE_ERRORS, *_PENDING_ERRORS, *_CARD_ERRORS),
            heading="Change Plan",
            rules=("CH-1", "CH-2", "CH-3", "CH-4", "CH-5", "CH-6", "CH-7", "CH-8", "CH-9", "CH-11"),
        ),
        _route(
            preview_change,
            ports,
            method="POST",
            path=f"{_ME}/change/preview",
            body=ChangePlan,
            response=PreviewBody,
            summary="What a change would bill at this instant",
            errors=_CHANGE_ERRORS,
            rules=("CH-10",),
        ),
    )


def _ending(ports: Collaborators) -> tuple[Route, ...]:
    """The way out, and back."""
    return (
        _route(
            cancel_subscription,
            ports,
            method="POST",
            path=f"{_ME}/cancel",
            body=CancelSubscription,
            body_optional=True,
            response=SubscriptionBody,
            summary="Cancel at period end, or now",
            errors=("subscription_not_found", "subscription_not_active", "too_long"),
            heading="Cancel Subscription",
            rules=("CN-1", "CN-2", "CN-3", "CN-4"),
        ),
        _route(
            pause_subscription,
            ports,
            method="POST",
            path=f"{_ME}/pause",
            body=NoFields,
            body_optional=True,
            response=SubscriptionBody,
            summary="Stop the service and the period's clock",
            errors=(
                "subscription_not_found",
                "subscription_not_active",
                "subscription_past_due",
                *_PENDING_ERRORS,
                *_CARD_ERRORS,
            ),
            rules=("5.3",),
        ),
        _route(
            resume_subscription,
            ports,
            method="POST",
            path=f"{_ME}/resume",
            body=ResumeSubscription,
            body_optional=True,
            response=SubscriptionBody,
            summary="Go on after a pause, or take a scheduled cancellation back",
            statuses=(200, 202),
            errors=(
                "subscription_not_found",
                "subscription_not_active",
                "subscription_not_scheduled_to_cancel",
                "payment_method_required",
                *_PENDING_ERRORS,
                *_METHOD_ERRORS,
            ),
            rules=("5.3", "CN-5"),
        ),
    )


def _route(handler: Any, ports: Collaborators, **facts: Any) -> Route:
    return Route(operation=handler.__name__, handler=partial(handler, ports=ports), **facts)


_BASE = "/api/v1/subscriptions"
_ME = f"{_BASE}/me"
_CARD_ERRORS = (
    "card_declined",
    "expired_card",
    "incorrect_cvc",
    "processing_error",
    "insufficient_funds",
)
_METHOD_ERRORS = ("payment_method_not_found", *_CARD_ERRORS)
_CHANGE_ERRORS = (
    "subscription_not_found",
    "plan_not_found",
    "already_on_plan",
    "subscription_past_due",
    "subscription_not_active",
)
_PENDING_ERRORS = ("payment_intent_unexpected_state",)
"""Of what cannot be done while a bank debit is on its way."""


def _shown(
    ports: Collaborators, outcome: Subscription | InvoiceDeclined, status: int = 200
) -> Reply | DomainError:
    if isinstance(outcome, InvoiceDeclined):
        return outcome.error
    return Reply(status, subscription_view(outcome, ports.catalogue, secret=True))
