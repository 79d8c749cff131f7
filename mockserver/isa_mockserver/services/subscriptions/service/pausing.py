"""Pausing and resuming, and taking a scheduled cancellation back (rules 5.3, CN-5)."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports.invoicing import InvoiceAwaits, InvoiceDeclined
from isa_mockserver.services.subscriptions.model.subscription import ENDED, Subscription

from .billing import billed, collect_draft, order, period_end, plan_line, waits_for_bank, whole_period
from .collaborators import Collaborators
from .ending import drop_pending_change
from .entitlements import grant, restore, suspend
from .periods import after, seconds_between
from .states import moved, not_active, on_its_way, required, reread, save, tell

_PAUSABLE = ("active", "trialing")
_JOBS = ("period_end", "trial_will_end", "trial_end")


def pause(unit: Unit, ports: Collaborators, owner: str) -> Subscription | InvoiceDeclined:
    """Stop the service and the period's clock; a renewal in its first hour is charged before.

    Raises:
        DomainError: `subscription_not_found`, `subscription_past_due`, `subscription_not_active`. Declined
            with `payment_intent_unexpected_state` while a bank debit for the period is on its way.
    """
    sub = required(unit, owner)
    if sub.status not in _PAUSABLE:
        raise not_active(sub)
    declined = collect_draft(unit, ports, sub)
    if declined:
        return declined
    sub = drop_pending_change(unit, ports, reread(unit, sub.id))
    if waits_for_bank(sub):
        return InvoiceDeclined(sub.latest_invoice_id, on_its_way(sub))
    for kind in _JOBS:
        unit.unplan(kind, sub.id)
    suspend(unit, sub, unit.now)
    left = seconds_between(unit.now, sub.current_period_end)
    paused = moved(unit, sub, "paused", remaining_seconds=left)
    tell(unit, ports, "subscription.paused", paused)
    return paused


def resume(
    unit: Unit, ports: Collaborators, owner: str, payment_method_id: str | None
) -> Subscription | InvoiceDeclined:
    """Go on after a pause, or take a scheduled cancellation back.

    A subscription that was paused for want of a method at its trial's end is charged first.

    Raises:
        DomainError: `subscription_not_found`, `subscription_not_active`,
            `subscription_not_scheduled_to_cancel`, `payment_method_required`,
            `payment_method_not_found`, `payment_intent_unexpected_state` while a bank debit for the
            first period is on its way.
    """
    sub = required(unit, owner)
    if sub.status in ENDED or sub.status == "incomplete":
        raise not_active(sub)
    if sub.status != "paused":
        return _keep(unit, ports, sub)
    if sub.remaining_seconds:
        return _continue(unit, ports, sub)
    return _charge_first(unit, ports, sub, payment_method_id)


def complete_resumption(unit: Unit, ports: Collaborators, sub: Subscription) -> Subscription:
    """The period that a resumption asked for is paid: it runs."""
    active = moved(unit, sub, "active", remaining_seconds=None, awaiting=None)
    grant(unit, ports.catalogue, active, active.current_period_start)
    unit.plan(active.current_period_end, "period_end", active.id)
    tell(unit, ports, "subscription.resumed", active)
    return active


def _keep(unit: Unit, ports: Collaborators, sub: Subscription) -> Subscription:
    if not sub.cancel_at_period_end:
        raise DomainError(
            "subscription_not_scheduled_to_cancel",
            "The subscription goes on anyway; there is nothing to resume.",
            context={"status": sub.status},
        )
    kept = save(unit, sub, cancel_at_period_end=False, canceled_at=None, cancellation_reason=None)
    tell(unit, ports, "subscription.updated", kept, {"cancel_at_period_end": True})
    return kept


def _continue(unit: Unit, ports: Collaborators, sub: Subscription) -> Subscription:
    end = period_end(unit, sub)
    active = moved(
        unit,
        sub,
        "active",
        current_period_end=end,
        anchor=end,
        period_number=0,
        remaining_seconds=None,
    )
    restore(unit, ports.catalogue, active)
    unit.plan(end, "period_end", active.id)
    tell(unit, ports, "subscription.resumed", active)
    return active


def _charge_first(
    unit: Unit, ports: Collaborators, sub: Subscription, payment_method_id: str | None
) -> Subscription | InvoiceDeclined:
    method = payment_method_id or sub.payment_method_id or ports.default_method(unit, sub.owner)
    if method is None:
        raise DomainError(
            "payment_method_required",
            "Give a payment_method_id; no payment method is on file.",
            param="payment_method_id",
        )
    if waits_for_bank(sub):
        raise on_its_way(sub)
    if sub.latest_invoice_id:
        ports.invoicing.void(unit, sub.latest_invoice_id)
    plan = ports.catalogue[sub.plan_id]
    fresh = sub._replace(
        payment_method_id=method,
        anchor=unit.now,
        period_number=1,
        current_period_start=unit.now,
        current_period_end=after(unit.now, plan.interval, 1),
    )
    fresh = fresh._replace(basis=whole_period(fresh, plan))
    ordered = order(fresh, plan, "subscription_cycle", (plan_line(fresh, plan),), when_declined="discard")
    outcome = ports.invoicing.bill(unit, ordered)
    if isinstance(outcome, InvoiceDeclined):
        return outcome
    stored = save(unit, billed(fresh, outcome))
    return stored if isinstance(outcome, InvoiceAwaits) else complete_resumption(unit, ports, stored)
