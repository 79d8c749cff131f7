"""What the control calls of the test tool answer: faults, requests, snapshots."""

from __future__ import annotations

from typing import Any

from isa_mockserver.web.faults.model import Effect
from isa_mockserver.web.fields import ResponseBody, Time

from .answers import ClockBody, EventBody, LedgerTransactionBody


class FaultMatchBody(ResponseBody):
    """Which requests a fault strikes; null is any."""

    service: str | None
    operation: str | None
    user: str | None
    nth: int


class FaultBody(ResponseBody):
    """An armed fault, and how many requests it matched and struck; options only where they are set."""

    fault_id: str
    effect: Effect
    match: FaultMatchBody
    times: int | None
    probability: float
    seed: int
    latency_s: float = 0
    status: int = 0
    code: str = ""
    retry_after_s: int = 0
    burst: int = 0
    per_s: float = 0
    matched: int
    struck: int
    spent: bool


class FaultList(ResponseBody):
    """What is armed, oldest first."""

    data: list[FaultBody]


class RequestCounts(ResponseBody):
    """How many requests fit, altogether and by operation and status."""

    total: int
    by_operation: dict[str, int]
    by_status: dict[str, int]


class RequestEntryBody(ResponseBody):
    """A request and what it was answered, redacted; `status` is null where it got no answer."""

    sequence: int
    at: Time
    method: str
    path: str
    query: dict[str, Any]
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


class RequestPage(ResponseBody):
    """The requests that fit, oldest first, and how many the journal holds and had to drop."""

    data: list[RequestEntryBody]
    has_more: bool
    next_since: int
    counts: RequestCounts
    kept: int
    dropped: int


class SnapshotBody(ResponseBody):
    """A named moment: its time, and how many rows and events it has."""

    name: str
    clock: ClockBody
    rows: dict[str, int]
    events: int


class SnapshotList(ResponseBody):
    """Every snapshot of the sandbox."""

    data: list[SnapshotBody]


class TimeChange(ResponseBody):
    """From when to when."""

    before: Time
    after: Time


class BalanceChange(ResponseBody):
    """An account whose balance differs; null where there was none."""

    account: str
    currency: str
    before: int | None
    after: int | None


class RowChangesBody(ResponseBody):
    """Rows by id: those that came, those that went, and the fields of those that changed."""

    added: dict[str, Any]
    removed: dict[str, Any]
    changed: dict[str, Any]


class DifferenceBody(ResponseBody):
    """What changed from one moment to another; secrets are hidden."""

    time: TimeChange
    tables: dict[str, RowChangesBody]
    transactions: list[LedgerTransactionBody]
    balances: list[BalanceChange]
    events: list[EventBody]
