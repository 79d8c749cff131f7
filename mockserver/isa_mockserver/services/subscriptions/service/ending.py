"""The ends: cancellation now or at period end, expiry, and giving up (rules 5.3, 5.5)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.subscriptions.model.subscription import (
    ENDED,
    INCOMPLETE_FOR,
    SUBSCRIPTIONS,
    Subscription,
)

from .billing import collect_draft, due_usage, note_credit, order, running
from .collaborators import Collaborators
from .entitlements import close
from .proration import credit_line, unused_credit
from .states import moved, not_active, required, reread, save, tell

_JOBS = ("period_end", "trial_will_end", "trial_end", "cancellation")


def cancel(
    unit: Unit,
    ports: Collaborators,
    owner: str,
    *,
    at_period_end: bool,
    reason: str | None,
    prorate: bool = False,
) -> Subscription:
    """Cancel the user's subscription, at the end of the period or now (rules CN-1 to CN-4).

    Raises:
        DomainError: `subscription_not_found`, `subscription_not_active`.
    """
    sub = required(unit, owner)
    if sub.status in ENDED:
        raise not_active(sub)
    if sub.status == "incomplete":
        return expire(unit, ports, save(unit, sub, cancellation_reason=reason))
    if at_period_end:
        return _schedule(unit, ports, sub, reason)
    return _cancel_now(unit, ports, sub, reason, prorate=prorate)


def expire(unit: Unit, ports: Collaborators, sub: Subscription) -> Subscription:
    """An incomplete subscription will never be paid (rules 5.3, CN-4)."""
    if sub.latest_invoice_id:
        ports.invoicing.void(unit, sub.latest_invoice_id)
    _forget_jobs(unit, sub)
    previous = {"status": sub.status}
    ended = moved(unit, sub, "incomplete_expired", ended_at=unit.now, awaiting=None)
    tell(unit, ports, "subscription.updated", ended, previous)
    return ended


def cancel_at_end(unit: Unit, ports: Collaborators, sub: Subscription) -> Subscription:
    """The scheduled end has come; the last period's usage is billed an hour later (CN-2, QU-5)."""
    ports.invoicing.stop_retries(unit, sub.id)
    return end(unit, ports, sub)


def end(unit: Unit, ports: Collaborators, sub: Subscription) -> Subscription:
    """The subscription is canceled from now on."""
    _forget_jobs(unit, sub)
    ended = moved(
        unit, sub, "canceled", ended_at=unit.now, canceled_at=sub.canceled_at or unit.now, awaiting=None
    )
    tell(unit, ports, "subscription.canceled", ended)
    return ended


def drop_pending_change(unit: Unit, ports: Collaborators, sub: Subscription) -> Subscription:
    """A plan change that was not paid in time is void (rules CH-5)."""
    if sub.pending_change is None:
        return sub
    ports.invoicing.void(unit, sub.pending_change.invoice_id)
    note_credit(unit, ports, sub.basis, -sub.pending_change.change.credit)
    unit.unplan("cancellation", sub.id)
    return save(unit, reread(unit, sub.id), pending_change=None, awaiting=None)


def run_out(unit: Unit, ports: Collaborators, subscription_id: str) -> None:
    """What was waited for did not come: the job `cancellation` (rules 5.3, CH-5).

    The first payment, that of a plan change, or that of an unpaid subscription. A bank debit that is on
    its way is still waited for.
    """
    sub = unit.get(SUBSCRIPTIONS, subscription_id)
    if sub is None:
        return
    if sub.awaiting and sub.awaiting.status == "processing" and sub.status != "unpaid":
        unit.plan(unit.now + INCOMPLETE_FOR, "cancellation", sub.id)
    elif sub.status == "incomplete":
        expire(unit, ports, sub)
    elif sub.status == "unpaid":
        end(unit, ports, sub)
        ports.invoicing.give_up(unit, sub.id)
    elif sub.pending_change:
        drop_pending_change(unit, ports, sub)


def bill_last_usage(unit: Unit, ports: Collaborators, sub: Subscription) -> None:
    """Bill what the last period used beyond its quota; it is not chased (rules QU-5, CN-3)."""
    plan = ports.catalogue[sub.plan_id]
    usage = due_usage(unit, ports, sub)
    last = order(sub, plan, "subscription_cycle", (), usage=usage, off_session=True, when_declined="keep")
    save(unit, sub, usage_billed_until=sub.current_period_end)
    _remember_invoice(unit, sub, ports.invoicing.bill(unit, last).invoice_id)


def _schedule(unit: Unit, ports: Collaborators, sub: Subscription, reason: str | None) -> Subscription:
    if sub.cancel_at_period_end:
        return sub
    flagged = save(unit, sub, cancel_at_period_end=True, canceled_at=unit.now, cancellation_reason=reason)
    tell(unit, ports, "subscription.updated", flagged, {"cancel_at_period_end": False})
    return flagged


def _cancel_now(
    unit: Unit, ports: Collaborators, sub: Subscription, reason: str | None, *, prorate: bool
) -> Subscription:
    collect_draft(unit, ports, _without_unpaid_draft(unit, sub))
    sub = drop_pending_change(unit, ports, reread(unit, sub.id))
    ports.invoicing.stop_retries(unit, sub.id)
    _bill_the_end(unit, ports, sub, prorate=prorate)
    sub = save(unit, reread(unit, sub.id), cancellation_reason=reason or sub.cancellation_reason)
    return end(unit, ports, sub)


def _without_unpaid_draft(unit: Unit, sub: Subscription) -> Subscription:
    """The renewals of an unpaid subscription are not charged, its last one neither (rules DU-4)."""
    return save(unit, sub, draft_id=None) if sub.status == "unpaid" and sub.draft_id else sub


def _bill_the_end(unit: Unit, ports: Collaborators, sub: Subscription, *, prorate: bool) -> None:
    close(unit, sub, unit.now)
    present = running(unit, ports, sub)
    credit = unused_credit(present, unit.now) if prorate else 0
    last = order(
        sub,
        present.plan,
        "subscription_update",
        (credit_line(present, unit.now, credit),) if credit else (),
        usage=due_usage(unit, ports, sub),
        off_session=True,
        when_declined="keep",
    )
    save(unit, sub, usage_billed_until=unit.now)
    note_credit(unit, ports, sub.basis, credit)
    _remember_invoice(unit, sub, ports.invoicing.bill(unit, last).invoice_id)


def _remember_invoice(unit: Unit, sub: Subscription, invoice_id: str | None) -> None:
    if invoice_id:
        save(unit, reread(unit, sub.id), latest_invoice_id=invoice_id)


def _forget_jobs(unit: Unit, sub: Subscription) -> None:
    for kind in _JOBS:
        unit.unplan(kind, sub.id)
