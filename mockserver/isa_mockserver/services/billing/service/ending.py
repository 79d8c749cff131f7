"""What becomes of an invoice that nobody pays: void, uncollectible, overdue (rules BL-7, BL-10)."""

from __future__ import annotations

from functools import partial

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import INVOICES, Invoice
from isa_mockserver.services.billing.views import invoice_view

from .balances import release
from .collaborators import Collaborators
from .drafting import save
from .finalising import stop_schedule


def void(unit: Unit, ports: Collaborators, invoice: Invoice, *, usage_stays: bool = True) -> Invoice:
    """Void the invoice, give its share of the customer balance back and cancel its waiting intent.

    With `usage_stays` the usage on it counts as billed; else the next invoice bills it.
    """
    release(unit, invoice)
    if invoice.awaiting:
        ports.cancel_intent(unit, invoice.awaiting.payment_intent_id, "void_invoice")
    ended = stop_schedule(
        unit,
        invoice,
        status="void",
        voided_at=unit.now,
        awaiting=None,
        usage=invoice.usage if usage_stays else (),
    )
    save(unit, ended)
    unit.emit("invoice.voided", ended.owner, partial(invoice_view, ended, unit.now))
    return ended


def abandon(unit: Unit, invoice: Invoice) -> Invoice:
    """Mark the invoice uncollectible; it can still be paid, but is charged no more by itself."""
    ended = save(unit, stop_schedule(unit, invoice, status="uncollectible", dunned=False))
    unit.emit("invoice.marked_uncollectible", ended.owner, partial(invoice_view, ended, unit.now))
    return ended


def tell_overdue(unit: Unit, invoice_id: str) -> None:
    """Send `invoice.overdue` once: the job `overdue` (rules BL-7)."""
    invoice = unit.get(INVOICES, invoice_id)
    if invoice and invoice.status == "open":
        unit.emit("invoice.overdue", invoice.owner, partial(invoice_view, invoice, unit.now))
