"""Trials: the notice, and what their end becomes (rules 5.3, SB-5)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports.invoicing import InvoiceDeclined
from isa_mockserver.services.subscriptions.model.plans import Plan
from isa_mockserver.services.subscriptions.model.subscription import SUBSCRIPTIONS, Status, Subscription

from .billing import billed, order, plan_line, whole_period
from .collaborators import Collaborators
from .ending import end
from .entitlements import grant
from .renewing import rolled
from .states import moved, tell


def tell_trial_end(unit: Unit, ports: Collaborators, subscription_id: str) -> None:
    """Three days before its end: the job `trial_will_end`."""
    sub = unit.get(SUBSCRIPTIONS, subscription_id)
    if sub and sub.status == "trialing":
        tell(unit, ports, "subscription.trial_will_end", sub)


def end_trial(unit: Unit, ports: Collaborators, subscription_id: str) -> None:
    """Charge the first period; without any payment method, pause: the job `trial_end` (rules 5.3)."""
    sub = unit.get(SUBSCRIPTIONS, subscription_id)
    if sub is None or sub.status != "trialing":
        return
    plan = ports.catalogue[sub.plan_id]
    if sub.cancel_at_period_end:
        end(unit, ports, sub)
    elif plan.price and not (sub.payment_method_id or ports.default_method(unit, sub.owner)):
        _now(unit, ports, sub, "paused", remaining_seconds=0)
    else:
        _begin(unit, ports, rolled(unit, sub, plan), plan)


def _begin(unit: Unit, ports: Collaborators, sub: Subscription, plan: Plan) -> None:
    if plan.price == 0:
        _now(unit, ports, sub, "active")
        return
    first = sub._replace(basis=whole_period(sub, plan))
    lines = (plan_line(sub, plan),)
    outcome = ports.invoicing.bill(unit, order(sub, plan, "subscription_cycle", lines, off_session=True))
    status: Status = "past_due" if isinstance(outcome, InvoiceDeclined) else "active"
    begun = _now(unit, ports, billed(first, outcome), status)
    grant(unit, ports.catalogue, begun, unit.now)


def _now(
    unit: Unit, ports: Collaborators, sub: Subscription, status: Status, **changes: object
) -> Subscription:
    changed = moved(unit, sub, status, **changes)
    tell(unit, ports, "subscription.updated", changed, {"status": sub.status})
    return changed
