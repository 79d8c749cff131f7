"""The invoice endpoints: parse, call the service, render (rules 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.billing.model.invoice import INVOICES, Invoice, Line
from isa_mockserver.services.billing.schemas.invoices import (
    CreateInvoice,
    InvoiceBody,
    InvoicePage,
    InvoiceQuery,
    ItemRequest,
    PayInvoice,
    UpdateInvoice,
)
from isa_mockserver.services.billing.service import lifecycle
from isa_mockserver.services.billing.service.collaborators import Collaborators
from isa_mockserver.services.billing.service.lifecycle import Actor, Changes, InvoiceDraft
from isa_mockserver.services.billing.views import View, invoice_view
from isa_mockserver.services.ports.invoicing import InvoiceAwaits, InvoiceDeclined
from isa_mockserver.web.fields import NoFields
from isa_mockserver.web.paging import created_between, page
from isa_mockserver.web.route import Call, Principal, Reply, Route

_WRITE_SCOPE = "billing:write"


def create_invoice(call: Call[CreateInvoice, None], *, ports: Collaborators) -> Reply:
    """Make an invoice."""
    body = call.body
    asked = InvoiceDraft(
        customer_id=body.customer_id,
        lines=_lines(body.items),
        currency=body.currency,
        due_date=body.due_date,
        auto_finalize=body.auto_finalize,
        metadata=body.metadata,
    )
    invoice = lifecycle.create_invoice(call.unit, ports, _actor(call.caller), asked)
    return Reply(201, invoice_view(invoice, call.unit.now, secret=True))


def get_invoices(call: Call[None, InvoiceQuery]) -> Reply:
    """Answer one page of a customer's invoices, newest first."""
    query, now = call.query, call.unit.now
    customer = query.customer_id or call.user_id
    if customer != call.user_id and not _actor(call.caller).of_all:
        raise DomainError(
            "permission_denied", "Only an admin may list others' invoices.", param="customer_id"
        )

    def wanted(invoice: Invoice) -> bool:
        return query.status in (None, invoice.status) and created_between(
            invoice, query.created_after, query.created_before
        )

    def render(invoice: Invoice) -> View:
        return invoice_view(invoice, now)

    return Reply(200, page(call.unit, INVOICES, "owner", customer, query, render, where=wanted))


def get_invoice(call: Call[None, None]) -> Reply:
    """Answer one invoice."""
    return _shown(call, lifecycle.find_invoice(call.unit, _actor(call.caller), call.path["invoice_id"]))


def update_invoice(call: Call[UpdateInvoice, None], *, ports: Collaborators) -> Reply:
    """Change a draft, or an open invoice's metadata."""
    body = call.body
    changes = Changes(
        lines=None if body.items is None else _lines(body.items),
        due_date=body.due_date,
        metadata=body.metadata,
    )
    actor, invoice_id = _actor(call.caller), call.path["invoice_id"]
    return _shown(call, lifecycle.update_invoice(call.unit, ports, actor, invoice_id, changes))


def delete_invoice(call: Call[None, None]) -> Reply:
    """Remove a draft."""
    lifecycle.delete_invoice(call.unit, _actor(call.caller), call.path["invoice_id"])
    return Reply(204, None)


def finalize_invoice(call: Call[NoFields, None]) -> Reply:
    """Make a draft final."""
    return _shown(call, lifecycle.finalize_invoice(call.unit, _actor(call.caller), call.path["invoice_id"]))


def pay_invoice(call: Call[PayInvoice, None], *, ports: Collaborators) -> Reply | DomainError:
    """Charge an open invoice now."""
    invoice, outcome = lifecycle.pay_invoice(
        call.unit, ports, _actor(call.caller), call.path["invoice_id"], call.body.payment_method_id
    )
    if isinstance(outcome, InvoiceDeclined):
        return outcome.error
    status = 202 if isinstance(outcome, InvoiceAwaits) else 200
    return Reply(status, invoice_view(invoice, call.unit.now, secret=True))


def void_invoice(call: Call[NoFields, None], *, ports: Collaborators) -> Reply:
    """Void an open invoice."""
    actor = _actor(call.caller)
    return _shown(call, lifecycle.void_invoice(call.unit, ports, actor, call.path["invoice_id"]))


def mark_uncollectible(call: Call[NoFields, None]) -> Reply:
    """Give an open invoice up."""
    return _shown(call, lifecycle.mark_uncollectible(call.unit, _actor(call.caller), call.path["invoice_id"]))


def invoice_routes(ports: Collaborators) -> tuple[Route, ...]:
    """The endpoints of invoices, with the ports that charging needs."""
    return (*_documented(ports), *_drafts(ports), *_payments(ports))


def _documented(ports: Collaborators) -> tuple[Route, ...]:
    """Making invoices and reading them."""
    return (
        Route(
            operation="create_invoice",
            method="POST",
            path=_INVOICES,
            handler=partial(create_invoice, ports=ports),
            body=CreateInvoice,
            response=InvoiceBody,
            summary="Make an invoice, final at once unless a draft is asked for",
            statuses=(201,),
            errors=(*_CONTENT_ERRORS, "unsupported_currency", "customer_mismatch", "missing_field"),
            heading="Create Invoice",
            rules=("BL-1", "BL-2", "BL-3", "BL-4", "BL-7", "BL-12"),
        ),
        Route(
            operation="get_invoices",
            method="GET",
            path=_INVOICES,
            handler=get_invoices,
            query=InvoiceQuery,
            response=InvoicePage,
            summary="A customer's invoices, newest first",
            errors=("permission_denied", "invalid_cursor", "invalid_limit", "invalid_value"),
            heading="Get Invoices",
            rules=("BL-2", "8.5"),
        ),
        Route(
            operation="get_invoice",
            method="GET",
            path=_INVOICE,
            handler=get_invoice,
            response=InvoiceBody,
            summary="One invoice",
            errors=("invoice_not_found",),
            rules=("BL-8",),
        ),
    )


def _drafts(ports: Collaborators) -> tuple[Route, ...]:
    """What is done to a draft."""
    return (
        Route(
            operation="update_invoice",
            method="PATCH",
            path=_INVOICE,
            handler=partial(update_invoice, ports=ports),
            body=UpdateInvoice,
            response=InvoiceBody,
            summary="Change a draft, or an open invoice's metadata",
            errors=(*_CONTENT_ERRORS, *_STATE_ERRORS, "invoice_finalized"),
            rules=("BL-6", "BL-8"),
        ),
        Route(
            operation="delete_invoice",
            method="DELETE",
            path=_INVOICE,
            handler=delete_invoice,
            response=None,
            summary="Remove a draft",
            statuses=(204,),
            errors=(*_STATE_ERRORS, "invoice_finalized"),
            rules=("4.1",),
        ),
        Route(
            operation="finalize_invoice",
            method="POST",
            path=f"{_INVOICE}/finalize",
            handler=finalize_invoice,
            body=NoFields,
            body_optional=True,
            response=InvoiceBody,
            summary="Make a draft final",
            errors=(*_STATE_ERRORS, "invoice_finalized"),
            rules=("BL-6", "BL-8", "BL-12"),
        ),
    )


def _payments(ports: Collaborators) -> tuple[Route, ...]:
    """What is done to an open invoice."""
    return (
        Route(
            operation="pay_invoice",
            method="POST",
            path=f"{_INVOICE}/pay",
            handler=partial(pay_invoice, ports=ports),
            body=PayInvoice,
            body_optional=True,
            response=InvoiceBody,
            summary="Charge an open invoice now",
            statuses=(200, 202),
            errors=_PAY_ERRORS,
            rules=("BL-8", "BL-9"),
        ),
        Route(
            operation="void_invoice",
            method="POST",
            path=f"{_INVOICE}/void",
            handler=partial(void_invoice, ports=ports),
            body=NoFields,
            body_optional=True,
            response=InvoiceBody,
            summary="Void an open invoice",
            errors=(*_STATE_ERRORS, "invoice_not_open"),
            rules=("BL-8", "BL-10"),
        ),
        Route(
            operation="mark_uncollectible",
            method="POST",
            path=f"{_INVOICE}/mark_uncollectible",
            handler=mark_uncollectible,
            body=NoFields,
            body_optional=True,
            response=InvoiceBody,
            summary="Give an open invoice up",
            errors=(*_STATE_ERRORS, "invoice_not_open", "invoice_finalized"),
            rules=("BL-8",),
        ),
    )


_INVOICES = "/api/v1/billing/invoices"
_INVOICE = f"{_INVOICES}/{{invoice_id}}"
_CONTENT_ERRORS = (
    "invoice_items_required",
    "invalid_quantity",
    "invalid_amount",
    "amount_too_large",
    "amount_overflow",
    "invalid_due_date",
    "invalid_metadata",
    "too_long",
)
_STATE_ERRORS = (
    "invoice_not_found",
    "permission_denied",
    "invoice_already_paid",
    "invoice_voided",
)
_PAY_ERRORS = (
    "invoice_not_found",
    "invoice_not_open",
    "invoice_already_paid",
    "invoice_voided",
    "payment_method_required",
    "payment_method_not_found",
    "payment_intent_unexpected_state",
    "card_declined",
    "expired_card",
    "incorrect_cvc",
    "processing_error",
    "insufficient_funds",
)


def _actor(caller: Principal) -> Actor:
    of_all = caller.is_admin or _WRITE_SCOPE in caller.roles
    return Actor(caller.user_id, of_all=of_all, is_admin=caller.is_admin)


def _lines(items: Sequence[ItemRequest]) -> tuple[Line, ...]:
    return tuple(
        Line(description=item.description, quantity=item.quantity, unit_price=item.unit_price)
        for item in items
    )


def _shown(call: Call[Any, Any], invoice: Invoice) -> Reply:
    return Reply(200, invoice_view(invoice, call.unit.now, secret=invoice.owner == call.user_id))
