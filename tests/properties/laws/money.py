"""Invariants 1 to 5 of rules 8.8: the ledger, and the statements of the wallets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.properties.town import Town

_NEVER_BELOW_ZERO = ("wallet:", "credits:")

Balances = dict[tuple[str, str], int]


def every_currency_sums_to_zero(town: Town) -> Iterator[str]:
    """1, L-2: the balances that are kept are those of the postings, and cancel out in each currency."""
    computed: Balances = defaultdict(int)
    for transaction in town.world.ledger.transactions:
        for posting in transaction.postings:
            computed[posting.source, posting.currency] -= posting.amount
            computed[posting.destination, posting.currency] += posting.amount
    kept = town.world.ledger.balances
    for key in computed.keys() | kept.keys():
        if computed.get(key, 0) != kept.get(key, 0):
            yield f"{key} is kept as {kept.get(key, 0)}, but its postings give {computed.get(key, 0)}"
    sums: dict[str, int] = defaultdict(int)
    for (_, currency), amount in kept.items():
        sums[currency] += amount
    yield from (f"{currency} sums to {total}" for currency, total in sums.items() if total)


def nobody_falls_below_zero(town: Town) -> Iterator[str]:
    """2: no wallet and no credits account, after any transaction of the whole history."""
    balances: Balances = defaultdict(int)
    for transaction in town.world.ledger.transactions:
        for posting in transaction.postings:
            balances[posting.source, posting.currency] -= posting.amount
            balances[posting.destination, posting.currency] += posting.amount
        for posting in transaction.postings:
            left = balances[posting.source, posting.currency]
            if left < 0 and posting.source.startswith(_NEVER_BELOW_ZERO):
                yield f"{posting.source} fell to {left} {posting.currency} in {transaction.reference}"


def every_posting_moves_something(town: Town) -> Iterator[str]:
    """3, L-1: amount > 0, two different accounts, one currency, and each reference once."""
    seen = set()
    for number, transaction in enumerate(town.world.ledger.transactions, 1):
        if transaction.reference in seen or transaction.sequence != number:
            yield f"{transaction.reference} was posted twice, or out of its order"
        seen.add(transaction.reference)
        for posting in transaction.postings:
            if posting.amount <= 0 or posting.source == posting.destination or not posting.currency:
                yield f"not a movement: {posting}"


def statements_lead_to_the_balances(town: Town) -> Iterator[str]:
    """4: as they were completed, entries form a chain without a gap that ends at the wallet's balance."""
    balances: Balances = defaultdict(int)
    completed = [entry for entry in town.rows("wallet_entries") if entry.status == "completed"]
    for entry in sorted(completed, key=lambda entry: entry.completed_at):
        key = (entry.owner, entry.currency)
        if entry.balance_before != balances[key] or entry.balance_after != balances[key] + entry.amount:
            yield f"a gap in the statement of {key} at {entry.id}"
        balances[key] = entry.balance_after
    for (owner, currency), balance in balances.items():
        if town.balance(f"wallet:{owner}:available", currency) != balance:
            yield f"the statement of {owner} ends at {balance} {currency}, the ledger does not"


def transfers_leave_the_sum_over_users(town: Town) -> Iterator[str]:
    """5: each has exactly two opposite entries, and its money goes from wallet to wallet."""
    sides: dict[str, list[int]] = defaultdict(list)
    for entry in town.rows("wallet_entries"):
        if entry.transfer_id:
            sides[entry.transfer_id].append(entry.amount)
    for transfer, amounts in sides.items():
        if len(amounts) != 2 or sum(amounts) != 0:
            yield f"{transfer} has the sides {amounts}"
    for commit in town.chronicle.commits:
        for transaction in commit.transactions:
            for posting in transaction.postings if transaction.reference.type == "transfer" else ():
                if not (posting.source.startswith("wallet:") and posting.destination.startswith("wallet:")):
                    yield f"a transfer left the wallets: {posting}"
