"""Subscribing: paid at once, free, on trial, or waiting for the first payment (rules 5.3, SB-3 to SB-6)."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports.invoicing import InvoiceAwaits, InvoiceDeclined
from isa_mockserver.services.subscriptions.model.plans import Plan
from isa_mockserver.services.subscriptions.model.subscription import (
    INCOMPLETE_FOR,
    LIVE,
    SUBSCRIPTIONS,
    TRIAL_NOTICE,
    Basis,
    Subscription,
)

from .billing import billed, order, plan_line, whole_period
from .collaborators import Collaborators
from .ending import expire
from .entitlements import grant
from .periods import after
from .states import check_method, newest, plan_of, save, tell

NOTHING_CHARGED = Basis(amount=0, seconds=0)


class Order(NamedTuple):
    """What a user subscribes to; `trial_days` None takes no trial."""

    owner: str
    plan_id: str
    payment_method_id: str | None = None
    trial_days: int | None = None


def create(unit: Unit, ports: Collaborators, asked: Order) -> Subscription | InvoiceDeclined:
    """Subscribe; a decline leaves nothing but the failed intent.

    Raises:
        DomainError: `plan_not_found`, `subscription_exists`, `trial_already_used`,
            `payment_method_not_found`.
    """
    plan = plan_of(ports.catalogue, asked.plan_id)
    earlier = newest(unit, asked.owner)
    if earlier and earlier.status in LIVE:
        raise DomainError(
            "subscription_exists",
            "You have a subscription already; change or cancel it.",
            context={"subscription_id": earlier.id, "status": earlier.status},
        )
    if asked.trial_days:
        sub = _on_trial(unit, asked, plan, asked.trial_days)
    else:
        started = _started(unit, asked, plan)
        made = started if plan.price == 0 else _charged(unit, ports, started, plan)
        if isinstance(made, InvoiceDeclined):
            return made
        sub = made
    if earlier and earlier.status == "incomplete":
        expire(unit, ports, earlier)
    save(unit, sub)
    _plan_ahead(unit, ports, sub)
    tell(unit, ports, "subscription.created", sub)
    return sub


def _started(unit: Unit, asked: Order, plan: Plan) -> Subscription:
    check_method(asked.payment_method_id)
    return Subscription(
        id=unit.new_id("sub"),
        owner=asked.owner,
        created_at=unit.now,
        plan_id=plan.id,
        status="active",
        current_period_start=unit.now,
        current_period_end=after(unit.now, plan.interval, 1),
        anchor=unit.now,
        period_number=1,
        basis=NOTHING_CHARGED,
        payment_method_id=asked.payment_method_id,
    )


def _on_trial(unit: Unit, asked: Order, plan: Plan, days: int) -> Subscription:
    if any(sub.trial_end for sub in unit.find(SUBSCRIPTIONS, "owner", asked.owner)):
        raise DomainError(
            "trial_already_used", "You had a trial before; subscribe without one.", param="trial_days"
        )
    end = unit.now + timedelta(days=days)
    return _started(unit, asked, plan)._replace(
        status="trialing",
        current_period_end=end,
        anchor=end,
        period_number=0,
        trial_end=end,
    )


def _charged(
    unit: Unit, ports: Collaborators, sub: Subscription, plan: Plan
) -> Subscription | InvoiceDeclined:
    lines = (plan_line(sub, plan),)
    outcome = ports.invoicing.bill(
        unit, order(sub, plan, "subscription_create", lines, when_declined="discard")
    )
    if isinstance(outcome, InvoiceDeclined):
        return outcome
    made = billed(sub._replace(basis=whole_period(sub, plan)), outcome)
    return made._replace(status="incomplete") if isinstance(outcome, InvoiceAwaits) else made


def _plan_ahead(unit: Unit, ports: Collaborators, sub: Subscription) -> None:
    if sub.status == "incomplete":
        unit.plan(unit.now + INCOMPLETE_FOR, "cancellation", sub.id)
        return
    grant(unit, ports.catalogue, sub, unit.now)
    if sub.status == "trialing":
        unit.plan(max(unit.now, sub.current_period_end - TRIAL_NOTICE), "trial_will_end", sub.id)
        unit.plan(sub.current_period_end, "trial_end", sub.id)
    else:
        unit.plan(sub.current_period_end, "period_end", sub.id)
