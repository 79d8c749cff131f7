"""Changing the plan: priced, charged, and only then done (rules 5.4)."""

from __future__ import annotations

from typing import Any, NamedTuple

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports.invoicing import (
    InvoiceAwaits,
    InvoiceDeclined,
    InvoiceOrder,
    InvoiceQuote,
    QuotaPeriod,
    no_periods,
)
from isa_mockserver.services.subscriptions.model.change import Direction, PlanChange
from isa_mockserver.services.subscriptions.model.plans import Plan
from isa_mockserver.services.subscriptions.model.subscription import (
    INCOMPLETE_FOR,
    Basis,
    PendingChange,
    Subscription,
)
from isa_mockserver.services.subscriptions.views import plan_view

from .billing import collect_draft, note_credit, order, running, waits_for_bank
from .collaborators import Collaborators
from .ending import drop_pending_change
from .entitlements import close, closed_at, cut, ended_periods, grant, spans_of
from .proration import direction, plan_change, switch
from .states import not_active, on_its_way, plan_of, required, reread, save, tell

_CHANGEABLE = ("active", "trialing")


class Quoted(NamedTuple):
    """What a change would cost now, and where it would leave the period (rules CH-10)."""

    quote: InvoiceQuote
    change: PlanChange
    direction: Direction


def change_plan(
    unit: Unit, ports: Collaborators, owner: str, new_plan_id: str, *, prorate: bool
) -> Subscription | InvoiceDeclined:
    """Move to another plan; one that waits for its payment is pending (rules CH-1 to CH-9).

    Raises:
        DomainError: `subscription_not_found`, `plan_not_found`, `subscription_past_due`,
            `subscription_not_active`, `already_on_plan`. Declined with `payment_intent_unexpected_state`
            while a bank debit for the running period is on its way: what it is worth is not known yet.
    """
    sub, plan = _checked(unit, ports, owner, new_plan_id)
    declined = collect_draft(unit, ports, sub)
    if declined:
        return declined
    sub = drop_pending_change(unit, ports, reread(unit, sub.id))
    if waits_for_bank(sub):
        return InvoiceDeclined(sub.latest_invoice_id, on_its_way(sub))
    change = _proposed(unit, ports, sub, plan, prorate=prorate)
    ordered = _ordered(unit, ports, sub, plan, change)
    outcome = ports.invoicing.bill(unit, ordered)
    if isinstance(outcome, InvoiceDeclined):
        return outcome
    sub = reread(unit, sub.id)
    note_credit(unit, ports, sub.basis, change.credit)
    if isinstance(outcome, InvoiceAwaits):
        unit.plan(unit.now + INCOMPLETE_FOR, "cancellation", sub.id)
        pending = PendingChange(change, outcome.invoice_id, unit.now + INCOMPLETE_FOR)
        return save(
            unit,
            sub,
            pending_change=pending,
            awaiting=outcome.payment,
            latest_invoice_id=outcome.invoice_id,
        )
    return _apply(unit, ports, sub, change, outcome.invoice_id, outcome.payment_intent_id)


def preview_change(
    unit: Unit, ports: Collaborators, owner: str, new_plan_id: str, *, prorate: bool
) -> Quoted:
    """What the same change would bill at this instant; changes nothing (rules CH-10).

    Raises:
        DomainError: as `change_plan`.
    """
    sub, plan = _checked(unit, ports, owner, new_plan_id)
    change = _proposed(unit, ports, sub, plan, prorate=prorate)
    quote = ports.invoicing.quote(unit, _ordered(unit, ports, sub, plan, change))
    return Quoted(quote, change, direction(ports.catalogue[sub.plan_id], plan))


def complete_pending_change(
    unit: Unit, ports: Collaborators, sub: Subscription, payment_intent_id: str | None
) -> None:
    """The payment of a pending change has come: it is done, as of when it was asked for (rules CH-5)."""
    pending = sub.pending_change
    if pending:
        unit.unplan("cancellation", sub.id)
        _apply(unit, ports, sub, pending.change, pending.invoice_id, payment_intent_id)


def _checked(unit: Unit, ports: Collaborators, owner: str, new_plan_id: str) -> tuple[Subscription, Plan]:
    sub = required(unit, owner)
    plan = plan_of(ports.catalogue, new_plan_id, param="new_plan_id")
    if sub.status not in _CHANGEABLE:
        raise not_active(sub)
    if sub.plan_id == plan.id:
        raise DomainError("already_on_plan", f"You are on {plan.name} already.", param="new_plan_id")
    return sub, plan


def _proposed(
    unit: Unit, ports: Collaborators, sub: Subscription, plan: Plan, *, prorate: bool
) -> PlanChange:
    present = running(unit, ports, sub)
    if sub.status == "trialing":
        return switch(present, plan, unit.now)
    return plan_change(present, plan, unit.now, prorate=prorate)


def _ordered(
    unit: Unit, ports: Collaborators, sub: Subscription, plan: Plan, change: PlanChange
) -> InvoiceOrder:
    usage = (lambda: _usage_until(unit, ports, sub, change)) if change.closes else no_periods
    return order(sub, plan, "subscription_update", change.lines, usage=usage, when_declined="void")


def _usage_until(
    unit: Unit, ports: Collaborators, sub: Subscription, change: PlanChange
) -> tuple[QuotaPeriod, ...]:
    """The usage periods that the change ends or finds ended; not those that a waiting draft will bill."""
    spans = closed_at(spans_of(unit, sub), sub.current_period_start, change.at)
    ended = ended_periods(spans, ports.catalogue, change.at)
    return tuple(each for each in ended if not sub.draft_id or each.end > sub.current_period_start)


def _apply(
    unit: Unit,
    ports: Collaborators,
    sub: Subscription,
    change: PlanChange,
    invoice_id: str | None,
    payment_intent_id: str | None,
) -> Subscription:
    previous = {"plan": plan_view(ports.catalogue[sub.plan_id]), "status": sub.status}
    if change.closes:
        close(unit, sub, change.at)
    else:
        cut(unit, sub, change.at)
    changed = save(unit, sub, **_changes(sub, change, invoice_id, payment_intent_id))
    grant(unit, ports.catalogue, changed, change.at)
    if sub.status != "trialing":
        unit.plan(changed.current_period_end, "period_end", sub.id)
    tell(unit, ports, "subscription.updated", changed, previous)
    return changed


def _changes(
    sub: Subscription, change: PlanChange, invoice_id: str | None, payment_intent_id: str | None
) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "plan_id": change.plan_id,
        "anchor": change.anchor,
        "period_number": change.period_number,
        "current_period_start": change.period_start,
        "current_period_end": change.period_end,
        "latest_invoice_id": invoice_id or sub.latest_invoice_id,
        "pending_change": None,
        "awaiting": None,
    }
    if change.charged is not None:
        changes["basis"] = Basis(
            amount=change.charged,
            seconds=change.seconds,
            invoice_id=invoice_id,
            paid=True,
            payment_intent_id=payment_intent_id,
        )
    if change.closes:
        changes["usage_billed_until"] = change.at
    if change.interval_changes:
        changes |= {"cancel_at_period_end": False, "canceled_at": None, "cancellation_reason": None}
    return changes
