"""How subscriptions bill: they order invoices, billing makes, collects and chases them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.hiding import shown
from isa_mockserver.kernel.unit import Unit

BillingReason = Literal["manual", "subscription_create", "subscription_cycle", "subscription_update"]
WhenDeclined = Literal["discard", "void", "keep", "retry"]
"""What a declined invoice becomes: nothing but the failed intent, a void invoice, an open one, or an open
one that is charged again on the dunning schedule."""


class OrderLine(NamedTuple):
    """A line to be billed: `quantity * unit_price` minor units; a negative price is a credit."""

    description: str
    unit_price: int
    quantity: int = 1
    period_start: datetime | None = None
    period_end: datetime | None = None


class QuotaSpan(NamedTuple):
    """What one plan allows from `start` until `end`; `limit` None is unlimited.

    `unit_price` is what each unit beyond the limit costs in minor units; None: it is never billed.
    """

    start: datetime
    end: datetime
    limit: int | None
    unit_price: int | None


class QuotaPeriod(NamedTuple):
    """The period over which a quota counts, in spans of one plan each; `closed` once it was invoiced."""

    start: datetime
    end: datetime
    spans: tuple[QuotaSpan, ...]
    closed: bool = False


EndedPeriods = Callable[[], Sequence[QuotaPeriod]]
"""Tells quota periods that have ended; asked only where something was used, for they become ever more."""


def no_periods() -> tuple[QuotaPeriod, ...]:
    """None has ended."""
    return ()


class QuotaInForce(Protocol):
    """The quota period that holds `at` for a user's metric, or None for a metric without a quota."""

    def __call__(self, unit: Unit, owner: str, metric: str, at: datetime, /) -> QuotaPeriod | None: ...


class InvoiceOrder(NamedTuple):
    """What subscriptions want billed. `usage` tells the ended quota periods whose overage is due with it.

    `payment_method_id` None means the owner's default method; `off_session` that nobody is there to
    authenticate.
    """

    owner: str
    currency: str
    reason: BillingReason
    subscription_id: str
    lines: tuple[OrderLine, ...]
    usage: EndedPeriods = no_periods
    payment_method_id: str | None = None
    off_session: bool = False
    when_declined: WhenDeclined = "retry"


class PaymentRef(NamedTuple):
    """An intent that waits for the customer: to authenticate, to give a method, or for the bank."""

    payment_intent_id: str
    client_secret: str | None
    status: str

    def __repr__(self) -> str:
        return shown(self, "client_secret")


class InvoicePaidNow(NamedTuple):
    """Paid by a method, or settled by the customer balance (no intent); no invoice: nothing was to bill."""

    invoice_id: str | None
    payment_intent_id: str | None = None


class InvoiceDeclined(NamedTuple):
    """Nothing was paid; `error` is the answer (402). `invoice_id` is None where it was discarded."""

    invoice_id: str | None
    error: DomainError


class InvoiceAwaits(NamedTuple):
    """The invoice is open until the customer acts or the bank debit settles."""

    invoice_id: str
    payment: PaymentRef


InvoiceOutcome = InvoicePaidNow | InvoiceDeclined | InvoiceAwaits


class InvoiceQuote(NamedTuple):
    """What an order would bill at this instant, in minor units."""

    lines: tuple[OrderLine, ...]
    total: int
    amount_due: int


class Invoicing(Protocol):
    """Billing's side of subscriptions."""

    def quote(self, unit: Unit, order: InvoiceOrder, /) -> InvoiceQuote:
        """What `bill` would put on the invoice; changes nothing."""
        ...

    def bill(self, unit: Unit, order: InvoiceOrder, /) -> InvoiceOutcome:
        """Make a final invoice and collect it now."""
        ...

    def draft(self, unit: Unit, order: InvoiceOrder, /) -> str:
        """Make a draft invoice, to be collected later; its id."""
        ...

    def collect(
        self, unit: Unit, invoice_id: str, usage: EndedPeriods, method: str | None, /
    ) -> InvoiceOutcome:
        """Finalise a draft, its usage lines brought up to date, and charge it (rules QU-5).

        `method` None means the owner's default method.
        """
        ...

    def void(self, unit: Unit, invoice_id: str, /) -> None:
        """Void an invoice that nobody will pay, also one that was given up, and cancel its intent."""
        ...

    def owes(self, unit: Unit, subscription_id: str, /) -> bool:
        """Whether an invoice of the subscription is open (rules DU-4)."""
        ...

    def retry(self, unit: Unit, subscription_id: str, besides: str | None, /) -> None:
        """Charge the open invoices now by the owner's new default method (rules DU-3); not `besides`."""
        ...

    def stop_retries(self, unit: Unit, subscription_id: str, /) -> None:
        """Leave the open invoices open, and charge them no more (rules CN-3)."""
        ...

    def give_up(self, unit: Unit, subscription_id: str, /) -> None:
        """Mark the open invoices uncollectible."""
        ...


class InvoicePaid(NamedTuple):
    """A stored invoice of a subscription became `paid`."""

    invoice_id: str
    owner: str
    subscription_id: str
    payment_intent_id: str | None


class InvoicePaymentFailed(NamedTuple):
    """An attempt to collect a stored invoice of a subscription failed.

    `dunned` when it is charged again on the dunning schedule, `exhausted` when that ended (rules DU-1).
    `awaiting` is the intent that the customer can still confirm.
    """

    invoice_id: str
    owner: str
    subscription_id: str
    dunned: bool
    exhausted: bool
    awaiting: PaymentRef | None = None


class InvoiceWaits(NamedTuple):
    """A stored invoice of a subscription waits for another payment, or for another step of the same one.

    `payment` None: for none any more.
    """

    invoice_id: str
    owner: str
    subscription_id: str
    payment: PaymentRef | None


class InvoiceClosed(NamedTuple):
    """An admin ended an invoice of a subscription without a payment: `voided`, or given up (rules BL-8)."""

    invoice_id: str
    owner: str
    subscription_id: str
    voided: bool
