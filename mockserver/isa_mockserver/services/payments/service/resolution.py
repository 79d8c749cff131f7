"""What an operator decides about a crypto payment that came short or late (rules 2.6)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import external_crypto, revenue
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.crypto import CryptoPayment

from .chain import Resolution, find_any, follow, unexpected_state
from .refundables import Refundable
from .refunds import new_refund, store_refund

_REASON = "other"


def resolve_crypto_payment(unit: Unit, payment_id: str, resolution: Resolution) -> CryptoPayment:
    """Accept what arrived as the whole amount, or send it back to the payer's address.

    Raises:
        DomainError: `crypto_payment_not_found`, `crypto_payment_unexpected_state`.
    """
    payment = find_any(unit, payment_id)
    received = payment.amount_received
    if not received:
        raise unexpected_state(payment)
    if resolution == "accept":
        return follow(unit, payment, "accepted", amount=received)
    follow(unit, payment, "returned")
    given_back = _never_booked(payment)
    store_refund(unit, new_refund(unit, given_back, received, _REASON), given_back)
    return find_any(unit, payment_id)


def _never_booked(payment: CryptoPayment) -> Refundable:
    """What arrived, as something to give back: the ledger never saw it (rules CY-8)."""
    return Refundable(
        id=payment.id,
        owner=payment.owner,
        type="crypto",
        reference=None,
        currency=payment.currency,
        succeeded_at=payment.created_at,
        remaining=payment.amount_received,
        source=revenue("crypto"),
        destination=external_crypto(payment.currency),
        course="succeeds",
    )
