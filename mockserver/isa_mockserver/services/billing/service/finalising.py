"""From draft to open, and from open to paid: number, balance, events (rules BL-5 to BL-7, BL-12)."""

from __future__ import annotations

from functools import partial
from typing import Any

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import DUE_AFTER, Invoice
from isa_mockserver.services.billing.views import invoice_view, overdue_from
from isa_mockserver.services.ports.invoicing import InvoicePaid

from .balances import balance_for, promise, settle
from .drafting import billable, save


def announce_creation(unit: Unit, invoice: Invoice, *, position: int | None = None) -> None:
    """Tell that the draft was made."""
    unit.emit("invoice.created", invoice.owner, partial(invoice_view, invoice, unit.now), position=position)


def due_after_balance(unit: Unit, draft: Invoice) -> int:
    """What the customer would have to pay of this draft if it were finalised now."""
    return draft._replace(balance_applied=balance_for(unit, draft)).amount_due


def finalize(unit: Unit, draft: Invoice, *, position: int | None = None) -> Invoice:
    """Give the draft its number and its share of the customer balance; it is open from now on.

    Raises:
        DomainError: `amount_too_large`, for an invoice that a customer asked for.
    """
    if draft.reason == "manual":
        billable(draft)
    opened = draft._replace(
        status="open",
        number=f"INV-{unit.now.year}-{unit.next_number(f'invoice:{unit.now.year}'):06d}",
        balance_applied=balance_for(unit, draft),
        finalized_at=unit.now,
        due_date=draft.due_date or (unit.now + DUE_AFTER).date(),
    )
    promise(unit, opened)
    limit = overdue_from(opened)
    if limit:
        unit.plan(max(unit.now, limit), "overdue", opened.id)
    unit.emit("invoice.finalized", opened.owner, partial(invoice_view, opened, unit.now), position=position)
    return save(unit, opened)


def settle_if_free(unit: Unit, invoice: Invoice) -> Invoice:
    """An open invoice of which nothing is left to pay is paid (rules BL-5)."""
    return mark_paid(unit, invoice) if invoice.amount_due == 0 else invoice


def mark_paid(unit: Unit, invoice: Invoice, payment_intent_id: str | None = None) -> Invoice:
    """The invoice is paid: by this intent, or by the customer balance alone."""
    settle(unit, invoice)
    paid = stop_schedule(
        unit,
        invoice,
        status="paid",
        amount_paid=invoice.amount_due,
        paid_at=unit.now,
        payment_intent_id=payment_intent_id or invoice.payment_intent_id,
        attempt_count=invoice.attempt_count + (payment_intent_id is not None),
        awaiting=None,
    )
    save(unit, paid)
    unit.emit("invoice.paid", paid.owner, partial(invoice_view, paid, unit.now))
    if paid.subscription_id:
        unit.notify(
            InvoicePaid(
                invoice_id=paid.id,
                owner=paid.owner,
                subscription_id=paid.subscription_id,
                payment_intent_id=payment_intent_id,
            )
        )
    return paid


def stop_schedule(unit: Unit, invoice: Invoice, **changes: Any) -> Invoice:
    """The invoice with these changes, for which nothing falls due any more."""
    unit.unplan("dunning", invoice.id)
    unit.unplan("overdue", invoice.id)
    return invoice._replace(next_payment_attempt=None, **changes)
