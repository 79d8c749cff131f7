"""Requests and answers of the invoice endpoints (rules 4.1, section 10)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictInt, StrictStr

from isa_mockserver.kernel.money import MAX_CHARGE
from isa_mockserver.services.billing.model.invoice import InvoiceStatus
from isa_mockserver.services.ports.invoicing import BillingReason
from isa_mockserver.web.fields import (
    Check,
    Currency,
    ErrorCode,
    Flag,
    Metadata,
    Quantity,
    RequestBody,
    ResponseBody,
    Time,
    Timestamp,
    Token,
    minor_units,
    refuse,
    text,
)
from isa_mockserver.web.paging import PageQuery

MAX_LINES = 250


def _unit_price(value: int) -> int:
    if value < 0:
        raise refuse("invalid_amount", "must be 0 or more, in minor units")
    if value > MAX_CHARGE:
        raise refuse("amount_too_large", f"must be at most {MAX_CHARGE} minor units")
    return value


_UNIT_PRICE = Check(_unit_price, "invalid_amount", "amount_too_large", minimum=0, maximum=MAX_CHARGE)


def _due_date(value: Any) -> date:
    try:
        if len(value) != len("2024-02-15"):
            raise ValueError
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        raise refuse("invalid_due_date", "must be a calendar date such as 2024-02-15") from None


class ItemRequest(RequestBody):
    """One line to bill; `unit_price` in minor units (rules BL-3)."""

    description: Annotated[StrictStr, text(500, minimum=1)]
    quantity: Quantity
    unit_price: Annotated[StrictInt, BeforeValidator(minor_units), _UNIT_PRICE, ErrorCode("invalid_amount")]


def _items(value: list[ItemRequest]) -> list[ItemRequest]:
    if not value:
        raise refuse("invoice_items_required", "needs at least one line")
    if len(value) > MAX_LINES:
        raise refuse("invalid_value", f"takes at most {MAX_LINES} lines")
    return value


Items = Annotated[
    list[ItemRequest],
    Check(_items, "invoice_items_required", "invalid_value", minItems=1, maxItems=MAX_LINES),
]
DueDate = Annotated[date, BeforeValidator(_due_date), ErrorCode("invalid_due_date")]


class CreateInvoice(RequestBody):
    """Heading "Create Invoice" (rules BL-1)."""

    customer_id: Token
    items: Items
    due_date: DueDate | None = None
    currency: Currency = "usd"
    auto_finalize: Flag = True
    metadata: Metadata = Field(default_factory=dict)


class UpdateInvoice(RequestBody):
    """What can change in a draft; of an open invoice, only the metadata (rules BL-6)."""

    items: Items | None = None
    due_date: DueDate | None = None
    metadata: Metadata | None = None


class PayInvoice(RequestBody):
    """How to pay; without a method the default one (rules BL-9)."""

    payment_method_id: Token | None = None


class InvoiceQuery(PageQuery):
    """The filters of heading "Get Invoices"; `customer_id` of others is for admins (rules BL-2)."""

    status: InvoiceStatus | None = None
    customer_id: str | None = None
    created_after: Timestamp | None = None
    created_before: Timestamp | None = None


class ItemBody(ResponseBody):
    """A line of an invoice; the system's own lines have a period."""

    description: str
    quantity: int
    unit_price: int
    amount: int
    period_start: Time | None
    period_end: Time | None


class AwaitedPayment(ResponseBody):
    """An intent that waits for the customer; the secret only for its owner, never in lists."""

    payment_intent_id: str
    client_secret: str | None
    status: str


class InvoiceBody(ResponseBody):
    """An invoice; amounts in minor units (rules section 10)."""

    invoice_id: str
    number: str | None
    customer_id: str
    status: InvoiceStatus
    currency: str
    items: list[ItemBody]
    subtotal: int
    tax: int
    total: int
    customer_balance_applied: int
    amount_due: int
    amount_paid: int
    amount_remaining: int
    amount_refunded: int
    due_date: str | None
    overdue: bool
    created_at: Time
    finalized_at: Time | None
    paid_at: Time | None
    voided_at: Time | None
    billing_reason: BillingReason
    subscription_id: str | None
    payment_intent_id: str | None
    latest_payment_intent: AwaitedPayment | None
    attempt_count: int
    next_payment_attempt: Time | None
    metadata: dict[str, str]


class InvoicePage(ResponseBody):
    """One page of invoices, newest first (rules 8.5)."""

    data: list[InvoiceBody]
    has_more: bool
    next_cursor: str | None
