"""What a paid or failed invoice means for its subscription (rules P2b, 5.3, 5.6)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports import DefaultMethodChanged
from isa_mockserver.services.ports.invoicing import (
    InvoiceClosed,
    InvoicePaid,
    InvoicePaymentFailed,
    InvoiceWaits,
)
from isa_mockserver.services.subscriptions.model.subscription import (
    ENDED,
    SUBSCRIPTIONS,
    UNPAID_FOR,
    Subscription,
)

from .changing import complete_pending_change
from .collaborators import Collaborators
from .ending import drop_pending_change, expire
from .entitlements import cut, grant, restore
from .pausing import complete_resumption
from .states import moved, newest, save, tell


def on_invoice_paid(unit: Unit, ports: Collaborators, signal: InvoicePaid) -> None:
    """Whatever waited for this invoice goes on: the first payment, a change, a resumption, a renewal."""
    sub = unit.get(SUBSCRIPTIONS, signal.subscription_id)
    if sub is None:
        return
    if sub.basis.invoice_id == signal.invoice_id:
        basis = sub.basis._replace(paid=True, payment_intent_id=signal.payment_intent_id)
        sub = save(unit, sub, basis=basis, awaiting=None)
    if sub.pending_change and sub.pending_change.invoice_id == signal.invoice_id:
        complete_pending_change(unit, ports, sub, signal.payment_intent_id)
    elif sub.status == "incomplete" and sub.latest_invoice_id == signal.invoice_id:
        _activate(unit, ports, sub)
    elif sub.status == "paused" and sub.basis.invoice_id == signal.invoice_id:
        complete_resumption(unit, ports, sub)
    elif sub.status in ("past_due", "unpaid"):
        _catch_up(unit, ports, sub, signal.invoice_id)


def on_invoice_failed(unit: Unit, ports: Collaborators, signal: InvoicePaymentFailed) -> None:
    """A renewal that fails makes the subscription past due, and at the end of all retries unpaid."""
    sub = unit.get(SUBSCRIPTIONS, signal.subscription_id)
    if sub is None:
        return
    if sub.latest_invoice_id == signal.invoice_id:
        sub = save(unit, sub, awaiting=signal.awaiting)
    if signal.dunned and sub.status == "active":
        sub = moved(unit, sub, "past_due")
        tell(unit, ports, "subscription.past_due", sub)
    if signal.exhausted and sub.status == "past_due":
        sub = moved(unit, sub, "unpaid")
        cut(unit, sub, unit.now)
        unit.plan(unit.now + UNPAID_FOR, "cancellation", sub.id)
        tell(unit, ports, "subscription.unpaid", sub)


def on_invoice_waits(unit: Unit, ports: Collaborators, signal: InvoiceWaits) -> None:
    """The subscription shows the intent on which its newest invoice depends."""
    sub = unit.get(SUBSCRIPTIONS, signal.subscription_id)
    if sub and sub.status not in ENDED and sub.latest_invoice_id == signal.invoice_id:
        save(unit, sub, awaiting=signal.payment)


def on_invoice_closed(unit: Unit, ports: Collaborators, signal: InvoiceClosed) -> None:
    """What waited for a voided invoice is over; who owes nothing any more is not past due (rules DU-4)."""
    sub = unit.get(SUBSCRIPTIONS, signal.subscription_id)
    if sub is None or sub.status in ENDED:
        return
    if signal.voided and sub.latest_invoice_id == signal.invoice_id:
        sub = save(unit, sub, awaiting=None)
    if signal.voided and sub.pending_change and sub.pending_change.invoice_id == signal.invoice_id:
        drop_pending_change(unit, ports, sub)
    elif signal.voided and sub.status == "incomplete" and sub.latest_invoice_id == signal.invoice_id:
        expire(unit, ports, sub)
    elif sub.status in ("past_due", "unpaid") and not ports.invoicing.owes(unit, sub.id):
        _recover(unit, ports, sub)


def on_default_method_changed(unit: Unit, ports: Collaborators, signal: DefaultMethodChanged) -> None:
    """A new default method pays what is due, at once (rules DU-3)."""
    sub = newest(unit, signal.owner)
    if sub is None or sub.status not in ("past_due", "unpaid"):
        return
    _catch_up(unit, ports, sub, None)


def _catch_up(unit: Unit, ports: Collaborators, sub: Subscription, paid_invoice: str | None) -> None:
    """What just paid is the default method now, and pays the rest; when nothing is left it recovers."""
    sub = save(unit, sub, payment_method_id=None)
    if not ports.invoicing.owes(unit, sub.id):
        _recover(unit, ports, sub)
    elif sub.status == "past_due":
        ports.invoicing.retry(unit, sub.id, paid_invoice)


def _activate(unit: Unit, ports: Collaborators, sub: Subscription) -> None:
    unit.unplan("cancellation", sub.id)
    active = moved(unit, sub, "active", awaiting=None)
    grant(unit, ports.catalogue, active, active.current_period_start)
    unit.plan(active.current_period_end, "period_end", active.id)
    tell(unit, ports, "subscription.updated", active, {"status": "incomplete"})


def _recover(unit: Unit, ports: Collaborators, sub: Subscription) -> None:
    previous = {"status": sub.status}
    active = moved(unit, sub, "active", awaiting=None)
    if sub.status == "unpaid":
        unit.unplan("cancellation", sub.id)
        restore(unit, ports.catalogue, active)
        if active.draft_id:
            unit.plan(unit.now, "finalisation", active.id)
    tell(unit, ports, "subscription.updated", active, previous)
