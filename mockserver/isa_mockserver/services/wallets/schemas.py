"""What the wallet endpoints take and answer (rules section 10)."""

from __future__ import annotations

from typing import Literal

from isa_mockserver.web.fields import (
    Amount,
    Currency,
    RequestBody,
    ResponseBody,
    Text500,
    Time,
    Timestamp,
    Token,
)
from isa_mockserver.web.paging import PageQuery

from .model import DepositStatus, EntryStatus, EntryType


class DepositRequest(RequestBody):
    """Heading "Add Funds"; `amount` in minor units."""

    amount: Amount
    currency: Currency
    payment_method_id: Token


class TransferRequest(RequestBody):
    """Heading "Transfer Between Users"; `amount` in minor units."""

    to_user_id: Token
    amount: Amount
    currency: Currency
    note: Text500 | None = None


class EntryQuery(PageQuery):
    """The filters of heading "Transaction History" (rules W-10)."""

    type: EntryType | None = None
    currency: Currency | None = None
    status: EntryStatus | None = None
    created_after: Timestamp | None = None
    created_before: Timestamp | None = None


class WalletBody(ResponseBody):
    """A wallet: minor units by currency, and the mirror of the credits (rules W-1 to W-3)."""

    wallet_id: str
    user_id: str
    balances: dict[str, int]
    pending: dict[str, int]
    created_at: Time


class FrozenBody(ResponseBody):
    """Whether a wallet is frozen (rules W-5)."""

    wallet_id: str
    user_id: str
    frozen: bool


class DepositBody(ResponseBody):
    """A deposit; `client_secret` only while the customer has to authenticate (rules W-4)."""

    transaction_id: str | None
    payment_intent_id: str
    status: DepositStatus
    amount: int
    currency: str
    balance: int
    client_secret: str | None
    created_at: Time


class TransferBody(ResponseBody):
    """A transfer as its sender sees it (rules W-5)."""

    transfer_id: str
    transaction_id: str
    from_user_id: str
    to_user_id: str
    amount: int
    currency: str
    note: str | None
    status: Literal["completed"]
    balance: int
    created_at: Time


class ReferenceBody(ResponseBody):
    """What an entry belongs to."""

    type: str
    id: str


class EntryBody(ResponseBody):
    """One line of the statement; `amount` is signed, `completed_at` null while it is on its way (W-9)."""

    transaction_id: str
    type: EntryType
    amount: int
    currency: str
    balance_before: int
    balance_after: int
    status: EntryStatus
    counterparty_user_id: str | None
    transfer_id: str | None
    note: str | None
    reference: ReferenceBody | None
    created_at: Time
    completed_at: Time | None


class EntryPage(ResponseBody):
    """One page of the statement, newest first (rules 8.5)."""

    data: list[EntryBody]
    has_more: bool
    next_cursor: str | None
