"""The history: intents and crypto payments in one order, with its filters (rules PH-1)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.crypto import CryptoPayment
from isa_mockserver.services.payments.model.intent import Intent
from isa_mockserver.services.payments.model.payment import HistoryEntry
from isa_mockserver.services.payments.views import history_status

from .refundables import find_payment


def payment_of(unit: Unit, entry: HistoryEntry) -> Intent | CryptoPayment:
    """The payment that stands at this place of the history."""
    payment = find_payment(unit, entry.id)
    if payment is None:
        raise LookupError(f"the history names {entry.id!r}, which is not there")
    return payment


def matches(
    payment: Intent | CryptoPayment, *, status: str | None, currency: str | None, type_: str | None
) -> bool:
    """Whether the payment passes the filters that are given."""
    kind = "crypto" if isinstance(payment, CryptoPayment) else payment.type
    return (
        status in (None, history_status(payment))
        and currency in (None, payment.currency)
        and type_ in (None, kind)
    )
