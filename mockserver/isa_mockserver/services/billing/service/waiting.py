"""The intent that an invoice waits for: to be confirmed, authenticated or settled (rules BL-9)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import Invoice
from isa_mockserver.services.ports import PaymentMoved
from isa_mockserver.services.ports.invoicing import InvoiceWaits, PaymentRef

from .drafting import save


def wait_for(unit: Unit, invoice: Invoice, payment: PaymentRef | None) -> Invoice:
    """The invoice waits for this intent from now on, or for none; its subscription is told."""
    waiting = save(unit, invoice._replace(awaiting=payment))
    if waiting.subscription_id:
        unit.notify(
            InvoiceWaits(
                invoice_id=waiting.id,
                owner=waiting.owner,
                subscription_id=waiting.subscription_id,
                payment=payment,
            )
        )
    return waiting


def follow_intent(unit: Unit, invoice: Invoice, moved: PaymentMoved) -> None:
    """An intent of the invoice took a step: keep the one on which the invoice depends.

    A debit that is on its way goes before everything that still waits for the customer, so that the
    invoice is not charged a second time meanwhile.
    """
    current = invoice.awaiting
    is_current = current is not None and current.payment_intent_id == moved.payment_intent_id
    if moved.status == "canceled":
        if is_current:
            wait_for(unit, invoice, None)
        return
    goes_first = moved.status == "processing" and (current is None or current.status != "processing")
    if is_current or goes_first:
        payment = PaymentRef(moved.payment_intent_id, moved.client_secret, moved.status)
        wait_for(unit, invoice._replace(payment_intent_id=moved.payment_intent_id), payment)
