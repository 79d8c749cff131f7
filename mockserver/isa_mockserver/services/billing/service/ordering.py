"""Billing's side of subscriptions: the port Invoicing (rules 5.3, 5.4, QU-5)."""

from __future__ import annotations

from typing import NamedTuple

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import ALLOWED, INVOICES, Invoice, Line
from isa_mockserver.services.ports import Declined
from isa_mockserver.services.ports.invoicing import (
    EndedPeriods,
    InvoiceDeclined,
    InvoiceOrder,
    InvoiceOutcome,
    InvoicePaidNow,
    InvoiceQuote,
    OrderLine,
)

from .collaborators import Collaborators
from .collecting import NotCharged, Tried, collect_open, record, try_charge
from .drafting import new_draft, save, tax_on
from .dunning import dunned_invoices, retry_with_default
from .ending import abandon, void
from .finalising import (
    announce_creation,
    due_after_balance,
    finalize,
    mark_paid,
    settle_if_free,
)
from .overage import usage_lines


class Invoicer(NamedTuple):
    """Makes, collects and chases what subscriptions order."""

    ports: Collaborators

    def quote(self, unit: Unit, order: InvoiceOrder) -> InvoiceQuote:
        """What `bill` would put on the invoice; changes nothing (rules CH-10)."""
        draft = self._draft(unit, order, "quote")
        lines = tuple(_order_line(line) for line in draft.lines)
        return InvoiceQuote(lines, draft.total, due_after_balance(unit, draft))

    def bill(self, unit: Unit, order: InvoiceOrder) -> InvoiceOutcome:
        """Make a final invoice and collect it now.

        The invoice is certain only after the charge, but told before it: hence the event position. A
        discarded one leaves no number and no event, only the failed intent.

        Raises:
            DomainError: on session, `payment_method_not_found` and the money errors.
        """
        draft = self._draft(unit, order, unit.new_id("in"))
        if not draft.lines:
            return InvoicePaidNow(None)
        save(unit, draft)
        position = unit.event_position()
        due = due_after_balance(unit, draft)
        if due == 0:
            mark_paid(unit, _made_final(unit, draft, position))
            return InvoicePaidNow(draft.id)
        tried = try_charge(
            unit, self.ports, draft, due, order.payment_method_id, off_session=order.off_session
        )
        if order.when_declined == "discard" and isinstance(tried, Declined | NotCharged):
            unit.delete(INVOICES, draft.id)
            return InvoiceDeclined(None, tried.error)
        return self._billed(unit, order, _made_final(unit, draft, position), tried)

    def draft(self, unit: Unit, order: InvoiceOrder) -> str:
        """Make a draft invoice, to be collected later; its id."""
        draft = save(unit, self._draft(unit, order, unit.new_id("in")))
        announce_creation(unit, draft)
        return draft.id

    def collect(self, unit: Unit, invoice_id: str, usage: EndedPeriods, method: str | None) -> InvoiceOutcome:
        """Finalise a draft, its usage lines brought up to date, and charge it (rules QU-5).

        One that an admin removed, voided or collected in the meantime asks for nothing.
        """
        invoice = unit.get(INVOICES, invoice_id)
        if invoice is None:
            return InvoicePaidNow(None)
        if invoice.status == "draft":
            invoice = settle_if_free(unit, finalize(unit, self._refreshed(unit, invoice, usage)))
        if invoice.status != "open":
            return InvoicePaidNow(invoice.id)
        if invoice.payment_method_id != method:
            invoice = save(unit, invoice._replace(payment_method_id=method))
        return collect_open(unit, self.ports, invoice, method, off_session=True)

    def void(self, unit: Unit, invoice_id: str) -> None:
        """Void an invoice that nobody will pay; usage on it is billed by the next one."""
        invoice = unit.get(INVOICES, invoice_id)
        if invoice and invoice.status in ALLOWED["void"]:
            void(unit, self.ports, invoice, usage_stays=False)

    def owes(self, unit: Unit, subscription_id: str) -> bool:
        """Whether the subscription has to pay an open invoice before it goes on (rules DU-4)."""
        return bool(dunned_invoices(unit, subscription_id))

    def retry(self, unit: Unit, subscription_id: str, besides: str | None) -> None:
        """Charge the open invoices now by the owner's new default method (rules DU-3)."""
        retry_with_default(unit, self.ports, subscription_id, besides)

    def stop_retries(self, unit: Unit, subscription_id: str) -> None:
        """Leave the open invoices open, and charge them no more (rules CN-3)."""
        for invoice in dunned_invoices(unit, subscription_id):
            unit.unplan("dunning", invoice.id)
            save(unit, invoice._replace(dunned=False, next_payment_attempt=None))

    def give_up(self, unit: Unit, subscription_id: str) -> None:
        """Mark the open invoices uncollectible (rules 5.3)."""
        for invoice in dunned_invoices(unit, subscription_id):
            abandon(unit, invoice)

    def _billed(self, unit: Unit, order: InvoiceOrder, invoice: Invoice, tried: Tried) -> InvoiceOutcome:
        method = order.payment_method_id or self.ports.default_method(unit, order.owner)
        outcome = record(unit, invoice.id, tried, method)
        declined = unit.get(INVOICES, invoice.id)
        if isinstance(outcome, InvoiceDeclined) and order.when_declined == "void" and declined:
            void(unit, self.ports, declined, usage_stays=False)
        return outcome

    def _draft(self, unit: Unit, order: InvoiceOrder, invoice_id: str) -> Invoice:
        metered, billed = usage_lines(unit, order.owner, order.subscription_id, order.usage)
        return new_draft(
            unit,
            self.ports,
            id=invoice_id,
            owner=order.owner,
            currency=order.currency,
            lines=(*map(_line, order.lines), *metered),
            usage=billed,
            reason=order.reason,
            subscription_id=order.subscription_id,
            payment_method_id=order.payment_method_id,
            dunned=order.when_declined == "retry",
        )

    def _refreshed(self, unit: Unit, draft: Invoice, usage: EndedPeriods) -> Invoice:
        metered, billed = usage_lines(unit, draft.owner, draft.subscription_id or "", usage)
        lines = (*[line for line in draft.lines if not line.metered], *metered)
        tax = tax_on(unit, self.ports.tax_rates, draft.owner, lines)
        if (lines, billed, tax) == (draft.lines, draft.usage, draft.tax):
            return draft
        return draft._replace(lines=lines, usage=billed, tax=tax)


def _made_final(unit: Unit, draft: Invoice, position: int) -> Invoice:
    announce_creation(unit, draft, position=position)
    return finalize(unit, draft, position=position + 1)


def _line(line: OrderLine) -> Line:
    return Line(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        period_start=line.period_start,
        period_end=line.period_end,
    )


def _order_line(line: Line) -> OrderLine:
    return OrderLine(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        period_start=line.period_start,
        period_end=line.period_end,
    )
