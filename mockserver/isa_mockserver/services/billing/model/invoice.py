"""The invoice and its state machine, as data (rules 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec, row
from isa_mockserver.services.ports.invoicing import BillingReason, PaymentRef

InvoiceStatus = Literal["draft", "open", "paid", "void", "uncollectible"]
Action = Literal["update", "delete", "finalize", "pay", "void", "mark_uncollectible"]

DUE_AFTER = timedelta(days=30)
"""From finalisation to the due date, where none was given (rules BL-7)."""

ALLOWED: Mapping[Action, frozenset[InvoiceStatus]] = {
    "update": frozenset({"draft"}),
    "delete": frozenset({"draft"}),
    "finalize": frozenset({"draft"}),
    "pay": frozenset({"open", "uncollectible"}),
    "void": frozenset({"open", "uncollectible"}),
    "mark_uncollectible": frozenset({"open"}),
}
"""Action -> the states in which it is possible (rules 4.1)."""

REFUSALS: Mapping[InvoiceStatus, str] = {
    "draft": "invoice_not_open",
    "open": "invoice_finalized",
    "uncollectible": "invoice_finalized",
    "paid": "invoice_already_paid",
    "void": "invoice_voided",
}
"""State -> the code of an action that it does not allow (rules 4.1)."""


class Line(NamedTuple):
    """One line: `quantity * unit_price` minor units; negative prices come only from the system (BL-3).

    A `metered` line bills usage, and is brought up to date until the invoice is final (rules QU-5).
    """

    description: str
    quantity: int
    unit_price: int
    period_start: datetime | None = None
    period_end: datetime | None = None
    metered: bool = False

    @property
    def amount(self) -> int:
        """The line's total in minor units."""
        return self.quantity * self.unit_price


class BilledUsage(NamedTuple):
    """Units beyond the quota of one span that an invoice bills: so that no unit is billed twice (US-6)."""

    span_start: datetime
    units: int


@row
class Invoice(NamedTuple):
    """One invoice; amounts in minor units of `currency`, `owner` is the customer.

    `balance_applied` is what the customer balance pays of it, negative where it brings a carried debit
    (rules BL-11). `payment_method_id` collects it (None: the owner's default); `refused_method` answered
    with a hard decline (rules DU-2). `retries` counts the steps of the dunning schedule taken since
    `first_failed_at`; `dunned` whether there is such a schedule.
    """

    id: str
    owner: str
    created_at: datetime
    currency: str
    lines: tuple[Line, ...]
    metadata: Mapping[str, str]
    tax: int = 0
    status: InvoiceStatus = "draft"
    reason: BillingReason = "manual"
    number: str | None = None
    due_date: date | None = None
    subscription_id: str | None = None
    usage: tuple[BilledUsage, ...] = ()
    balance_applied: int = 0
    amount_paid: int = 0
    amount_refunded: int = 0
    finalized_at: datetime | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None
    payment_intent_id: str | None = None
    awaiting: PaymentRef | None = None
    attempt_count: int = 0
    payment_method_id: str | None = None
    last_method: str | None = None
    refused_method: str | None = None
    dunned: bool = False
    retries: int = 0
    first_failed_at: datetime | None = None
    next_payment_attempt: datetime | None = None

    @property
    def subtotal(self) -> int:
        """The sum of the lines."""
        return sum([line.amount for line in self.lines])

    @property
    def total(self) -> int:
        """Subtotal and tax (rules BL-4)."""
        return self.subtotal + self.tax

    @property
    def amount_due(self) -> int:
        """What is left to pay after the customer balance (rules BL-5)."""
        return max(0, self.total - self.balance_applied)

    @property
    def amount_remaining(self) -> int:
        """What is still to pay."""
        return self.amount_due - self.amount_paid

    @property
    def stream(self) -> str:
        """The stream of revenue that it belongs to (rules 3.1)."""
        return "subscriptions" if self.subscription_id else "invoices"


class CreditNote(NamedTuple):
    """A refund of a paid invoice, which itself stays as it is (rules RF-5)."""

    id: str
    owner: str
    created_at: datetime
    invoice_id: str
    refund_id: str
    amount: int


class CustomerAccount(NamedTuple):
    """What open invoices have been promised out of a customer's balance; `id` is (customer, currency).

    The ledger moves only when such an invoice is paid (rules BL-12).
    """

    id: str
    owner: str
    created_at: datetime
    promised: int


INVOICES = TableSpec("invoices", Invoice, ("owner", "subscription_id"))
CREDIT_NOTES = TableSpec("credit_notes", CreditNote, ("invoice_id",))
CUSTOMER_ACCOUNTS = TableSpec("customer_accounts", CustomerAccount)
