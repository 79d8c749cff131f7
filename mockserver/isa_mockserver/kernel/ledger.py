"""The double-entry ledger: immutable postings, balances kept with them, and the proof (rules L-1, L-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .chart import Account, may_be_negative

BalanceKey = tuple[Account, str]


class LedgerError(RuntimeError):
    """A posting that would break the ledger: a defect of the caller, never a user's mistake."""


class Reference(NamedTuple):
    """What a record belongs to, such as (`deposit`, `tx_...`)."""

    type: str
    id: str


class Posting(NamedTuple):
    """A movement of `amount` > 0 minor units (or credits) from one account to another."""

    source: Account
    destination: Account
    amount: int
    currency: str


class LedgerTransaction(NamedTuple):
    """One or more postings that happened together, numbered in commit order."""

    sequence: int
    at: datetime
    reference: Reference
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The result of a check: per-currency sums and every violation found, in words."""

    currencies: Mapping[str, int]
    violations: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the books are in order."""
        return not self.violations


def well_formed(posting: Posting) -> None:
    """Refuse a posting that moves nothing, or to itself (rules L-1).

    Raises:
        LedgerError: the posting is not well formed.
    """
    if posting.amount <= 0 or posting.source == posting.destination:
        raise LedgerError(f"not a movement: {posting}")


class Ledger:
    """The committed postings of one World."""

    def __init__(self) -> None:
        self.transactions: list[LedgerTransaction] = []
        self.balances: dict[BalanceKey, int] = {}
        self.references: set[Reference] = set()

    @classmethod
    def of(cls, transactions: Iterable[LedgerTransaction]) -> Ledger:
        """The ledger that these transactions make, with the balances that they leave."""
        ledger, balances = cls(), defaultdict[BalanceKey, int](int)
        for transaction in transactions:
            for posting in transaction.postings:
                balances[posting.source, posting.currency] -= posting.amount
                balances[posting.destination, posting.currency] += posting.amount
            ledger.transactions.append(transaction)
        ledger.references.update(transaction.reference for transaction in ledger.transactions)
        ledger.balances.update(balances)
        return ledger

    def balance(self, account: Account, currency: str) -> int:
        """Inflow minus outflow of an account, in minor units (or credits)."""
        return self.balances.get((account, currency), 0)

    def append(self, transactions: Sequence[LedgerTransaction], balances: Mapping[BalanceKey, int]) -> None:
        """Take over the transactions of a committed Unit and the balances that they leave."""
        self.transactions.extend(transactions)
        self.references.update(transaction.reference for transaction in transactions)
        self.balances.update(balances)

    def copy(self) -> Ledger:
        """A snapshot: a shallow copy of immutable records."""
        twin = Ledger()
        twin.transactions = self.transactions.copy()
        twin.balances = self.balances.copy()
        twin.references = self.references.copy()
        return twin

    def check(self) -> LedgerReport:
        """Recompute every balance from the postings and prove the invariants 1 to 3 of rules 8.8."""
        balances: dict[BalanceKey, int] = defaultdict(int)
        violations: list[str] = []
        seen: set[Reference] = set()
        for number, transaction in enumerate(self.transactions, start=1):
            if transaction.sequence != number:
                violations.append(f"transaction {number} is numbered {transaction.sequence}")
            if transaction.reference in seen:
                violations.append(f"{transaction.reference} was posted twice")
            seen.add(transaction.reference)
            violations.extend(_apply(transaction, balances))
        violations.extend(_differences(balances, self.balances))
        return LedgerReport(_sums(balances), tuple(violations + _unbalanced(self.balances)))


def _apply(transaction: LedgerTransaction, balances: dict[BalanceKey, int]) -> list[str]:
    violations = []
    for posting in transaction.postings:
        if posting.amount <= 0 or posting.source == posting.destination:
            violations.append(f"transaction {transaction.sequence}: not a movement: {posting}")
        balances[posting.source, posting.currency] -= posting.amount
        balances[posting.destination, posting.currency] += posting.amount
    for posting in transaction.postings:
        left = balances[posting.source, posting.currency]
        if left < 0 and not may_be_negative(posting.source):
            violations.append(
                f"transaction {transaction.sequence}: {posting.source} falls to {left} {posting.currency}"
            )
    return violations


def _differences(computed: Mapping[BalanceKey, int], kept: Mapping[BalanceKey, int]) -> list[str]:
    return [
        f"{account} {currency}: kept {kept.get((account, currency), 0)}, "
        f"postings give {computed.get((account, currency), 0)}"
        for account, currency in sorted({*computed, *kept})
        if computed.get((account, currency), 0) != kept.get((account, currency), 0)
    ]


def _sums(balances: Mapping[BalanceKey, int]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for (_, currency), amount in balances.items():
        sums[currency] += amount
    return dict(sorted(sums.items()))


def _unbalanced(balances: Mapping[BalanceKey, int]) -> list[str]:
    return [f"{currency}: accounts sum to {total}" for currency, total in _sums(balances).items() if total]
