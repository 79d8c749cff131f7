"""What wallets do when payments tell of money: credit, give back, list (rules P2b, RF-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import Reactor
from isa_mockserver.services.ports import (
    PaymentFailed,
    PaymentMoved,
    PaymentSucceeded,
    RefundMade,
    RefundUndone,
    WalletDebited,
    WalletRefunded,
)
from isa_mockserver.services.wallets.model import DepositOrder

from .deposits import announce, credit, fail
from .entries import record


def on_payment_succeeded(unit: Unit, signal: PaymentSucceeded) -> None:
    """Credit a deposit that was waiting for authentication, a new card or a bank debit (rules W-4)."""
    if signal.type == "deposit":
        credit(unit, _order(signal))


def on_payment_moved(unit: Unit, signal: PaymentMoved) -> None:
    """List a deposit that its customer pays by bank in the end (rules W-4)."""
    if signal.type == "deposit" and signal.status == "processing":
        announce(unit, _order(signal))


def on_payment_failed(unit: Unit, signal: PaymentFailed) -> None:
    """Mark money that was on its way as failed (rules W-4)."""
    if signal.type == "deposit":
        fail(unit, signal.payment_intent_id)


def on_refund_made(unit: Unit, signal: RefundMade) -> None:
    """List the part of a deposit that went back to its card (rules RF-5)."""
    if signal.type == "deposit":
        record(
            unit,
            owner=signal.owner,
            entry_type="refund",
            amount=-signal.amount,
            currency=signal.currency,
            reference=Reference("refund", signal.refund_id),
            payment_intent_id=signal.payment_intent_id,
        )


def on_refund_undone(unit: Unit, signal: RefundUndone) -> None:
    """List the money of a refund that failed and came back into the wallet (rules RF-2)."""
    if signal.type == "deposit":
        record(
            unit,
            owner=signal.owner,
            entry_type="adjustment",
            amount=signal.amount,
            currency=signal.currency,
            reference=Reference("refund", signal.refund_id),
            payment_intent_id=signal.payment_intent_id,
        )


def on_wallet_debited(unit: Unit, signal: WalletDebited) -> None:
    """List a payment by `pm_wallet` (rules 2.1)."""
    record(
        unit,
        owner=signal.owner,
        entry_type="payment",
        amount=-signal.amount,
        currency=signal.currency,
        reference=Reference("payment_intent", signal.payment_intent_id),
        payment_intent_id=signal.payment_intent_id,
    )


def on_wallet_refunded(unit: Unit, signal: WalletRefunded) -> None:
    """List the refund of a payment by `pm_wallet` (rules 2.1)."""
    record(
        unit,
        owner=signal.owner,
        entry_type="refund",
        amount=signal.amount,
        currency=signal.currency,
        reference=Reference("refund", signal.refund_id),
        payment_intent_id=signal.payment_intent_id,
    )


def _order(signal: PaymentSucceeded | PaymentMoved) -> DepositOrder:
    return DepositOrder(
        owner=signal.owner,
        amount=signal.amount,
        currency=signal.currency,
        payment_intent_id=signal.payment_intent_id,
    )


REACTORS: Mapping[type, Sequence[Reactor]] = {
    PaymentSucceeded: (on_payment_succeeded,),
    PaymentMoved: (on_payment_moved,),
    PaymentFailed: (on_payment_failed,),
    RefundMade: (on_refund_made,),
    RefundUndone: (on_refund_undone,),
    WalletDebited: (on_wallet_debited,),
    WalletRefunded: (on_wallet_refunded,),
}
