"""Charging an open invoice, and what each answer of the issuer makes of it (rules 4.1, BL-9)."""

from __future__ import annotations

from typing import NamedTuple

from isa_mockserver.kernel.chart import revenue
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.money import charge_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import INVOICES, Invoice
from isa_mockserver.services.ports import (
    Charge,
    ChargeOutcome,
    Declined,
    Processing,
    RequiresAction,
    Succeeded,
)
from isa_mockserver.services.ports.invoicing import (
    InvoiceAwaits,
    InvoiceDeclined,
    InvoiceOutcome,
    InvoicePaidNow,
    PaymentRef,
)

from .collaborators import Collaborators
from .failing import Failed, note_failure
from .finalising import mark_paid
from .waiting import wait_for


class NotCharged(NamedTuple):
    """No charge was tried: there is no method, or the amount is outside what can be charged."""

    error: DomainError


Tried = ChargeOutcome | NotCharged


def try_charge(
    unit: Unit, ports: Collaborators, invoice: Invoice, amount: int, method: str | None, *, off_session: bool
) -> Tried:
    """Charge `amount` of the invoice to the method, or to the owner's default one.

    With nobody there to ask, what forbids the charge is an outcome too. On session, an intent for the
    customer to confirm stands in for the missing method.

    Raises:
        DomainError: on session, `payment_method_not_found` and the money errors.
    """
    chosen = method or ports.default_method(unit, invoice.owner)
    order = _charge(invoice, amount, chosen, off_session=off_session)
    if not off_session:
        return ports.charge(unit, order) if chosen else ports.open_intent(unit, order)
    if chosen is None:
        return NotCharged(_no_method())
    try:
        charge_amount(amount, invoice.currency)
    except DomainError as error:
        return NotCharged(error)
    return ports.charge(unit, order)


def record(unit: Unit, invoice_id: str, tried: Tried, method: str | None) -> InvoiceOutcome:
    """Write down on an open invoice what the charge came to."""
    invoice = unit.get(INVOICES, invoice_id)
    if invoice is None:
        raise LookupError(f"no invoice {invoice_id!r}")
    match tried:
        case Succeeded(intent_id):
            if invoice.status != "paid":
                mark_paid(unit, invoice, intent_id)
            return InvoicePaidNow(invoice.id, intent_id)
        case RequiresAction(intent_id, secret, status):
            return _await(unit, invoice, PaymentRef(intent_id, secret, status), method)
        case Processing(intent_id):
            return _await(unit, invoice, PaymentRef(intent_id, None, "processing"), method)
        case Declined(intent_id, error):
            note_failure(unit, invoice, Failed(error, intent_id, method))
            return InvoiceDeclined(invoice.id, error)
        case NotCharged(error):
            note_failure(unit, invoice, Failed(error, None, method))
            return InvoiceDeclined(invoice.id, error)


def collect_open(
    unit: Unit, ports: Collaborators, invoice: Invoice, method: str | None, *, off_session: bool
) -> InvoiceOutcome:
    """Charge what remains of an open invoice and write down what it came to.

    An intent of it that still waits for the customer is canceled first, so that it is paid once.

    Raises:
        DomainError: on session, `payment_method_not_found` and the money errors;
            `payment_intent_unexpected_state` while a bank debit of it is on its way.
    """
    current = withdraw_waiting(unit, ports, invoice, "abandoned")
    chosen = method or ports.default_method(unit, invoice.owner)
    tried = try_charge(unit, ports, current, current.amount_remaining, chosen, off_session=off_session)
    return record(unit, current.id, tried, chosen)


def withdraw_waiting(unit: Unit, ports: Collaborators, invoice: Invoice, reason: str) -> Invoice:
    """Cancel the intent that waits for the customer, if there is one.

    Raises:
        DomainError: `payment_intent_unexpected_state` while a bank debit is on its way.
    """
    waiting = invoice.awaiting
    if waiting is None:
        return invoice
    if waiting.status == "processing":
        raise DomainError(
            "payment_intent_unexpected_state",
            "A bank debit for this invoice is on its way; wait until it settles or comes back.",
            context={"status": waiting.status, "payment_intent_id": waiting.payment_intent_id},
        )
    ports.cancel_intent(unit, waiting.payment_intent_id, reason)
    return wait_for(unit, invoice, None)


def _await(unit: Unit, invoice: Invoice, payment: PaymentRef, method: str | None) -> InvoiceAwaits:
    wait_for(unit, invoice._replace(payment_intent_id=payment.payment_intent_id, last_method=method), payment)
    return InvoiceAwaits(invoice.id, payment)


def _charge(invoice: Invoice, amount: int, method: str | None, *, off_session: bool) -> Charge:
    return Charge(
        owner=invoice.owner,
        amount=amount,
        currency=invoice.currency,
        type="subscription" if invoice.subscription_id else "invoice",
        destination=revenue(invoice.stream),
        payment_method_id=method,
        reference=Reference("invoice", invoice.id),
        description=f"Invoice {invoice.number}" if invoice.number else invoice.lines[0].description,
        off_session=off_session,
    )


def _no_method() -> DomainError:
    return DomainError(
        "payment_method_required", "There is no payment method on file.", param="payment_method_id"
    )
