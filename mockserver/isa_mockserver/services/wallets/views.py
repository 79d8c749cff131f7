"""Wallet rows as the API shows them (rules section 10)."""

from __future__ import annotations

from typing import Any

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.money import CREDITS

from .model import Deposit, Entry, Funds, Transfer, Wallet


def wallet_view(wallet: Wallet, funds: Funds, total_credits: int) -> dict[str, Any]:
    """Heading "Get Wallet Balance" (rules W-1, W-2); `total_credits` is the read-only mirror of W-3."""
    return {
        "wallet_id": wallet.id,
        "user_id": wallet.owner,
        "balances": {**funds.available, CREDITS: total_credits},
        "pending": dict(funds.pending),
        "created_at": format_time(wallet.created_at),
    }


def deposit_view(deposit: Deposit) -> dict[str, Any]:
    """Heading "Add Funds" (rules W-4)."""
    return {**deposited_view(deposit), "client_secret": deposit.client_secret}


def deposited_view(deposit: Deposit) -> dict[str, Any]:
    """The deposit without its secret, as events carry it (rules WH-1)."""
    return {
        "transaction_id": deposit.transaction_id,
        "payment_intent_id": deposit.payment_intent_id,
        "status": deposit.status,
        "amount": deposit.amount,
        "currency": deposit.currency,
        "balance": deposit.balance,
        "created_at": format_time(deposit.created_at),
    }


def transfer_view(transfer: Transfer) -> dict[str, Any]:
    """Heading "Transfer Between Users" (rules W-5)."""
    return {
        "transfer_id": transfer.id,
        "transaction_id": transfer.transaction_id,
        "from_user_id": transfer.from_user_id,
        "to_user_id": transfer.to_user_id,
        "amount": transfer.amount,
        "currency": transfer.currency,
        "note": transfer.note,
        "status": "completed",
        "balance": transfer.balance,
        "created_at": format_time(transfer.created_at),
    }


def entry_view(entry: Entry) -> dict[str, Any]:
    """One row of heading "Transaction History" (rules W-9)."""
    reference = entry.reference
    return {
        "transaction_id": entry.id,
        "type": entry.type,
        "amount": entry.amount,
        "currency": entry.currency,
        "balance_before": entry.balance_before,
        "balance_after": entry.balance_after,
        "status": entry.status,
        "counterparty_user_id": entry.counterparty_user_id,
        "transfer_id": entry.transfer_id,
        "note": entry.note,
        "reference": {"type": reference.type, "id": reference.id} if reference else None,
        "created_at": format_time(entry.created_at),
        "completed_at": format_time(entry.completed_at) if entry.completed_at else None,
    }
