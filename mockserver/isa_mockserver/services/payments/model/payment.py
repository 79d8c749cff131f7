"""What intents and crypto payments share: their one order in the history, and who pays how by default."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from isa_mockserver.kernel.store import TableSpec


class HistoryEntry(NamedTuple):
    """The place of an intent or crypto payment in its owner's history (rules PH-1); `id` is theirs."""

    id: str
    owner: str
    created_at: datetime


class Payer(NamedTuple):
    """A user who paid before; `id` is the user's, the method is the last that succeeded (rules SB-3)."""

    id: str
    owner: str
    created_at: datetime
    default_method_id: str


HISTORY = TableSpec("payments", HistoryEntry, ("owner",))
PAYERS = TableSpec("payers", Payer)
