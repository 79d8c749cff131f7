"""Snapshots of a World: shallow copies of immutable rows, to go back to, to fork, to compare (decision 2)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .changes import Changes, everything, rebuild
from .clock import Clock, ClockState
from .events import Event
from .ids import IdSource
from .ledger import BalanceKey, Ledger, LedgerTransaction
from .schedule import Schedule
from .store import Table
from .world import Blueprint, World


class Snapshot(NamedTuple):
    """All that a World held at one moment; nobody changes it."""

    taken_at: datetime
    frozen: bool
    tables: Mapping[str, Table[Any]]
    ledger: Ledger
    schedule: Schedule
    events: Sequence[Event]
    counters: Mapping[str, int]

    def without(self, tables: Collection[str]) -> Snapshot:
        """The same with these tables empty."""
        emptied = {name: Table(self.tables[name].spec) for name in tables if name in self.tables}
        return self._replace(tables={**self.tables, **emptied})


class RowChanges(NamedTuple):
    """What became of the rows of one table, by id; of a changed row the two versions."""

    added: Mapping[str, Any]
    removed: Mapping[str, Any]
    changed: Mapping[str, tuple[Any, Any]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class Difference(NamedTuple):
    """What one snapshot has that an earlier one had not, or had otherwise; only tables that differ.

    `balances` are the accounts that differ, with the balance before and after. `transactions` and `events`
    are those of the later one from where the two part.
    """

    time: tuple[datetime, datetime]
    tables: Mapping[str, RowChanges]
    transactions: Sequence[LedgerTransaction]
    balances: Mapping[BalanceKey, tuple[int, int]]
    events: Sequence[Event]

    def __bool__(self) -> bool:
        return bool(
            self.time[0] != self.time[1] or self.tables or self.transactions or self.balances or self.events
        )


def take(world: World) -> Snapshot:
    """Everything the World holds now."""
    with world.lock:
        return Snapshot(
            taken_at=world.clock.now(),
            frozen=world.clock.frozen,
            tables={name: table.copy() for name, table in world.tables.items()},
            ledger=world.ledger.copy(),
            schedule=world.schedule.copy(),
            events=world.events.copy(),
            counters=dict(world.counters),
        )


def restore(world: World, snapshot: Snapshot) -> None:
    """Replace everything in the World, its time too, by what the snapshot holds."""
    with world.lock:
        world.tables = {name: table.copy() for name, table in snapshot.tables.items()}
        world.ledger = snapshot.ledger.copy()
        world.schedule = snapshot.schedule.copy()
        world.events = list(snapshot.events)
        world.counters = dict(snapshot.counters)
        world.clock.unfreeze()
        world.clock.move(snapshot.taken_at)
        if snapshot.frozen:
            world.clock.freeze()
            world.clock.move(snapshot.taken_at)  # real time may have ticked since the move
        world.commits += 1
        world.replaced()
        world.announce()


def written(snapshot: Snapshot, name: str) -> Changes:
    """The snapshot as it is kept under that name; its clock stands where it was taken, ticking or not."""
    changes = everything(snapshot, name, ClockState(0, snapshot.taken_at))
    changes.start = json.dumps({"frozen": snapshot.frozen})
    return changes


def read_back(blueprint: Blueprint, changes: Changes) -> Snapshot:
    """The snapshot that was written so; its tables are those of the blueprint."""
    world = World(blueprint, clock=Clock(), ids=IdSource(0))
    rebuild(world, changes)
    return take(world)._replace(frozen=json.loads(changes.start or "{}")["frozen"])


def compare(before: Snapshot, after: Snapshot) -> Difference:
    """What changed from one to the other; rows that both share are told apart without looking into them."""
    tables = {
        name: changes
        for name, table in after.tables.items()
        if (changes := _row_changes(before.tables[name].rows, table.rows))
    }
    return Difference(
        time=(before.taken_at, after.taken_at),
        tables=tables,
        transactions=_beyond(before.ledger.transactions, after.ledger.transactions),
        balances=_balance_changes(before.ledger, after.ledger),
        events=_beyond(before.events, after.events),
    )


def _row_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> RowChanges:
    return RowChanges(
        added={row_id: row for row_id, row in after.items() if row_id not in before},
        removed={row_id: row for row_id, row in before.items() if row_id not in after},
        changed={
            row_id: (old, row)
            for row_id, row in after.items()
            if (old := before.get(row_id)) is not None and old is not row and old != row
        },
    )


def _balance_changes(before: Ledger, after: Ledger) -> dict[BalanceKey, tuple[int, int]]:
    keys = sorted({*before.balances, *after.balances})
    pairs = {key: (before.balance(*key), after.balance(*key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _beyond(before: Sequence[Any], after: Sequence[Any]) -> Sequence[Any]:
    """What comes after the common beginning."""
    shared = 0
    for old, new in zip(before, after, strict=False):
        if old is not new and old != new:
            break
        shared += 1
    return after[shared:]
