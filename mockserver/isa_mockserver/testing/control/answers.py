"""What the control calls answer, as values; what the server in process answers with is used again here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from isa_mockserver.kernel.ledger import LedgerTransaction
from isa_mockserver.kernel.world import Ran


@dataclass(frozen=True, slots=True)
class Health:
    """How the server is: `healthy`, or not."""

    status: str
    service: str
    version: str
    dependencies: Mapping[str, str]
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The time, and whether it stands still."""

    now: datetime
    frozen: bool


@dataclass(frozen=True, slots=True)
class ClockMove(ClockReading):
    """The time after a move, and what fell due on the way, in order."""

    ran: Sequence[Ran]


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A known user."""

    user_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token that the server accepts until `expires_at`, in real time."""

    token: str = field(repr=False)
    sub: str
    roles: Sequence[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SandboxInfo:
    """A sandbox: its clock, and how much is in it."""

    name: str
    clock: ClockReading
    users: int
    events: int


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A named moment: its time, and how many rows and events it has."""

    name: str
    clock: ClockReading
    rows: Mapping[str, int]
    events: int


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account of the ledger with its balance, in minor units or credits."""

    account: str
    currency: str
    balance: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Accounts and transactions; `next_since` goes on where this page ends."""

    accounts: Sequence[AccountBalance]
    accounts_total: int
    transactions: Sequence[LedgerTransaction]
    has_more: bool
    next_since: int


@dataclass(frozen=True, slots=True)
class EventData:
    """The resource after what happened; `previous` has the fields that changed."""

    object: Mapping[str, Any]
    previous: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ControlEvent:
    """An event as it is delivered (rules WH-1)."""

    id: str
    type: str
    timestamp: datetime
    api_version: str
    sequence: int
    data: EventData

    @property
    def object(self) -> Mapping[str, Any]:
        """The resource after what happened."""
        return self.data.object


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, oldest first; `next_since` goes on where this page ends."""

    data: Sequence[ControlEvent]
    has_more: bool
    next_since: int


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One try to deliver."""

    at: datetime
    status: int | None
    latency_ms: int | None
    error: str | None
    trick: str | None


@dataclass(frozen=True, slots=True)
class ControlDelivery:
    """An event on its way to an endpoint (rules WH-12)."""

    event_id: str
    webhook_id: str
    state: Literal["pending", "delivered", "failed"]
    attempts: Sequence[DeliveryAttempt]
    next_attempt: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ControlWebhook:
    """An endpoint; `secret` and the old one are there only where they were asked for."""

    webhook_id: str
    url: str
    events: Sequence[str]
    description: str | None
    enabled: bool
    disabled_reason: str | None
    adversary: Sequence[str]
    created_at: datetime
    secret: str | None = field(default=None, repr=False)
    old_secret: str | None = field(default=None, repr=False)
    old_secret_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FrozenWallet:
    """Whether a wallet is frozen (rules W-5)."""

    wallet_id: str
    user_id: str
    frozen: bool


@dataclass(frozen=True, slots=True)
class CreditGrant:
    """Credits given, and what is left of them (rules CR-3)."""

    grant_id: str
    source: str
    amount: int
    remaining: int
    reserved: int
    effective_at: datetime
    expires_at: datetime | None
    created_at: datetime
