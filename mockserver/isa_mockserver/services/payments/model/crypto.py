"""The crypto payment and its state machine as data (rules 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec

CryptoStatus = Literal["pending", "confirming", "confirmed", "expired", "underpaid", "canceled", "refunded"]
ChainTrigger = Literal[
    "covered",
    "confirmed",
    "uncovered",
    "uncovered_late",
    "lapsed_empty",
    "lapsed_short",
    "accepted",
    "returned",
    "canceled",
]

PAYMENT_WINDOW = timedelta(minutes=60)
"""How long a crypto payment waits for its transaction (rules CY-1)."""

TRANSITIONS: Mapping[tuple[CryptoStatus, ChainTrigger], CryptoStatus] = {
    ("pending", "covered"): "confirming",
    ("pending", "lapsed_empty"): "expired",
    ("pending", "lapsed_short"): "underpaid",
    ("pending", "canceled"): "canceled",
    ("confirming", "confirmed"): "confirmed",
    ("confirming", "uncovered"): "pending",
    ("confirming", "uncovered_late"): "expired",
    ("underpaid", "accepted"): "confirmed",
    ("underpaid", "returned"): "refunded",
    ("expired", "accepted"): "confirmed",
    ("expired", "returned"): "refunded",
}
"""(State, what happened) -> next state; what is not here answers 409 (rules 2.6)."""

EVENTS: Mapping[ChainTrigger, tuple[str, ...]] = {
    "covered": ("crypto_payment.confirming",),
    "confirmed": ("payment.succeeded", "crypto_payment.confirmed"),
    "lapsed_empty": ("crypto_payment.expired",),
    "lapsed_short": ("payment.failed", "crypto_payment.underpaid"),
    "accepted": ("payment.succeeded", "crypto_payment.confirmed"),
    "canceled": ("payment.canceled",),
}
"""What happened -> its events, in order (rules 2.6, CY-8)."""


class ChainTransaction(NamedTuple):
    """A transfer to the deposit address, and how many blocks lie on it. `amount` in the coin's API unit."""

    tx_hash: str
    amount: int
    confirmations: int = 0


class CryptoPayment(NamedTuple):
    """A payment that waits for a transfer on a blockchain. Amounts in the coin's API unit (rules CY-2)."""

    id: str
    owner: str
    created_at: datetime
    amount: int
    currency: str
    blockchain: str
    wallet_address: str
    deposit_address: str
    expires_at: datetime
    status: CryptoStatus = "pending"
    transactions: tuple[ChainTransaction, ...] = ()
    overpaid_amount: int | None = None
    amount_refunded: int = 0
    succeeded_at: datetime | None = None

    @property
    def amount_received(self) -> int:
        """The sum of the transactions that were seen."""
        return sum(transaction.amount for transaction in self.transactions)

    @property
    def confirmations(self) -> int:
        """Blocks on the youngest of the oldest transactions that together cover the amount; 0 while short."""
        covered = 0
        for transaction in sorted(self.transactions, key=lambda t: -t.confirmations):
            covered += transaction.amount
            if covered >= self.amount:
                return transaction.confirmations
        return 0


CRYPTO_PAYMENTS = TableSpec("crypto_payments", CryptoPayment, ("owner",))
