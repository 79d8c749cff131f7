"""What changed in a World, to be written down; and a World rebuilt from what was written (decision 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .clock import ClockState
from .events import Event
from .ledger import Ledger, LedgerTransaction
from .schedule import Job, Schedule
from .store import Table

if TYPE_CHECKING:
    from .world import World


@dataclass(slots=True)
class Changes:
    """Everything that one holder of a World's lock committed: written together, or not at all.

    `anew` says that nothing of before is left, and `start` then tells whoever resets the sandbox how it was
    started. Rows are by table and sequence number; None is a row, or a job, that is gone. `next_seqs` are
    given where rows went, and are then not lower than what the rows that are left tell. A clock of None has
    not changed. `without_snapshots` says that the sandbox's snapshots are gone too.
    """

    sandbox: str
    anew: bool = False
    start: str | None = None
    rows: dict[str, dict[int, Any]] = field(default_factory=dict)
    next_seqs: dict[str, int] = field(default_factory=dict)
    transactions: list[LedgerTransaction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    jobs: dict[tuple[str, str], Job | None] = field(default_factory=dict)
    clock: ClockState | None = None
    without_snapshots: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        content = (self.rows, self.transactions, self.events, self.counters, self.jobs, self.clock)
        return self.anew or any(content)

    def note_row(self, table: Table[Any], seq: int, row: Any) -> None:
        """Take down a row that was put, or with None one that was deleted."""
        self.rows.setdefault(table.spec.name, {})[seq] = row
        if row is None:
            self.next_seqs[table.spec.name] = table.next_seq

    def add(self, later: Changes) -> None:
        """Take over what was changed after this, in the same sandbox."""
        for name, rows in later.rows.items():
            self.rows.setdefault(name, {}).update(rows)
        self.next_seqs.update(later.next_seqs)
        self.transactions += later.transactions
        self.events += later.events
        self.counters.update(later.counters)
        self.jobs.update(later.jobs)
        self.clock = later.clock or self.clock


Recorder = Callable[[Changes], None]
"""Takes what was committed, in order, within the World's lock."""


class Content(Protocol):
    """What a World holds, and a snapshot of one."""

    @property
    def tables(self) -> Mapping[str, Table[Any]]: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def events(self) -> Sequence[Event]: ...
    @property
    def counters(self) -> Mapping[str, int]: ...


def whole(world: World) -> Changes:
    """Everything that the World holds, in place of whatever was written before."""
    return everything(world, world.ids.sandbox, world.clock.state)


def everything(content: Content, sandbox: str, clock: ClockState) -> Changes:
    """All of the content, to be written under that name in place of whatever was there before."""
    return Changes(
        sandbox,
        anew=True,
        rows={
            name: {table.seqs[row_id]: row for row_id, row in table.rows.items()}
            for name, table in content.tables.items()
        },
        next_seqs={name: table.next_seq for name, table in content.tables.items()},
        transactions=list(content.ledger.transactions),
        events=list(content.events),
        counters=dict(content.counters),
        jobs=dict(content.schedule.jobs),
        clock=clock,
    )


def rebuild(world: World, written: Changes) -> None:
    """Give an unused World the content that was written; its tables are those of the World's blueprint."""
    tables = {name: Table(table.spec) for name, table in world.tables.items()}
    for name in {**written.rows, **written.next_seqs}:
        _fill(tables[name], written.rows.get(name, {}), written.next_seqs.get(name, 1))
    with world.lock:
        world.tables = tables
        world.ledger = Ledger.of(written.transactions)
        world.events = list(written.events)
        world.counters = dict(written.counters)
        world.schedule = Schedule.of(job for job in written.jobs.values() if job)
        if written.clock:
            world.clock.restore(written.clock)


def _fill(table: Table[Any], rows: Mapping[int, Any], next_seq: int) -> None:
    for seq in sorted(rows):
        if rows[seq] is not None:
            table.next_seq = seq
            table.put(rows[seq])
    table.next_seq = max(table.next_seq, next_seq)
