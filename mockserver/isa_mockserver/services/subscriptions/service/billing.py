"""What subscriptions order from billing, and what they remember of it (rules QU-5, 5.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports.invoicing import (
    BillingReason,
    EndedPeriods,
    InvoiceAwaits,
    InvoiceDeclined,
    InvoiceOrder,
    InvoiceOutcome,
    OrderLine,
    WhenDeclined,
    no_periods,
)
from isa_mockserver.services.subscriptions.model.plans import Plan
from isa_mockserver.services.subscriptions.model.subscription import Basis, Subscription

from .collaborators import Collaborators
from .entitlements import ended_periods, spans_of
from .periods import seconds_between
from .proration import Running
from .states import save


def order(
    sub: Subscription,
    plan: Plan,
    reason: BillingReason,
    lines: tuple[OrderLine, ...],
    *,
    usage: EndedPeriods = no_periods,
    off_session: bool = False,
    when_declined: WhenDeclined = "retry",
) -> InvoiceOrder:
    """An order for this subscription, to be collected by its own payment method or the default one."""
    return InvoiceOrder(
        owner=sub.owner,
        currency=plan.currency,
        reason=reason,
        subscription_id=sub.id,
        lines=lines,
        usage=usage,
        payment_method_id=sub.payment_method_id,
        off_session=off_session,
        when_declined=when_declined,
    )


def plan_line(sub: Subscription, plan: Plan) -> OrderLine:
    """The plan's price for the present period."""
    return OrderLine(
        description=plan.name,
        unit_price=plan.price,
        period_start=sub.current_period_start,
        period_end=sub.current_period_end,
    )


def due_usage(unit: Unit, ports: Collaborators, sub: Subscription) -> EndedPeriods:
    """Tells the usage periods of the subscription that have ended by now."""
    return lambda: ended_periods(spans_of(unit, sub), ports.catalogue, unit.now)


def whole_period(sub: Subscription, plan: Plan, *, invoice_id: str | None = None) -> Basis:
    """The basis of a full price for the present period; it counts once the invoice is paid."""
    seconds = seconds_between(sub.current_period_start, sub.current_period_end)
    return Basis(amount=plan.price, seconds=seconds, invoice_id=invoice_id)


def billed(sub: Subscription, outcome: InvoiceOutcome) -> Subscription:
    """The row with what billing made of its order for the running span: the invoice, and who waits for it."""
    if isinstance(outcome, InvoiceDeclined):
        invoice_id = outcome.invoice_id
        return sub._replace(latest_invoice_id=invoice_id, basis=sub.basis._replace(invoice_id=invoice_id))
    waits = isinstance(outcome, InvoiceAwaits)
    basis = sub.basis._replace(
        invoice_id=outcome.invoice_id,
        paid=not waits,
        payment_intent_id=None if isinstance(outcome, InvoiceAwaits) else outcome.payment_intent_id,
    )
    return sub._replace(
        basis=basis,
        latest_invoice_id=outcome.invoice_id or sub.latest_invoice_id,
        awaiting=outcome.payment if isinstance(outcome, InvoiceAwaits) else None,
    )


def collect_draft(unit: Unit, ports: Collaborators, sub: Subscription) -> InvoiceDeclined | None:
    """Finalise and charge the renewal's draft, if there is one; the decline, if it is one (rules QU-5).

    Billing tells by its signals what that means for the subscription: read the row again afterwards.
    """
    if sub.draft_id is None:
        return None
    usage = due_usage(unit, ports, sub)
    unit.unplan("finalisation", sub.id)
    save(unit, sub, draft_id=None, usage_billed_until=sub.current_period_start)
    outcome = ports.invoicing.collect(unit, sub.draft_id, usage, sub.payment_method_id)
    return outcome if isinstance(outcome, InvoiceDeclined) else None


def running(unit: Unit, ports: Collaborators, sub: Subscription) -> Running:
    """The present period with what was really charged for it: refunds lower it (rules RF-9, 5.4).

    A renewal in its first hour counts as paid: a change collects it first (rules QU-5).
    """
    basis = sub.basis
    charged = basis.amount if basis.paid or sub.draft_id else 0
    if basis.payment_intent_id:
        charged = max(0, charged - ports.refunded_so_far(unit, basis.payment_intent_id))
    return Running(
        plan=ports.catalogue[sub.plan_id],
        anchor=sub.anchor,
        period_number=sub.period_number,
        start=sub.current_period_start,
        end=period_end(unit, sub),
        charged=charged,
        charged_seconds=basis.seconds,
    )


def period_end(unit: Unit, sub: Subscription) -> datetime:
    """When the period would end if it ran from now on: a pause has stopped its clock (rules 5.3)."""
    if sub.status == "paused" and sub.remaining_seconds is not None:
        return unit.now + timedelta(seconds=sub.remaining_seconds)
    return sub.current_period_end


def waits_for_bank(sub: Subscription) -> bool:
    """Whether the running period is being paid by a bank debit that has not settled yet."""
    return not sub.basis.paid and sub.awaiting is not None and sub.awaiting.status == "processing"


def note_credit(unit: Unit, ports: Collaborators, basis: Basis, credit: int) -> None:
    """Credit out of a charge can no longer be refunded (rules RF-9)."""
    if credit and basis.payment_intent_id:
        ports.credit_out(unit, basis.payment_intent_id, credit)
