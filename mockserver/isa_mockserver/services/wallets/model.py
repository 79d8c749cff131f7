"""The rows of the wallets slice, and the results that it hands out (rules section 3, section 10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from isa_mockserver.kernel.hiding import shown
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.store import TableSpec

EntryType = Literal["deposit", "transfer_in", "transfer_out", "payment", "refund", "adjustment", "withdrawal"]
EntryStatus = Literal["pending", "completed", "failed"]
DepositStatus = Literal["completed", "pending", "requires_action"]

HOME_CURRENCY = "usd"


class Wallet(NamedTuple):
    """One per user (rules W-1). `currencies` are those ever held, the home currency first."""

    id: str
    owner: str
    created_at: datetime
    currencies: tuple[str, ...] = (HOME_CURRENCY,)
    frozen: bool = False


class Entry(NamedTuple):
    """One line of a wallet's statement (rules W-9): it changes once at most, from pending to its outcome.

    `amount` is signed minor units: into the wallet +, out of it -. The balances are those of settled
    funds at `completed_at`; an entry that is not completed leaves them as they were. `payment_intent_id`
    names the payment behind a deposit, payment or refund.
    """

    id: str
    owner: str
    created_at: datetime
    type: EntryType
    amount: int
    currency: str
    balance_before: int
    balance_after: int
    status: EntryStatus = "completed"
    counterparty_user_id: str | None = None
    transfer_id: str | None = None
    note: str | None = None
    reference: Reference | None = None
    payment_intent_id: str | None = None
    completed_at: datetime | None = None


class Funds(NamedTuple):
    """What a wallet holds by currency: settled and spendable, and not settled yet (rules W-2)."""

    available: Mapping[str, int]
    pending: Mapping[str, int]


class DepositOrder(NamedTuple):
    """What is to be added to whose wallet, and the payment that brings it."""

    owner: str
    amount: int
    currency: str
    payment_intent_id: str


class Deposit(NamedTuple):
    """How a deposit stands: `balance` is the wallet's settled money of that currency (rules W-4)."""

    payment_intent_id: str
    status: DepositStatus
    amount: int
    currency: str
    balance: int
    created_at: datetime
    transaction_id: str | None = None
    client_secret: str | None = None

    def __repr__(self) -> str:
        return shown(self, "client_secret")


class Transfer(NamedTuple):
    """A completed transfer as one party sees it: entry and balance are that party's (rules W-5, W-9)."""

    id: str
    transaction_id: str
    from_user_id: str
    to_user_id: str
    amount: int
    currency: str
    note: str | None
    balance: int
    created_at: datetime


WALLETS = TableSpec("wallets", Wallet, indexes=("owner",))
ENTRIES = TableSpec("wallet_entries", Entry, indexes=("owner", "payment_intent_id"))
TABLES = (WALLETS, ENTRIES)
