"""The retries of an unpaid renewal, on their schedule and out of it (rules 5.6)."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import INVOICES, Invoice

from .collaborators import Collaborators
from .collecting import collect_open
from .drafting import save
from .failing import Failed, note_failure, plan_retry

_STILL_REFUSED = "The payment method was refused for good; it is not charged again until it changes."


def run_retry(unit: Unit, ports: Collaborators, invoice_id: str) -> None:
    """Take the next step of the schedule: the job `dunning` (rules DU-1, DU-2)."""
    invoice = unit.get(INVOICES, invoice_id)
    if invoice is None or invoice.status != "open" or not invoice.dunned:
        return
    stepped = save(unit, plan_retry(unit, invoice._replace(retries=invoice.retries + 1)))
    if stepped.awaiting and stepped.awaiting.status == "processing":
        return
    method = _method(unit, ports, stepped)
    if method is not None and method == stepped.refused_method:
        note_failure(unit, stepped, Failed(DomainError("card_declined", _STILL_REFUSED), None, method))
    else:
        collect_open(unit, ports, stepped, method, off_session=True)


def retry_with_default(unit: Unit, ports: Collaborators, subscription_id: str, besides: str | None) -> None:
    """Charge the dunned invoices by the owner's new default method, oldest first (rules DU-3)."""
    for invoice in dunned_invoices(unit, subscription_id):
        if invoice.id == besides or invoice.last_method == ports.default_method(unit, invoice.owner):
            continue
        if invoice.awaiting and invoice.awaiting.status == "processing":
            continue
        changed = save(unit, invoice._replace(payment_method_id=None))
        collect_open(unit, ports, changed, None, off_session=True)


def dunned_invoices(unit: Unit, subscription_id: str) -> list[Invoice]:
    """The open invoices of a subscription that have to be paid for it to go on, oldest first (DU-4)."""
    found = unit.find(INVOICES, "subscription_id", subscription_id)
    return [invoice for invoice in found if invoice.status == "open" and invoice.dunned]


def _method(unit: Unit, ports: Collaborators, invoice: Invoice) -> str | None:
    return invoice.payment_method_id or ports.default_method(unit, invoice.owner)
