"""The whole state of a World as one JSON document, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .clock import Clock, format_time, parse_time
from .codec import decode, encode
from .events import Event
from .ledger import Ledger, LedgerTransaction
from .schedule import Schedule
from .store import Table
from .world import World

VERSION = 1


def dump(world: World) -> dict[str, Any]:
    """Everything that the World holds, ready for JSON; secrets included."""
    return {
        "version": VERSION,
        "clock": {"now": format_time(world.clock.now()), "frozen": world.clock.frozen},
        "counters": dict(world.counters),
        "tables": {
            name: {
                "next_seq": table.next_seq,
                "rows": [[table.seqs[row_id], encode(row)] for row_id, row in table.rows.items()],
            }
            for name, table in world.tables.items()
        },
        "ledger": [encode(transaction) for transaction in world.ledger.transactions],
        "events": [encode(event) for event in world.events],
        "jobs": [[format_time(job.due), job.kind, job.subject_id] for job in _in_seq(world.schedule)],
    }


def load(world: World, document: Mapping[str, Any]) -> None:
    """Replace everything in the World by what `dump` wrote.

    Raises:
        ValueError: the document is of another version or does not fit; the World is then unchanged.
    """
    if document.get("version") != VERSION:
        raise ValueError(f"this state is of version {document.get('version')!r}; {VERSION} is needed")
    try:
        tables = {spec.name: _table(Table(spec), document["tables"]) for spec in world.blueprint.tables}
        ledger = _ledger(document["ledger"])
        events = [decode(Event, entry) for entry in document["events"]]
        schedule = _schedule(document["jobs"])
        counters = {str(name): int(number) for name, number in document["counters"].items()}
        now, frozen = parse_time(document["clock"]["now"]), bool(document["clock"]["frozen"])
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"this is not a state document: {error!r}") from error
    with world.lock:
        world.tables, world.ledger, world.events, world.schedule = tables, ledger, events, schedule
        world.counters = counters
        world.clock.unfreeze()
        world.clock.move(now)
        if frozen:
            world.clock.freeze()
        world.commits += 1
        world.replaced()
        world.announce()


def load_proved(world: World, document: Mapping[str, Any]) -> None:
    """As `load`, once another World held the same and its books were in order.

    Raises:
        ValueError: as for `load`, or the ledger does not add up; the World is then unchanged.
    """
    trial = World(world.blueprint, clock=Clock(), ids=world.ids)
    try:
        load(trial, document)
        report = trial.ledger.check()
    except (ArithmeticError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not report.ok:
        raise ValueError(f"its ledger does not add up: {report.violations[0]}")
    load(world, document)


def _table(table: Table[Any], documents: Mapping[str, Any]) -> Table[Any]:
    document = documents.get(table.spec.name, {"next_seq": 1, "rows": []})
    for seq, data in document["rows"]:
        table.next_seq = seq
        table.put(decode(table.spec.row_type, data))
    table.next_seq = document["next_seq"]
    return table


def _ledger(entries: Any) -> Ledger:
    return Ledger.of(decode(LedgerTransaction, entry) for entry in entries)


def _schedule(entries: Any) -> Schedule:
    schedule = Schedule()
    for due, kind, subject_id in entries:
        schedule.set(parse_time(due), kind, subject_id)
    return schedule


def _in_seq(schedule: Schedule) -> list[Any]:
    return sorted(schedule.jobs.values(), key=lambda job: job.seq)
