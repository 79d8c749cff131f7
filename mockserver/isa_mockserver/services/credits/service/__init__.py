"""The rules of credits: plain functions over a Unit (rules section 6)."""

from __future__ import annotations

from .accounts import balance_of, expiring_soon, total_credits
from .consumptions import consume, refund_consumption
from .grants import DEFAULT_EXPIRY, DefaultExpiry, announce_expiry, give, sweep
from .purchases import PurchaseResult, purchase
from .reactors import REACTORS
from .reservations import commit, release, reserve, run_out
from .seeds import seed_credits

__all__ = [
    "DEFAULT_EXPIRY",
    "REACTORS",
    "DefaultExpiry",
    "PurchaseResult",
    "announce_expiry",
    "balance_of",
    "commit",
    "consume",
    "expiring_soon",
    "give",
    "purchase",
    "refund_consumption",
    "release",
    "reserve",
    "run_out",
    "seed_credits",
    "sweep",
    "total_credits",
]
