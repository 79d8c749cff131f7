"""Invariants 31, 32, 35, 36, 38 and 39 of rules 8.8: what a caller may rely on in every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.properties.chronicle import Call, Repeat
from tests.properties.town import Town

_KEPT_REFUSALS = (402, 404, 409)
_SECRET = re.compile(r"(pi_[A-Za-z0-9]+)_secret_")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_KNOWN_BY_THEIR_OWNER = ("users", "payers", "credit_accounts")
"""Tables whose rows have the user's own id."""
_OF_THE_RECIPIENT = ("wallets", "wallet_entries")
AMOUNTS = frozenset(
    "amount amount_received amount_refunded amount_due amount_paid amount_remaining subtotal tax total "
    "price unit_price quantity balance balance_before balance_after total_credits available_credits "
    "reserved_credits customer_balance_applied used limit remaining credits refunded".split()
)
TIMES = frozenset(
    "created_at expires_at canceled_at ended_at finalized_at paid_at voided_at completed_at recorded_at "
    "timestamp current_period_start current_period_end period_start period_end reset_at trial_end "
    "billing_cycle_anchor next_payment_attempt effective_at start end".split()
)


def a_key_has_one_effect(town: Town) -> Iterator[str]:
    """31: the same request under the same key: the same answer, and nothing happens again."""
    for seen in town.chronicle.repeats:
        if seen.commits:
            yield f"{seen.first.path} again made {seen.commits} commits"
        if not _same(seen):
            yield f"{seen.first.path} answered {seen.first.status}, then {seen.again.status}"


def _same(seen: Repeat) -> bool:
    first, again = seen.first, seen.again
    if first.status < 400 or first.status in _KEPT_REFUSALS:
        return (first.status, first.body) == (again.status, again.body)
    return (first.status, first.body["code"]) == (again.status, again.body["code"])


def a_refusal_moves_nothing(town: Town) -> Iterator[str]:
    """32: a 4xx answer leaves the ledger as it was, and nothing is ever answered with 5xx."""
    for call in town.chronicle.calls:
        if call.status >= 500:
            yield f"{call.method} {call.path} {call.sent}: {call.status} {call.body}"
        if call.status >= 400 and any(commit.transactions for commit in call.commits):
            yield f"{call.method} {call.path} was answered {call.status} and posted"


def nobody_touches_what_is_anothers(town: Town) -> Iterator[str]:
    """35: a call reads and changes rows of its caller only, but for the recipient of a transfer."""
    calls = [call for call in town.chronicle.calls if call.user != "admin"]
    for call in calls:
        yield from _foreign_changes(call)
    if calls:
        owners = {
            row.id: row.owner
            for name, table in town.world.tables.items()
            if name not in _KNOWN_BY_THEIR_OWNER
            for row in table.rows.values()
            if hasattr(row, "owner")
        }
        for call in calls:
            sent = {*call.path.split("/"), *_strings(dict(call.sent))}
            for text in _strings(call.body):
                if owners.get(text, call.user) != call.user and text not in sent:
                    yield f"{call.user} was shown {text} of {owners[text]} by {call.path}"


def _foreign_changes(call: Call) -> Iterator[str]:
    for commit in call.commits:
        for table in commit.after:
            for old, new in commit.changed(table):
                row = new or old
                is_side = call.path == "/wallets/transfer" and table in _OF_THE_RECIPIENT
                if getattr(row, "owner", call.user) != call.user and not is_side:
                    yield f"{call.user} changed {row} by {call.path}"


def pages_make_the_whole_list(town: Town) -> Iterator[str]:
    """36: concatenated they are the full list, newest first, without repeats."""
    for seen in town.chronicle.listings:
        read = [_id_in(row, seen.expected) for page in seen.pages for row in page]
        if read != list(seen.expected):
            yield f"{seen.path} gave {read}, there is {seen.expected}"


def _id_in(row: Any, ids: Any) -> str:
    return next((str(value) for value in row.values() if isinstance(value, str) and value in ids), str(row))


def secrets_stay_with_their_owner(town: Town) -> Iterator[str]:
    """38: no client secret in a list, a webhook or the journal; in an answer only its owner's own."""
    owners = {row.id: row.owner for row in town.rows("payment_intents")}
    for call in town.chronicle.calls:
        is_list = isinstance(call.body, dict) and "has_more" in call.body
        for intent in _SECRET.findall(repr(call.body)):
            if is_list or owners.get(intent) != call.user:
                yield f"{call.user} was shown the secret of {intent} by {call.path}"
    told = [event for commit in town.chronicle.commits for event in commit.events]
    for event in told:
        if "_secret_" in repr((event.object, event.previous)):
            yield f"{event.type} tells a secret"
    for entry in town.chronicle.journal:
        if "_secret_" in repr((entry, entry.query, entry.body)):
            yield f"the journal tells a secret: {entry}"


def amounts_are_integers_and_times_utc(town: Town) -> Iterator[str]:
    """39: in every answer; no number has a fraction anywhere, and times are to the second."""
    for call in town.chronicle.calls:
        for name, value in _fields(call.body):
            if isinstance(value, float) or (name in AMOUNTS and not _is_amount(value)):
                yield f"{name} of {call.path} is {value!r}"
            if name in TIMES and value is not None and not _is_utc(value):
                yield f"{name} of {call.path} is {value!r}"


def _is_amount(value: Any) -> bool:
    return value is None or type(value) is int or isinstance(value, dict | list)


def _is_utc(value: Any) -> bool:
    try:
        return bool(_UTC.fullmatch(value)) and datetime.fromisoformat(value).tzinfo is UTC
    except (TypeError, ValueError):
        return False


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a JSON value, however deep, with its name."""
    yield name, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _fields(inner, name if not isinstance(inner, dict) else "")


def _strings(value: Any) -> Iterator[str]:
    yield from (each for _, each in _fields(value) if isinstance(each, str))
