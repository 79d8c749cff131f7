"""The rows of the credits slice, its price table and its state machines (rules section 6)."""

from __future__ import annotations

from .account import ACCOUNTS, Account, Balance, ExpiringSoon
from .entry import ENTRIES, ENTRY_KINDS, Entry, EntryKind, EntryType
from .grant import (
    GRANTS,
    NOTICE,
    Allocation,
    Grant,
    GrantSource,
    allocate,
    burn_order,
    is_live,
    total_of,
)
from .purchase import (
    PACKAGES,
    PURCHASE_NEXT,
    PURCHASES,
    Package,
    Purchase,
    PurchaseStatus,
)
from .usage import (
    CONSUMPTIONS,
    MAX_CREDITS,
    RESERVATION_NEXT,
    RESERVATION_REFUSALS,
    RESERVATIONS,
    Consumption,
    Reservation,
    ReservationAction,
    ReservationStatus,
)

TABLES = (ACCOUNTS, GRANTS, PURCHASES, CONSUMPTIONS, RESERVATIONS, ENTRIES)

__all__ = [
    "ACCOUNTS",
    "CONSUMPTIONS",
    "ENTRIES",
    "ENTRY_KINDS",
    "GRANTS",
    "MAX_CREDITS",
    "NOTICE",
    "PACKAGES",
    "PURCHASES",
    "PURCHASE_NEXT",
    "RESERVATIONS",
    "RESERVATION_NEXT",
    "RESERVATION_REFUSALS",
    "TABLES",
    "Account",
    "Allocation",
    "Balance",
    "Consumption",
    "Entry",
    "EntryKind",
    "EntryType",
    "ExpiringSoon",
    "Grant",
    "GrantSource",
    "Package",
    "Purchase",
    "PurchaseStatus",
    "Reservation",
    "ReservationAction",
    "ReservationStatus",
    "allocate",
    "burn_order",
    "is_live",
    "total_of",
]
