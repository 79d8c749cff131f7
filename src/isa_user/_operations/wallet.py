"""Rows of the wallet service (8208)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._operations._row import Operation, get, post

if TYPE_CHECKING:
    from isa_user.models.wallet import Deposit, Transfer, Wallet, WalletTransaction

__all__ = ["DEPOSIT", "GET_WALLET", "GET_WALLET_TRANSACTIONS", "TRANSFER"]

GET_WALLET: Operation[Wallet] = get(
    "get_balance", "wallet", "/wallets/me", "wallet.Wallet", "Get Wallet Balance"
)
DEPOSIT: Operation[Deposit] = post(
    "deposit",
    "wallet",
    "/wallets/me/deposit",
    "wallet.Deposit",
    "Add Funds",
    "amount currency payment_method_id",
)
TRANSFER: Operation[Transfer] = post(
    "transfer",
    "wallet",
    "/wallets/transfer",
    "wallet.Transfer",
    "Transfer Between Users",
    "to_user_id amount currency",
)
GET_WALLET_TRANSACTIONS: Operation[WalletTransaction] = get(
    "get_transactions",
    "wallet",
    "/wallets/me/transactions",
    "wallet.WalletTransaction",
    "Transaction History",
    many=True,
)
