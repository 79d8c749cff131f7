"""What the control calls answer about requests, faults and differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from isa_mockserver.kernel.ledger import LedgerTransaction

from .answers import ControlEvent


@dataclass(frozen=True, slots=True)
class FaultMatch:
    """Which requests a fault strikes; None is any."""

    service: str | None
    operation: str | None
    user: str | None
    nth: int


@dataclass(frozen=True, slots=True)
class ArmedFault:
    """A fault in place: how many requests it `matched` and `struck`; options only where they are set."""

    fault_id: str
    effect: str
    match: FaultMatch
    times: int | None
    probability: float
    seed: int
    matched: int
    struck: int
    spent: bool
    latency_s: float = 0.0
    status: int | None = None
    code: str | None = None
    retry_after_s: int | None = None
    burst: int | None = None
    per_s: float | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A request and what it was answered, redacted; `status` is None where it got no answer."""

    sequence: int
    at: datetime
    method: str
    path: str
    query: Mapping[str, Any]
    service: str | None
    operation: str | None
    user: str | None
    status: int | None
    code: str | None
    request_id: str
    latency_ms: float
    replayed: bool
    warning: str | None
    fault: str | None
    body: Any


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """How many requests fit, altogether and by operation and status."""

    total: int
    by_operation: Mapping[str, int]
    by_status: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The requests that fit, oldest first; `dropped` older ones the journal keeps no more."""

    data: Sequence[JournalEntry]
    has_more: bool
    next_since: int
    counts: RequestCounts
    kept: int
    dropped: int


@dataclass(frozen=True, slots=True)
class TimeChange:
    """From when to when."""

    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """An account whose balance differs."""

    account: str
    currency: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Rows by id: those that came, those that went, and the fields of those that changed."""

    added: Mapping[str, Any]
    removed: Mapping[str, Any]
    changed: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SnapshotDifference:
    """What changed from one moment to another; secrets are hidden."""

    time: TimeChange
    tables: Mapping[str, RowChanges]
    transactions: Sequence[LedgerTransaction]
    balances: Sequence[BalanceChange]
    events: Sequence[ControlEvent]
