"""What the credit endpoints take and answer (rules section 10)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from isa_mockserver.web.fields import (
    ErrorCode,
    Metadata,
    Refuses,
    RequestBody,
    ResponseBody,
    Shape,
    Text255,
    Time,
    Timestamp,
    Token,
)
from isa_mockserver.web.paging import PageQuery

from .model import MAX_CREDITS, EntryType, GrantSource, PurchaseStatus, ReservationStatus

Credits = Annotated[
    StrictInt,
    ErrorCode("invalid_amount"),
    Shape(minimum=1, maximum=MAX_CREDITS),
    Refuses("invalid_amount", "amount_too_large"),
]
TimeToLive = Annotated[StrictInt, Field(ge=1, le=86_400)]


class PurchaseRequest(RequestBody):
    """Heading "Purchase Credits"; `package` is an id, or a name in any case (rules CR-1)."""

    package: Token
    payment_method_id: Token


class ConsumeRequest(RequestBody):
    """Heading "Use Credits"; `amount` in credits (rules CR-8)."""

    amount: Credits
    reason: Text255
    metadata: Metadata = Field(default_factory=dict)


class ReserveRequest(RequestBody):
    """A hold of `amount` credits for `ttl_seconds`."""

    amount: Credits
    reason: Text255
    ttl_seconds: TimeToLive = 900


class OptionalAmountRequest(RequestBody):
    """So many credits, or all (a commit, a refund)."""

    amount: Credits | None = None


class EntryQuery(PageQuery):
    """The filters of the history (rules CR-16)."""

    type: EntryType | None = None
    created_after: Timestamp | None = None
    created_before: Timestamp | None = None


class ExpiringSoonBody(ResponseBody):
    """The free credits that expire first, and when (rules CR-7)."""

    amount: int
    expires_at: Time


class CreditsBody(ResponseBody):
    """The caller's credits (rules CR-6)."""

    total_credits: int
    available_credits: int
    reserved_credits: int
    expiring_soon: ExpiringSoonBody | None


class BalanceBody(ResponseBody):
    """The balance inside another answer."""

    total: int
    available: int
    reserved: int


class PackageBody(ResponseBody):
    """One row of the price table; `price` in minor units."""

    package: str
    name: str
    credits: int
    price: int
    currency: str


class PackagePage(ResponseBody):
    """The price table, on one page."""

    data: list[PackageBody]
    has_more: bool
    next_cursor: str | None


class PurchaseBody(ResponseBody):
    """A purchase; grant and expiry are null until it is paid (rules CR-2)."""

    purchase_id: str
    package: str
    credits: int
    amount: int
    currency: str
    status: PurchaseStatus
    payment_intent_id: str
    client_secret: str | None
    grant_id: str | None
    expires_at: Time | None
    balance: BalanceBody
    created_at: Time


class AllocationBody(ResponseBody):
    """How much falls on one grant."""

    grant_id: str
    amount: int


class ConsumptionBody(ResponseBody):
    """Credits spent, and how many of them came back (rules CR-8, CR-13)."""

    consumption_id: str
    amount: int
    reason: str
    metadata: dict[str, str]
    allocations: list[AllocationBody]
    refunded: int
    balance: BalanceBody
    created_at: Time


class GrantBody(ResponseBody):
    """Credits given or bought, and what is left of them (rules CR-3)."""

    grant_id: str
    source: GrantSource
    amount: int
    remaining: int
    reserved: int
    cost_basis: int
    priority: int
    effective_at: Time
    expires_at: Time | None
    voided_at: Time | None
    purchase_id: str | None
    created_at: Time


class ReservationBody(ResponseBody):
    """A hold and how it stands (rules CR-10)."""

    reservation_id: str
    amount: int
    status: ReservationStatus
    reason: str
    expires_at: Time | None
    committed_amount: int | None
    balance: BalanceBody
    created_at: Time


class ReferenceBody(ResponseBody):
    """What an entry belongs to."""

    type: str
    id: str


class BalanceAfterBody(ResponseBody):
    """The balance that an entry left."""

    available: int
    reserved: int


class EntryBody(ResponseBody):
    """One line of the history; `amount` is signed (rules CR-16)."""

    transaction_id: str
    type: EntryType
    amount: int
    allocations: list[AllocationBody]
    reference: ReferenceBody
    balance_after: BalanceAfterBody
    created_at: Time


class EntryPage(ResponseBody):
    """One page of the history, newest first (rules 8.5)."""

    data: list[EntryBody]
    has_more: bool
    next_cursor: str | None
