"""A user's credits as a whole: which grants still hold some, and what they add up to (rules CR-6, CR-7)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from isa_mockserver.kernel.store import TableSpec


class Account(NamedTuple):
    """One per user; its id is the user's. `open_grants` are those with credits left, so that a reading
    costs what is open and not what ever was."""

    id: str
    owner: str
    created_at: datetime
    open_grants: tuple[str, ...] = ()


class Balance(NamedTuple):
    """Credits that are free to spend, and credits under a hold (rules CR-6)."""

    available: int
    reserved: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.available + self.reserved


class ExpiringSoon(NamedTuple):
    """What expires first: so many free credits at exactly that time (rules CR-7)."""

    amount: int
    expires_at: datetime


ACCOUNTS = TableSpec("credit_accounts", Account)
