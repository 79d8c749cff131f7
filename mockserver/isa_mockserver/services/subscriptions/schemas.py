"""What the subscription endpoints take and answer (rules section 10)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from isa_mockserver.web.fields import Flag, RequestBody, ResponseBody, Text500, Time, Token

from .model.change import Direction
from .model.plans import Interval
from .model.subscription import MAX_TRIAL_DAYS, Status


class CreateSubscription(RequestBody):
    """Heading "Create Subscription"; without a method the default one is charged (rules SB-3)."""

    plan_id: Token
    payment_method_id: Token | None = None
    trial_days: Annotated[StrictInt, Field(ge=0, le=MAX_TRIAL_DAYS)] | None = None


class ChangePlan(RequestBody):
    """Heading "Change Plan" (rules 5.4)."""

    new_plan_id: Token
    prorate: Flag = True


class CancelSubscription(RequestBody):
    """Heading "Cancel Subscription"; `prorate` credits unused time of an immediate one (CN-1, CN-3)."""

    at_period_end: Flag = True
    reason: Text500 | None = None
    prorate: Flag = False


class ResumeSubscription(RequestBody):
    """How to pay, where the resumption has to be paid (rules 5.3)."""

    payment_method_id: Token | None = None


class QuotaOfPlan(ResponseBody):
    """What a plan includes a period; null is unlimited."""

    api_calls: int | None


class PlanBody(ResponseBody):
    """A plan; `price` in minor units per `interval`."""

    id: str
    name: str
    price: int
    interval: Interval
    quota: QuotaOfPlan


class PlanList(ResponseBody):
    """The whole catalogue."""

    data: list[PlanBody]
    has_more: bool
    next_cursor: str | None


class AwaitedPayment(ResponseBody):
    """An intent that waits for the customer."""

    payment_intent_id: str
    client_secret: str | None
    status: str


class PendingChangeBody(ResponseBody):
    """A plan change that waits for its payment (rules CH-5)."""

    plan: PlanBody
    plan_id: str
    invoice_id: str
    expires_at: Time


class SubscriptionBody(ResponseBody):
    """A subscription (rules SB-1)."""

    subscription_id: str
    plan: PlanBody
    status: Status
    current_period_start: Time
    current_period_end: Time
    billing_cycle_anchor: Time
    cancel_at_period_end: bool
    trial_end: Time | None
    created_at: Time
    canceled_at: Time | None
    ended_at: Time | None
    cancellation_reason: str | None
    latest_invoice_id: str | None
    latest_payment_intent: AwaitedPayment | None
    pending_change: PendingChangeBody | None


class LineBody(ResponseBody):
    """A line of a preview, as an invoice shows it."""

    description: str
    quantity: int
    unit_price: int
    amount: int
    period_start: Time | None
    period_end: Time | None


class PreviewBody(ResponseBody):
    """What a change would bill at this instant, and which way it goes (rules CH-10, CH-11)."""

    lines: list[LineBody]
    total: int
    amount_due: int
    effective_at: Time
    period_end: Time
    direction: Direction
