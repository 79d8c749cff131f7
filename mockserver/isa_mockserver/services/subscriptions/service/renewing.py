"""The end of a period: the next one begins, and an hour later it is charged (rules QU-5, 5.3, DU-4)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.subscriptions.model.plans import Plan
from isa_mockserver.services.subscriptions.model.subscription import (
    ACCESS,
    FINALISATION_DELAY,
    SUBSCRIPTIONS,
    Subscription,
)

from .billing import collect_draft, due_usage, order, plan_line, whole_period
from .collaborators import Collaborators
from .ending import bill_last_usage, cancel_at_end, drop_pending_change
from .entitlements import grant
from .periods import after
from .states import save, tell

_RENEWED = frozenset({"active", "past_due", "unpaid"})


def end_period(unit: Unit, ports: Collaborators, subscription_id: str) -> None:
    """Roll the period, or end the subscription that was to end with it: the job `period_end`."""
    sub = unit.get(SUBSCRIPTIONS, subscription_id)
    if sub is None or sub.status not in _RENEWED:
        return
    sub = drop_pending_change(unit, ports, sub)
    if sub.cancel_at_period_end:
        cancel_at_end(unit, ports, sub)
        unit.plan(unit.now + FINALISATION_DELAY, "finalisation", sub.id)
    else:
        _renew(unit, ports, sub)


def finalise(unit: Unit, ports: Collaborators, subscription_id: str) -> None:
    """Charge what the period's end left to bill: the job `finalisation` (rules QU-5)."""
    sub = unit.get(SUBSCRIPTIONS, subscription_id)
    if sub is None:
        return
    if sub.draft_id:
        collect_draft(unit, ports, sub)
    elif sub.status == "canceled":
        bill_last_usage(unit, ports, sub)


def rolled(unit: Unit, sub: Subscription, plan: Plan) -> Subscription:
    """The subscription in its next period, which is planned to end in its turn (rules PE-1)."""
    number = sub.period_number + 1
    moved_on = save(
        unit,
        sub,
        period_number=number,
        current_period_start=sub.current_period_end,
        current_period_end=after(sub.anchor, plan.interval, number),
    )
    unit.plan(moved_on.current_period_end, "period_end", sub.id)
    return moved_on


def _renew(unit: Unit, ports: Collaborators, sub: Subscription) -> None:
    plan = ports.catalogue[sub.plan_id]
    sub = rolled(unit, sub, plan)
    if sub.status in ACCESS:
        grant(unit, ports.catalogue, sub, unit.now)
    if plan.price == 0:
        save(unit, sub, basis=whole_period(sub, plan))  # what was paid before paid for the time before
        return
    position = unit.event_position()
    usage = due_usage(unit, ports, sub)
    renewal = order(sub, plan, "subscription_cycle", (plan_line(sub, plan),), usage=usage, off_session=True)
    draft_id = ports.invoicing.draft(unit, renewal)
    sub = save(
        unit,
        sub,
        draft_id=draft_id,
        latest_invoice_id=draft_id,
        basis=whole_period(sub, plan, invoice_id=draft_id),
    )
    tell(unit, ports, "subscription.renewed", sub, position=position)
    if sub.status in ACCESS:
        unit.plan(unit.now + FINALISATION_DELAY, "finalisation", sub.id)
