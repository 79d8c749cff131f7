"""What can be refunded: intents and crypto payments as one thing (rules 2.5, RF-4)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from isa_mockserver.kernel.cards import RefundCourse
from isa_mockserver.kernel.chart import Account, external_crypto, revenue
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.crypto import CRYPTO_PAYMENTS, CryptoPayment
from isa_mockserver.services.payments.model.intent import INTENTS, Intent
from isa_mockserver.services.ports import PaymentType

from .methods import instrument, method_of


class Refundable(NamedTuple):
    """A succeeded payment: what is left of it, and between which accounts its refund moves.

    `remaining` is in minor units, or in the coin's API unit: received, less what went back, less
    proration credit granted out of it (rules RF-9).
    """

    id: str
    owner: str
    type: PaymentType
    reference: Reference | None
    currency: str
    succeeded_at: datetime
    remaining: int
    source: Account
    destination: Account
    course: RefundCourse


def refundable(payment: Intent | CryptoPayment) -> Refundable | None:
    """The payment as something to refund, or None while it has not succeeded."""
    return _of_crypto(payment) if isinstance(payment, CryptoPayment) else _of_intent(payment)


def find_payment(unit: Unit, payment_id: str) -> Intent | CryptoPayment | None:
    """The intent or crypto payment of this id."""
    return unit.get(INTENTS, payment_id) or unit.get(CRYPTO_PAYMENTS, payment_id)


def add_refunded(unit: Unit, payment_id: str, change: int) -> None:
    """Count `change` minor units more (or, negative, fewer) as refunded."""
    if intent := unit.get(INTENTS, payment_id):
        unit.put(INTENTS, intent._replace(amount_refunded=intent.amount_refunded + change))
    elif crypto := unit.get(CRYPTO_PAYMENTS, payment_id):
        unit.put(CRYPTO_PAYMENTS, crypto._replace(amount_refunded=crypto.amount_refunded + change))


def _of_intent(intent: Intent) -> Refundable | None:
    if intent.succeeded_at is None:
        return None
    method = method_of(intent)
    return Refundable(
        id=intent.id,
        owner=intent.owner,
        type=intent.type,
        reference=intent.reference,
        currency=intent.currency,
        succeeded_at=intent.succeeded_at,
        remaining=max(0, intent.amount_received - intent.amount_refunded - intent.credits_granted),
        source=intent.destination,
        destination=instrument(method, intent.owner),
        course=method.refund,
    )


def _of_crypto(payment: CryptoPayment) -> Refundable | None:
    if payment.succeeded_at is None:
        return None
    return Refundable(
        id=payment.id,
        owner=payment.owner,
        type="crypto",
        reference=None,
        currency=payment.currency,
        succeeded_at=payment.succeeded_at,
        remaining=payment.amount_received - payment.amount_refunded,
        source=revenue("crypto"),
        destination=external_crypto(payment.currency),
        course="succeeds",
    )
