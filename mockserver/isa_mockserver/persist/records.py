"""Changes as JSON documents, and back: what a store has to keep, whatever its engine.

A sandbox is the sum of its documents, oldest first: of each key the last one counts. A document has `start`,
`clock`, `counters` and `next_seqs`, and under `rows` what is kept row by row: `rows:TABLE` (by sequence
number), `ledger`, `events` and `jobs`. There the names of the fields stand once, and a row is the list of its
values, or null where it is gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from pydantic_core import to_json

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.kernel.clock import ClockState
from isa_mockserver.kernel.codec import decode, encode, unrolled, values_of
from isa_mockserver.kernel.events import Event
from isa_mockserver.kernel.ledger import LedgerTransaction
from isa_mockserver.kernel.schedule import Job

PIECE = 1_000
"""Rows that a document has at most, so that much is written and read piece by piece."""

RowTypes = Mapping[str, type]
"""Table -> the type of its rows."""

_ROWS = "rows:"
_LEDGER, _EVENTS, _JOBS = "ledger", "events", "jobs"
_TYPES: RowTypes = {_LEDGER: LedgerTransaction, _EVENTS: Event, _JOBS: Job}
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)

_Row = tuple[Sequence[str], Sequence[Any]]
"""The names of its fields, and their values."""


class Replayed(NamedTuple):
    """All content of a sandbox; `outdated` are the rows of its documents that later ones replaced."""

    changes: Changes
    outdated: int


def documents_of(changes: Changes) -> Iterator[bytes]:
    """What has to be written for these changes."""
    parts = _parts(changes)
    if sum(map(len, parts.values())) > PIECE:
        for part, rows in parts.items():
            every = iter(rows.items())
            while piece := dict(islice(every, PIECE)):
                yield to_json({"rows": {part: _columns(piece)}}, fallback=encode)
        parts = {}
    content = {
        "start": changes.start,
        "clock": changes.clock and unrolled(changes.clock),
        "counters": changes.counters,
        "next_seqs": changes.next_seqs,
        "rows": {part: _columns(rows) for part, rows in parts.items()},
    }
    if given := {name: part for name, part in content.items() if part}:
        yield to_json(given, fallback=encode)


def replayed(sandbox: str, documents: Iterable[bytes], row_types: RowTypes) -> Replayed:
    """All content of a sandbox, from its documents in the order in which they were written.

    Raises:
        ValueError: they are not those of a whole sandbox; the words say what is wrong.
    """
    found = _Found()
    for number, document in enumerate(documents, start=1):
        try:
            found.add(json.loads(document))
        except _UNREADABLE as error:
            raise ValueError(f"document {number} cannot be read: {error}") from error
    return Replayed(found.changes(sandbox, row_types), found.outdated)


def _parts(changes: Changes) -> dict[str, dict[Any, Any]]:
    """What is kept row by row: part -> key -> row."""
    parts: dict[str, dict[Any, Any]] = {_ROWS + name: rows for name, rows in changes.rows.items()}
    if changes.transactions:
        parts[_LEDGER] = {transaction.sequence: transaction for transaction in changes.transactions}
    if changes.events:
        parts[_EVENTS] = {event.sequence: event for event in changes.events}
    if changes.jobs:
        parts[_JOBS] = {f"{kind} {subject}": job for (kind, subject), job in changes.jobs.items()}
    return parts


def _columns(rows: Mapping[Any, Any]) -> Mapping[str, Any]:
    there = next((row for row in rows.values() if row is not None), None)
    return {
        "fields": () if there is None else there._fields,
        "rows": {key: None if row is None else values_of(row) for key, row in rows.items()},
    }


class _Found:
    """What the documents of a sandbox say, as far as it is not outdated."""

    def __init__(self) -> None:
        self.outdated = 0
        self._start: str | None = None
        self._clock: Any = None
        self._counters: dict[str, Any] = {}
        self._next_seqs: dict[str, Any] = {}
        self._parts: dict[str, dict[str, _Row]] = {}

    def add(self, document: Mapping[str, Any]) -> None:
        """Take over what a later document says."""
        self._start = document.get("start", self._start)
        self._clock = document.get("clock", self._clock)
        self._counters.update(document.get("counters", {}))
        self._next_seqs.update(document.get("next_seqs", {}))
        for part, columns in document.get("rows", {}).items():
            kept = self._parts.setdefault(part, {})
            for key, values in columns["rows"].items():
                self.outdated += kept.pop(key, None) is not None
                if values is not None:
                    kept[key] = columns["fields"], values

    def changes(self, sandbox: str, row_types: RowTypes) -> Changes:
        """All of it as rows."""
        if self._start is None or self._clock is None:
            raise ValueError(f"the sandbox {sandbox!r} is incomplete")
        types = {**_TYPES, **{_ROWS + name: row_type for name, row_type in row_types.items()}}
        changes = Changes(
            sandbox,
            anew=True,
            start=self._start,
            clock=decode(ClockState, self._clock),
            counters={name: decode(int, number) for name, number in self._counters.items()},
            next_seqs={name: decode(int, number) for name, number in self._next_seqs.items()},
        )
        for part, rows in self._parts.items():
            take = _TAKERS.get(part, _take_rows)
            take(changes, part, {key: _decoded(types, part, key, row) for key, row in rows.items()})
        return changes


def _decoded(types: RowTypes, part: str, key: str, row: _Row) -> Any:
    try:
        return decode(types[part], dict(zip(*row, strict=True)))
    except _UNREADABLE as error:
        raise ValueError(f"{part} {key} cannot be read: {error}") from error


def _take_rows(changes: Changes, part: str, rows: Mapping[str, Any]) -> None:
    changes.rows[part.removeprefix(_ROWS)] = {int(seq): row for seq, row in rows.items()}


def _take_ledger(changes: Changes, part: str, rows: Mapping[str, Any]) -> None:
    changes.transactions = _in_order("ledger transaction", rows)


def _take_events(changes: Changes, part: str, rows: Mapping[str, Any]) -> None:
    changes.events = _in_order("event", rows)


def _take_jobs(changes: Changes, part: str, rows: Mapping[str, Any]) -> None:
    changes.jobs = {(job.kind, job.subject_id): job for job in rows.values()}


_TAKERS: Mapping[str, Callable[[Changes, str, Mapping[str, Any]], None]] = {
    _LEDGER: _take_ledger,
    _EVENTS: _take_events,
    _JOBS: _take_jobs,
}


def _in_order(what: str, rows: Mapping[str, Any]) -> list[Any]:
    """Numbered from 1, without a gap."""
    by_number = {row.sequence: row for row in rows.values()}
    for number in range(1, len(by_number) + 1):
        if number not in by_number:
            raise ValueError(f"{what} {number} is missing")
    return [by_number[number] for number in range(1, len(by_number) + 1)]
