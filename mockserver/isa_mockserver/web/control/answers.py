"""What the control calls answer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

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


class UserList(ResponseBody):
    """Everyone who is known, in the order in which they came."""

    data: list[UserBody]


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
