"""The history of credits, and which accounts each kind of entry moves between (rules CR-16, 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.store import TableSpec

from .account import Balance
from .grant import Allocation

EntryType = Literal[
    "purchase", "grant", "consume", "reserve", "release", "commit", "expire", "refund", "revoke"
]
Place = Literal["issued", "available", "reserved"]


class EntryKind(NamedTuple):
    """From where to where the credits go, and the sign that the history shows."""

    source: Place
    destination: Place
    sign: int


_IN = EntryKind("issued", "available", 1)
_OUT = EntryKind("available", "issued", -1)

ENTRY_KINDS: Mapping[EntryType, EntryKind] = {
    "purchase": _IN,
    "grant": _IN,
    "refund": _IN,
    "consume": _OUT,
    "expire": _OUT,
    "revoke": _OUT,
    "reserve": EntryKind("available", "reserved", -1),
    "release": EntryKind("reserved", "available", 1),
    "commit": EntryKind("reserved", "issued", -1),
}


class Entry(NamedTuple):
    """One immutable line of the history: signed credits, the grants that they fall on, the balance after."""

    id: str
    owner: str
    created_at: datetime
    type: EntryType
    amount: int
    allocations: tuple[Allocation, ...]
    reference: Reference
    balance_after: Balance


ENTRIES = TableSpec("credit_entries", Entry, indexes=("owner",))
