"""Invariants 25 to 30 of rules 8.8: credits, grant by grant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.properties.chronicle import Commit
from tests.properties.town import Town

_MOVES_TOTAL = {"purchase", "grant", "refund", "consume", "commit", "expire", "revoke"}


def lives(grant: Any, moment: datetime) -> bool:
    """CR-4: from `effective_at` up to, not including, `expires_at`."""
    return bool(grant.effective_at <= moment and (grant.expires_at is None or moment < grant.expires_at))


def totals_add_up(town: Town) -> Iterator[str]:
    """25: total = available + reserved = live grants and what is held on expired ones, as the ledger says."""
    now = town.world.clock.now()
    for user, (shown, _) in town.chronicle.shown.items():
        total, available, reserved = (shown[f"{name}_credits"] for name in ("total", "available", "reserved"))
        grants = [grant for grant in town.rows("credit_grants") if grant.owner == user]
        counted = sum(grant.remaining if lives(grant, now) else grant.reserved for grant in grants)
        if min(total, available, reserved) < 0 or not total == available + reserved == counted:
            yield f"{user}: {total} in all, {available} + {reserved}, the grants hold {counted}"
        booked = tuple(
            town.balance(f"credits:{user}:{part}", "credits") for part in ("available", "reserved")
        )
        if booked != (available, reserved):
            yield f"{user} is shown {available} and {reserved}, booked are {booked}"


def grants_account_for_every_credit(town: Town) -> Iterator[str]:
    """26: 0 <= reserved <= remaining <= amount, and nothing of a grant is lost or counted twice."""
    for grant in town.rows("credit_grants"):
        spent = grant.consumed + grant.expired + grant.revoked
        if not 0 <= grant.reserved <= grant.remaining <= grant.amount:
            yield f"{grant.id}: {grant.reserved} held, {grant.remaining} left of {grant.amount}"
        if spent + grant.remaining != grant.amount + grant.refunded:
            yield f"{grant.id}: {spent} spent and {grant.remaining} left of {grant.amount}"


def consumption_follows_the_burn_order(town: Town) -> Iterator[str]:
    """27, CR-5: allocations sum to the amount and are what the burn order says, told from CR-5 alone."""
    for commit in town.chronicle.commits:
        for table in ("credit_consumptions", "credit_reservations"):
            for old, new in commit.changed(table):
                if old is None and new is not None:
                    grants = [
                        row for row in commit.before["credit_grants"].values() if row.owner == new.owner
                    ]
                    taken = [(part.grant_id, part.amount) for part in new.allocations]
                    expected = burned(grants, new.amount, new.created_at)
                    if taken != expected or sum(amount for _, amount in taken) != new.amount:
                        yield f"{new.id} took {taken} for {new.amount}, not {expected}"


def burned(grants: Iterable[Any], amount: int, moment: datetime) -> list[tuple[str, int]]:
    """What spending `amount` takes from which grant: what expires first, then priority, cost, age, id."""
    queue = sorted(
        (str(grant.expires_at or "9999"), grant.priority, grant.cost_basis, grant.created_at, grant.id, grant)
        for grant in grants
        if lives(grant, moment)
    )
    taken: list[tuple[str, int]] = []
    for *_, grant in queue:
        part = min(grant.remaining - grant.reserved, amount)
        if part > 0:
            taken.append((grant.id, part))
            amount -= part
    return taken


def holds_are_what_is_reserved(town: Town) -> Iterator[str]:
    """28: reserved = the sum of what is held, grant by grant; a hold that was resolved is not touched."""
    held: dict[str, int] = defaultdict(int)
    for row in town.rows("credit_reservations"):
        for part in row.allocations if row.status == "held" else ():
            held[part.grant_id] += part.amount
    for grant in town.rows("credit_grants"):
        if grant.reserved != held[grant.id]:
            yield f"{grant.id} has {grant.reserved} reserved, {held[grant.id]} are held"
    for commit in town.chronicle.commits:
        for old, new in commit.changed("credit_reservations"):
            if old and old.status != "held":
                yield f"{old.id} was {old.status} and became {new}"


def the_wallet_shows_the_same_credits(town: Town) -> Iterator[str]:
    """29: wallet.balances.credits = credits.total_credits at the same instant."""
    for user, (shown, wallet) in town.chronicle.shown.items():
        if wallet["balances"]["credits"] != shown["total_credits"]:
            yield f"{user}: {wallet['balances']['credits']} in the wallet, {shown['total_credits']} in all"


def what_expired_is_not_spent(town: Town) -> Iterator[str]:
    """30: what is consumed beyond what was held comes from grants that are alive."""
    for commit in town.chronicle.commits:
        moments = _moments(commit)
        for old, new in commit.changed("credit_grants"):
            if old and new:
                spent = (new.consumed - old.consumed) - max(0, old.reserved - new.reserved)
                if spent > 0 and not (moments and all(lives(old, moment) for moment in moments)):
                    yield f"{spent} of {new.id} were spent at {moments}, it expired at {new.expires_at}"


def _moments(commit: Commit) -> Sequence[datetime]:
    """When credits were spent in this Unit."""
    made = [new for old, new in commit.changed("credit_consumptions") if new and old is None]
    return [consumption.created_at for consumption in made]


def histories_add_up(town: Town) -> Iterator[str]:
    """CR-16: the sum of the entries is the total; allocations add up to their entry."""
    totals: dict[str, int] = defaultdict(int)
    for entry in town.rows("credit_entries"):
        if sum(part.amount for part in entry.allocations) != abs(entry.amount):
            yield f"{entry.id} is {entry.amount}, its parts are {entry.allocations}"
        totals[entry.owner] += entry.amount if entry.type in _MOVES_TOTAL else 0
    shown: Mapping[str, Any] = town.chronicle.shown
    for user, (credits_, _) in shown.items():
        if totals[user] != credits_["total_credits"]:
            yield f"the history of {user} sums to {totals[user]} of {credits_['total_credits']}"
