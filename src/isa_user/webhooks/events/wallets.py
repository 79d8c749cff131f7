"""Events of wallets (rules WH-2, WH-3)."""

from __future__ import annotations

from typing import Literal

from isa_user.models.wallet import Deposit, Transfer
from isa_user.webhooks.events._base import EventData, TypedEvent

__all__ = [
    "WalletDeposited",
    "WalletTransferred",
]


class WalletDeposited(TypedEvent[EventData[Deposit]]):
    """Money was added to a wallet (heading "Add Funds")."""

    type: Literal["wallet.deposited"] = "wallet.deposited"


class WalletTransferred(TypedEvent[EventData[Transfer]]):
    """Money moved between two wallets; each of the two users has an event (rules W-11)."""

    type: Literal["wallet.transferred"] = "wallet.transferred"
