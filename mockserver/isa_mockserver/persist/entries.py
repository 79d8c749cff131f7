"""Changes as entries (part, key, JSON text), and back: what a store has to keep, whatever its engine.

Parts are `start`, `clock`, `events`, `ledger`, `counters`, `jobs`, and for each table `rows:NAME` (by
sequence number) and its next number under `next_seqs`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic_core import to_json

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.kernel.clock import ClockState
from isa_mockserver.kernel.codec import decode, encode, unrolled
from isa_mockserver.kernel.events import Event
from isa_mockserver.kernel.ledger import LedgerTransaction
from isa_mockserver.kernel.schedule import Job

ROWS = "rows:"
_ONLY = 0


class Entry(NamedTuple):
    """One thing that is kept; without data it is gone."""

    part: str
    key: int | str
    data: str | None


RowTypes = Mapping[str, type]
"""Table -> the type of its rows."""


def entries_of(changes: Changes) -> Iterator[Entry]:
    """What has to be written for these changes."""
    if changes.start is not None:
        yield Entry("start", _ONLY, changes.start)
    if changes.clock is not None:
        yield Entry("clock", _ONLY, _text(changes.clock))
    for name, rows in changes.rows.items():
        part = ROWS + name
        for seq, row in rows.items():
            yield Entry(part, seq, None if row is None else _text(row))
    for name, next_seq in changes.next_seqs.items():
        yield Entry("next_seqs", name, str(next_seq))
    for transaction in changes.transactions:
        yield Entry("ledger", transaction.sequence, _text(transaction))
    for event in changes.events:
        yield Entry("events", event.sequence, _text(event))
    for name, number in changes.counters.items():
        yield Entry("counters", name, str(number))
    for (kind, subject_id), job in changes.jobs.items():
        yield Entry("jobs", f"{kind} {subject_id}", None if job is None else _text(job))


def changes_of(sandbox: str, entries: Iterable[Entry], row_types: RowTypes) -> Changes:
    """All content of a sandbox; the entries of a part are in the order of their keys.

    Raises:
        ValueError: the entries are not those of a whole sandbox; the words say what is wrong.
    """
    changes = Changes(sandbox, anew=True)
    for entry in entries:
        try:
            _take(changes, entry, row_types)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError(f"{entry.part} {entry.key} cannot be read: {error}") from error
    _check_gapless("event", [event.sequence for event in changes.events])
    _check_gapless("ledger transaction", [transaction.sequence for transaction in changes.transactions])
    if changes.start is None or changes.clock is None:
        raise ValueError(f"the sandbox {sandbox!r} is incomplete")
    return changes


def _text(value: Any) -> str:
    """What the kernel's `encode` gives, as JSON, in a third of the time."""
    return to_json(unrolled(value), fallback=encode).decode()


def _take(changes: Changes, entry: Entry, row_types: RowTypes) -> None:
    part, key, text = entry
    data = json.loads(text or "")
    if part.startswith(ROWS):
        name = part.removeprefix(ROWS)
        changes.rows.setdefault(name, {})[int(key)] = decode(row_types[name], data)
    elif part == "start":
        changes.start = text
    else:
        _TAKERS[part](changes, str(key), data)


def _take_clock(changes: Changes, key: str, data: Any) -> None:
    changes.clock = decode(ClockState, data)


def _take_next_seq(changes: Changes, key: str, data: Any) -> None:
    changes.next_seqs[key] = decode(int, data)


def _take_transaction(changes: Changes, key: str, data: Any) -> None:
    changes.transactions.append(decode(LedgerTransaction, data))


def _take_event(changes: Changes, key: str, data: Any) -> None:
    changes.events.append(decode(Event, data))


def _take_counter(changes: Changes, key: str, data: Any) -> None:
    changes.counters[key] = decode(int, data)


def _take_job(changes: Changes, key: str, data: Any) -> None:
    job = decode(Job, data)
    changes.jobs[job.kind, job.subject_id] = job


_TAKERS: Mapping[str, Callable[[Changes, str, Any], None]] = {
    "clock": _take_clock,
    "next_seqs": _take_next_seq,
    "ledger": _take_transaction,
    "events": _take_event,
    "counters": _take_counter,
    "jobs": _take_job,
}


def _check_gapless(what: str, sequences: list[int]) -> None:
    for number, sequence in enumerate(sequences, start=1):
        if sequence != number:
            raise ValueError(f"{what} {number} is missing")
