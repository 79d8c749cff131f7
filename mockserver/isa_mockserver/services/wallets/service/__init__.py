"""The rules of wallets: plain functions over a Unit (rules section 3)."""

from __future__ import annotations

from .accounts import funds_of, seed_wallet, set_frozen, wallet_of
from .deposits import deposit
from .reactors import REACTORS
from .transfers import transfer

__all__ = ["REACTORS", "deposit", "funds_of", "seed_wallet", "set_frozen", "transfer", "wallet_of"]
