"""Invariants 10 and 11 of rules 8.8: which status may follow which, written down from the rules alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.properties.town import Town

Moves = Mapping[str | None, frozenset[str]]


def _moves(**following: str) -> Moves:
    """State -> the states that may follow within one Unit; `new` is the first state of a row."""
    return {None if state == "new" else state: frozenset(after.split()) for state, after in following.items()}


_CONFIRMED = "succeeded requires_action processing requires_capture requires_payment_method"

ALLOWED: Mapping[str, Moves] = {
    "payment_intents": _moves(
        new=f"requires_payment_method requires_confirmation {_CONFIRMED}",
        requires_payment_method=f"requires_confirmation canceled {_CONFIRMED}",
        requires_confirmation=f"canceled {_CONFIRMED}",
        requires_action=f"canceled {_CONFIRMED}",
        processing="succeeded requires_payment_method",
        requires_capture="succeeded canceled",
        succeeded="",
        canceled="",
    ),
    "crypto_payments": _moves(
        new="pending",
        pending="confirming expired underpaid canceled",
        confirming="confirmed pending expired",
        expired="confirmed refunded",
        underpaid="confirmed refunded",
        confirmed="",
        canceled="",
        refunded="",
    ),
    "refunds": _moves(new="pending succeeded", pending="succeeded failed", succeeded="failed", failed=""),
    "wallet_entries": _moves(new="pending completed", pending="completed failed", completed="", failed=""),
    "invoices": _moves(
        new="draft open paid void",
        draft="open paid",
        open="paid void uncollectible",
        uncollectible="paid void",
        paid="",
        void="",
    ),
    "subscriptions": _moves(
        new="active trialing incomplete",
        incomplete="active incomplete_expired",
        trialing="active past_due paused canceled",
        active="past_due paused canceled",
        past_due="active unpaid canceled",
        unpaid="active canceled",
        paused="active canceled",
        canceled="",
        incomplete_expired="",
    ),
    "credit_purchases": _moves(
        new="requires_action pending completed failed",
        requires_action="pending completed failed",
        pending="completed failed requires_action",
        failed="requires_action pending completed",
        completed="",
    ),
    "credit_reservations": _moves(
        new="held", held="committed released expired", committed="", released="", expired=""
    ),
}
"""Table -> the moves of rules 2.3, 2.5, 2.6, 3.2, 4.1, 5.3 and section 6."""


def what_has_ended_stays(town: Town) -> Iterator[str]:
    """10: a terminal status never changes, and no such row is removed."""
    for table, moves in ALLOWED.items():
        for commit in town.chronicle.commits:
            for old, new in commit.changed(table):
                if old and not moves[old.status] and (new is None or new.status != old.status):
                    yield f"{old.id} was {old.status} and is {new.status if new else 'gone'}"


def every_move_is_in_the_tables(town: Town) -> Iterator[str]:
    """11: no status follows another that the rules do not let follow."""
    for table, moves in ALLOWED.items():
        for commit in town.chronicle.commits:
            for old, new in commit.changed(table):
                before = old.status if old else None
                if new and new.status != before and new.status not in moves[before]:
                    yield f"{new.id} went from {before} to {new.status}"
