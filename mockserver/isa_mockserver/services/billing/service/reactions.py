"""What payments did to an invoice after the call that charged it (rules P2b)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import customer_balance, revenue
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import CREDIT_NOTES, INVOICES, CreditNote, Invoice
from isa_mockserver.services.ports import (
    PaymentFailed,
    PaymentMoved,
    PaymentSucceeded,
    RefundMade,
    RefundUndone,
)

from .drafting import save
from .failing import Failed, note_failure
from .finalising import mark_paid
from .waiting import follow_intent

_ORIGINS = frozenset({"invoice", "subscription"})


def on_payment_succeeded(unit: Unit, signal: PaymentSucceeded) -> None:
    """The invoice is paid; money for one that needs none any more goes to the customer balance."""
    invoice = _invoice(unit, signal.reference)
    if invoice and invoice.status in ("open", "uncollectible"):
        mark_paid(unit, invoice, signal.payment_intent_id)
    elif signal.type in _ORIGINS and signal.reference:
        income = revenue("subscriptions" if signal.type == "subscription" else "invoices")
        unit.post(
            Reference("overpayment", signal.payment_intent_id),
            Posting(income, customer_balance(signal.owner), signal.amount, signal.currency),
        )


def on_payment_moved(unit: Unit, signal: PaymentMoved) -> None:
    """The customer has taken a step with an intent of the invoice that settles nothing yet."""
    invoice = _invoice(unit, signal.reference)
    if invoice and invoice.status in ("open", "uncollectible"):
        follow_intent(unit, invoice, signal)


def on_payment_failed(unit: Unit, signal: PaymentFailed) -> None:
    """Authentication failed, the debit came back, or the customer's new try was declined."""
    invoice = _invoice(unit, signal.reference)
    if invoice and invoice.status in ("open", "uncollectible"):
        error = DomainError("card_declined", "The payment failed.")
        note_failure(unit, invoice, Failed(error, signal.payment_intent_id, None))


def on_refund_made(unit: Unit, signal: RefundMade) -> None:
    """A paid invoice stays paid; a credit note tells what went back (rules RF-5)."""
    invoice = _invoice(unit, signal.reference)
    if invoice:
        note = CreditNote(
            unit.new_id("cn"), invoice.owner, unit.now, invoice.id, signal.refund_id, signal.amount
        )
        unit.put(CREDIT_NOTES, note)
        save(unit, invoice._replace(amount_refunded=invoice.amount_refunded + signal.amount))


def on_refund_undone(unit: Unit, signal: RefundUndone) -> None:
    """The refund failed: its credit note is gone and the amount counts as paid again (rules RF-2)."""
    invoice = _invoice(unit, signal.reference)
    if invoice:
        for note in unit.find(CREDIT_NOTES, "invoice_id", invoice.id):
            if note.refund_id == signal.refund_id:
                unit.delete(CREDIT_NOTES, note.id)
        save(unit, invoice._replace(amount_refunded=invoice.amount_refunded - signal.amount))


def _invoice(unit: Unit, reference: Reference | None) -> Invoice | None:
    if reference is None or reference.type != "invoice":
        return None
    return unit.get(INVOICES, reference.id)
