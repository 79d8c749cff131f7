"""What happens on the chain, driven by control calls and the clock only (rules 2.6, CY-7)."""

from __future__ import annotations

from typing import Any, Literal

from isa_mockserver.kernel.chart import external_crypto, revenue
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.money import bounded_total, positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.coins import CHAINS, MAX_AMOUNT
from isa_mockserver.services.payments.model.crypto import (
    CRYPTO_PAYMENTS,
    EVENTS,
    TRANSITIONS,
    ChainTransaction,
    ChainTrigger,
    CryptoPayment,
    CryptoStatus,
)
from isa_mockserver.services.payments.views import crypto_view, payment_view

Resolution = Literal["accept", "refund"]

_SEES_TRANSACTIONS: frozenset[CryptoStatus] = frozenset({"pending", "confirming", "expired", "underpaid"})
_LATE: frozenset[CryptoStatus] = frozenset({"expired", "underpaid"})


def unexpected_state(payment: CryptoPayment) -> DomainError:
    """The 409 that tells the state which forbids what was asked."""
    return DomainError(
        "crypto_payment_unexpected_state",
        f"The crypto payment is {payment.status}; this cannot be done to it.",
        context={"status": payment.status},
    )


def follow(unit: Unit, payment: CryptoPayment, trigger: ChainTrigger, **changes: Any) -> CryptoPayment:
    """Let the payment follow what happened, with its postings and events.

    Raises:
        DomainError: `crypto_payment_unexpected_state`.
    """
    status = TRANSITIONS.get((payment.status, trigger))
    if status is None:
        raise unexpected_state(payment)
    if status == "confirmed":
        changes["succeeded_at"] = unit.now
    after = unit.put(CRYPTO_PAYMENTS, payment._replace(status=status, **changes))
    if status == "confirmed":
        coin = after.currency
        moved = Posting(external_crypto(coin), revenue("crypto"), after.amount_received, coin)
        unit.post(Reference("payment", after.id), moved)
    for type_ in EVENTS.get(trigger, ()):
        _emit(unit, type_, after)
    return after


def add_transaction(unit: Unit, payment_id: str, *, tx_hash: str, amount: int) -> CryptoPayment:
    """A transfer of `amount` (the coin's API unit) was seen; the same hash counts once (rules CY-7).

    Raises:
        DomainError: `crypto_payment_not_found`, `crypto_payment_unexpected_state`, `invalid_amount`,
            `amount_too_large`, `amount_overflow`.
    """
    positive_amount(amount, maximum=MAX_AMOUNT)
    payment = find_any(unit, payment_id)
    if any(seen.tx_hash == tx_hash for seen in payment.transactions):
        return payment
    if payment.status not in _SEES_TRANSACTIONS:
        raise unexpected_state(payment)
    bounded_total(payment.amount_received + amount)
    paid = payment._replace(transactions=(*payment.transactions, ChainTransaction(tx_hash, amount)))
    unit.put(CRYPTO_PAYMENTS, paid)
    if paid.status in _LATE:
        _emit(unit, "crypto_payment.late", paid)
    elif paid.status == "pending" and paid.amount_received >= paid.amount:
        return follow(unit, paid, "covered")
    return paid


def add_confirmations(unit: Unit, payment_id: str, count: int) -> CryptoPayment:
    """`count` blocks were added on top of every transaction seen so far (rules CY-7).

    Raises:
        DomainError: `crypto_payment_not_found`, `invalid_value`.
    """
    if count < 1:
        raise DomainError("invalid_value", "Add 1 confirmation or more.", param="confirmations")
    payment = find_any(unit, payment_id)
    deeper = tuple(t._replace(confirmations=t.confirmations + count) for t in payment.transactions)
    buried = unit.put(CRYPTO_PAYMENTS, payment._replace(transactions=deeper))
    needed = CHAINS[buried.blockchain].confirmations
    if buried.status == "confirming" and buried.confirmations >= needed:
        overpaid = buried.amount_received - buried.amount
        return follow(unit, buried, "confirmed", overpaid_amount=overpaid or None)
    return buried


def drop_transaction(unit: Unit, payment_id: str, tx_hash: str) -> CryptoPayment:
    """The chain forgot a transaction before it was final (rules 2.6).

    Raises:
        DomainError: `crypto_payment_not_found`, also where the payment has no such transaction, and
            `crypto_payment_unexpected_state`.
    """
    payment = find_any(unit, payment_id)
    kept = tuple(seen for seen in payment.transactions if seen.tx_hash != tx_hash)
    if len(kept) == len(payment.transactions):
        raise DomainError("crypto_payment_not_found", "The payment has no such transaction.")
    if payment.status not in _SEES_TRANSACTIONS:
        raise unexpected_state(payment)
    shorter = unit.put(CRYPTO_PAYMENTS, payment._replace(transactions=kept))
    if shorter.status == "confirming" and shorter.amount_received < shorter.amount:
        return follow(unit, shorter, "uncovered" if unit.now < shorter.expires_at else "uncovered_late")
    return shorter


def expire_crypto_payment(unit: Unit, payment_id: str) -> None:
    """The job `crypto_expiry`: nothing, or too little, arrived in time; what was seen in time counts."""
    payment = find_any(unit, payment_id)
    if payment.status == "pending":
        follow(unit, payment, "lapsed_short" if payment.amount_received else "lapsed_empty")


def find_any(unit: Unit, payment_id: str) -> CryptoPayment:
    """The crypto payment of any user.

    Raises:
        DomainError: `crypto_payment_not_found`.
    """
    payment = unit.get(CRYPTO_PAYMENTS, payment_id)
    if payment is None:
        raise DomainError("crypto_payment_not_found", "There is no such crypto payment.")
    return payment


def _emit(unit: Unit, type_: str, payment: CryptoPayment) -> None:
    view = payment_view(payment) if type_.startswith("payment.") else crypto_view(payment)
    unit.emit(type_, payment.owner, view)
