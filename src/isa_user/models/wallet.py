"""What the wallet service (8208) answers (rules section 10)."""

from __future__ import annotations

from typing import Literal

from isa_user.models.common import MinorUnits, Model, MoneyByCurrency, Reference, SecretText, UtcDatetime

__all__ = ["Deposit", "Transfer", "Wallet", "WalletTransaction"]

WalletTransactionType = (
    Literal["deposit", "transfer_in", "transfer_out", "payment", "refund", "adjustment", "withdrawal"] | str
)


class Wallet(Model):
    """The caller's wallet: available and pending money by currency, in minor units (rules W-1, W-2).

    ``balances["credits"]`` mirrors the credit service's total (rules W-3). A currency that was never held
    is not there: ``balances.get("eur", 0)``.
    """

    wallet_id: str
    user_id: str | None = None
    balances: MoneyByCurrency
    pending: MoneyByCurrency
    created_at: UtcDatetime | None = None


class Deposit(Model):
    """Money put into the wallet (rules W-4). Amounts in minor units.

    ``transaction_id`` is None while the customer has to confirm, and ``client_secret`` set; a bank deposit
    has its id from the start, and keeps it when it settles.
    """

    transaction_id: str | None = None
    payment_intent_id: str
    status: Literal["completed", "pending", "requires_action", "processing"] | str
    amount: MinorUnits
    currency: str
    balance: MinorUnits
    client_secret: SecretText | None = None
    created_at: UtcDatetime


class Transfer(Model):
    """Money moved to another user's wallet (rules W-5). Amounts in minor units."""

    transfer_id: str
    transaction_id: str
    from_user_id: str
    to_user_id: str
    amount: MinorUnits
    currency: str
    note: str | None = None
    status: Literal["completed"] | str
    balance: MinorUnits
    created_at: UtcDatetime


class WalletTransaction(Model):
    """One row of the wallet's history (rules W-9). ``amount`` is signed: + into the wallet, - out of it.

    ``completed_at`` is None while a bank deposit is on its way.
    """

    transaction_id: str
    type: WalletTransactionType
    amount: MinorUnits
    currency: str
    balance_before: MinorUnits
    balance_after: MinorUnits
    status: Literal["pending", "completed", "failed"] | str
    counterparty_user_id: str | None = None
    transfer_id: str | None = None
    note: str | None = None
    reference: Reference | None = None
    created_at: UtcDatetime
    completed_at: UtcDatetime | None = None
