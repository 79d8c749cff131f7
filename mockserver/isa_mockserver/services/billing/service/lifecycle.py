"""What a customer or an admin does with an invoice (rules 4.1, BL-8 to BL-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.money import fiat_currency
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import (
    ALLOWED,
    INVOICES,
    REFUSALS,
    Action,
    Invoice,
    Line,
)
from isa_mockserver.services.billing.views import invoice_view
from isa_mockserver.services.ports.invoicing import InvoiceClosed, InvoiceOutcome

from .collaborators import Collaborators
from .collecting import collect_open
from .drafting import billable, new_draft, save, tax_on
from .ending import abandon, void
from .finalising import announce_creation, finalize, settle_if_free


class Actor(NamedTuple):
    """Who acts on invoices: `of_all` on every customer's, an admin also on the system's (BL-2, BL-8)."""

    user_id: str
    of_all: bool = False
    is_admin: bool = False


class InvoiceDraft(NamedTuple):
    """What is asked for in a new invoice; amounts in minor units of `currency`."""

    customer_id: str
    lines: Sequence[Line]
    metadata: Mapping[str, str]
    currency: str = "usd"
    due_date: date | None = None
    auto_finalize: bool = True


class Changes(NamedTuple):
    """What is to change in an invoice; None leaves it as it is."""

    lines: Sequence[Line] | None = None
    due_date: date | None = None
    metadata: Mapping[str, str] | None = None


def create_invoice(unit: Unit, ports: Collaborators, actor: Actor, asked: InvoiceDraft) -> Invoice:
    """Make an invoice, final at once unless a draft is asked for (rules BL-1).

    Raises:
        DomainError: `customer_mismatch`, `unsupported_currency`, `amount_overflow`, `amount_too_large`.
    """
    if asked.customer_id != actor.user_id and not actor.of_all:
        raise DomainError(
            "customer_mismatch", "You can only make invoices for yourself.", param="customer_id"
        )
    draft = new_draft(
        unit,
        ports,
        id=unit.new_id("in"),
        owner=asked.customer_id,
        currency=fiat_currency(asked.currency),
        lines=asked.lines,
        due_date=asked.due_date,
        metadata=asked.metadata,
    )
    save(unit, billable(draft))
    announce_creation(unit, draft)
    return settle_if_free(unit, finalize(unit, draft)) if asked.auto_finalize else draft


def find_invoice(unit: Unit, actor: Actor, invoice_id: str) -> Invoice:
    """The invoice, where the actor may know of it.

    Raises:
        DomainError: `invoice_not_found`.
    """
    invoice = unit.get(INVOICES, invoice_id)
    if invoice is None or (invoice.owner != actor.user_id and not actor.of_all):
        raise DomainError("invoice_not_found", "There is no such invoice.")
    return invoice


def update_invoice(
    unit: Unit, ports: Collaborators, actor: Actor, invoice_id: str, changes: Changes
) -> Invoice:
    """Change a draft, or the metadata of an open invoice (rules BL-6); what changes nothing tells nothing.

    Raises:
        DomainError: `invoice_not_found`, `permission_denied`, `invoice_finalized`,
            `invoice_already_paid`, `invoice_voided`, `amount_overflow`, `amount_too_large`.
    """
    invoice = find_invoice(unit, actor, invoice_id)
    only_metadata = changes.lines is None and changes.due_date is None
    if not (only_metadata and invoice.status in ("open", "uncollectible")):
        _allow(invoice, "update", actor)
    lines = invoice.lines if changes.lines is None else tuple(changes.lines)
    changed = invoice._replace(
        lines=lines,
        tax=invoice.tax if changes.lines is None else tax_on(unit, ports.tax_rates, invoice.owner, lines),
        due_date=changes.due_date or invoice.due_date,
        metadata=invoice.metadata if changes.metadata is None else changes.metadata,
    )
    save(unit, billable(changed))
    before, after = invoice_view(invoice, unit.now), invoice_view(changed, unit.now)
    previous = {name: value for name, value in before.items() if after[name] != value}
    if previous:
        unit.emit("invoice.updated", changed.owner, after, previous)
    return changed


def delete_invoice(unit: Unit, actor: Actor, invoice_id: str) -> None:
    """Remove a draft.

    Raises:
        DomainError: `invoice_not_found`, `permission_denied`, and the codes of a state that is no draft.
    """
    invoice = find_invoice(unit, actor, invoice_id)
    _allow(invoice, "delete", actor)
    unit.delete(INVOICES, invoice.id)
    unit.emit("invoice.deleted", invoice.owner, partial(invoice_view, invoice, unit.now))


def finalize_invoice(unit: Unit, actor: Actor, invoice_id: str) -> Invoice:
    """Make a draft final: open, or paid where nothing is due.

    Raises:
        DomainError: `invoice_not_found`, `permission_denied`, and the codes of a state that is no draft.
    """
    invoice = find_invoice(unit, actor, invoice_id)
    _allow(invoice, "finalize", actor)
    return settle_if_free(unit, finalize(unit, invoice))


def pay_invoice(
    unit: Unit, ports: Collaborators, actor: Actor, invoice_id: str, method: str | None
) -> tuple[Invoice, InvoiceOutcome]:
    """Charge the rest of an open invoice now, to this method or the default one (rules BL-9).

    Raises:
        DomainError: `invoice_not_found`, the codes of a state that cannot be paid,
            `payment_method_required`, `payment_method_not_found`, and the money errors.
    """
    invoice = find_invoice(unit, actor, invoice_id)
    _check_state(invoice, "pay")
    if method is None and ports.default_method(unit, invoice.owner) is None:
        raise DomainError(
            "payment_method_required",
            "Give a payment_method_id; no payment method is on file.",
            param="payment_method_id",
        )
    outcome = collect_open(unit, ports, invoice, method, off_session=False)
    return find_invoice(unit, actor, invoice_id), outcome


def void_invoice(unit: Unit, ports: Collaborators, actor: Actor, invoice_id: str) -> Invoice:
    """Void an open invoice; its number and lines stay (rules BL-10).

    Raises:
        DomainError: `invoice_not_found`, `permission_denied`, and the codes of the state.
    """
    invoice = find_invoice(unit, actor, invoice_id)
    _allow(invoice, "void", actor)
    return _closed(unit, void(unit, ports, invoice))


def mark_uncollectible(unit: Unit, actor: Actor, invoice_id: str) -> Invoice:
    """Give an open invoice up; it can still be paid.

    Raises:
        DomainError: `invoice_not_found`, `permission_denied`, and the codes of the state.
    """
    invoice = find_invoice(unit, actor, invoice_id)
    _allow(invoice, "mark_uncollectible", actor)
    return _closed(unit, abandon(unit, invoice))


def _closed(unit: Unit, invoice: Invoice) -> Invoice:
    """Tell the subscription, which may have waited for nothing but this invoice (rules DU-4)."""
    if invoice.subscription_id:
        unit.notify(
            InvoiceClosed(
                invoice_id=invoice.id,
                owner=invoice.owner,
                subscription_id=invoice.subscription_id,
                voided=invoice.status == "void",
            )
        )
    return invoice


def _allow(invoice: Invoice, action: Action, actor: Actor) -> None:
    """What the system issued, only an admin may change or end (rules BL-8)."""
    if invoice.reason != "manual" and not actor.is_admin:
        raise DomainError("permission_denied", "Only an admin may do this to an invoice of the system.")
    _check_state(invoice, action)


def _check_state(invoice: Invoice, action: Action) -> None:
    if invoice.status not in ALLOWED[action]:
        raise DomainError(
            REFUSALS[invoice.status],
            f"The invoice is {invoice.status}; this cannot be done to it.",
            context={"status": invoice.status},
        )
