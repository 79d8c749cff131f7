"""What the control calls answer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from isa_mockserver.web.faults.model import Effect
from isa_mockserver.web.fields import ResponseBody, Time


class ClockBody(ResponseBody):
    """The World's time, and whether it stands still."""

    now: Time
    frozen: bool


class RanBody(ResponseBody):
    """A job that was run, and when it was due."""

    due: Time
    kind: str
    id: str


class MovedBody(ClockBody):
    """The time after a move, and what fell due on the way, in order."""

    ran: list[RanBody]


class StateBody(ResponseBody):
    """Everything the World holds, secrets included; its parts are the kernel's own."""

    version: int
    clock: ClockBody
    counters: dict[str, int]
    tables: dict[str, Any]
    ledger: list[Any]
    events: list[Any]
    jobs: list[Any]


class UserBody(ResponseBody):
    """A known user."""

    user_id: str
    created_at: Time


class TokenBody(ResponseBody):
    """A token that this server accepts until `expires_at`, in real time."""

    token: str
    sub: str
    roles: list[str]
    expires_at: Time


class SandboxBody(ResponseBody):
    """A sandbox: its name, its clock, and how much happened in it."""

    name: str
    clock: ClockBody
    users: int
    events: int


class SandboxList(ResponseBody):
    """Every sandbox, the default one first."""

    data: list[SandboxBody]


class DroppedBody(ResponseBody):
    """How many were forgotten."""

    dropped: int


class ClearedBody(ResponseBody):
    """How many were forgotten."""

    cleared: int


class AccountBody(ResponseBody):
    """An account of the ledger with its balance, in minor units or credits."""

    account: str
    currency: str
    balance: int


class ReferenceBody(ResponseBody):
    """What a transaction belongs to."""

    type: str
    id: str


class PostingBody(ResponseBody):
    """A movement between two accounts."""

    source: str
    destination: str
    amount: int
    currency: str


class LedgerTransactionBody(ResponseBody):
    """Postings that happened together."""

    sequence: int
    at: Time
    reference: ReferenceBody
    postings: list[PostingBody]


class LedgerBody(ResponseBody):
    """Accounts and transactions; `next_since` goes on where this page ends."""

    accounts: list[AccountBody]
    accounts_total: int
    transactions: list[LedgerTransactionBody]
    has_more: bool
    next_since: int


class LedgerCheckBody(ResponseBody):
    """Whether the books add up: the sum of each currency is 0, and there are no violations."""

    ok: bool
    currencies: dict[str, int]
    violations: list[str]


class EventDataBody(ResponseBody):
    """The resource after what happened; `previous` has the fields that changed."""

    object: dict[str, Any]
    previous: dict[str, Any] = Field(default_factory=dict)


class EventBody(ResponseBody):
    """An event as it is delivered (rules WH-1)."""

    id: str
    type: str
    timestamp: Time
    api_version: str
    sequence: int
    data: EventDataBody


class EventPage(ResponseBody):
    """Events, oldest first; `next_since` goes on where this page ends."""

    data: list[EventBody]
    has_more: bool
    next_since: int


class AttemptBody(ResponseBody):
    """One try to deliver."""

    at: Time
    status: int | None
    latency_ms: int | None
    error: str | None
    trick: str | None


class DeliveryBody(ResponseBody):
    """An event on its way to an endpoint (rules WH-12)."""

    event_id: str
    webhook_id: str
    state: Literal["pending", "delivered", "failed"]
    attempts: list[AttemptBody]
    next_attempt: Time | None
    created_at: Time


class DeliveryPage(ResponseBody):
    """Every delivery of an event."""

    data: list[DeliveryBody]
    has_more: bool
    next_cursor: str | None


class DeliveryList(ResponseBody):
    """The deliveries that were made ready again."""

    data: list[DeliveryBody]


class WebhookBody(ResponseBody):
    """An endpoint; secrets only where they are asked for."""

    webhook_id: str
    url: str
    events: list[str]
    description: str | None
    enabled: bool
    disabled_reason: str | None
    adversary: list[str]
    created_at: Time
    secret: str = ""
    old_secret: str | None = None
    old_secret_until: Time | None = None


class WebhookPage(ResponseBody):
    """Every endpoint, oldest first."""

    data: list[WebhookBody]
    has_more: bool
    next_cursor: str | None


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
