"""The World: one isolated set of clock, tables, ledger, outbox and schedule (decision 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, NamedTuple

from .changes import Changes, Recorder, whole
from .clock import Clock, ClockState, format_time
from .errors import DomainError
from .eventlog import ID_PREFIX, EventLog
from .events import Event
from .ids import IdSource
from .ledger import Ledger
from .lock import WorldLock
from .schedule import Schedule
from .store import Table, TableSpec
from .unit import _DELETED, Unit

JobHandler = Callable[[Unit, str], None]
Reactor = Callable[[Unit, Any], None]

MAX_STEP = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a World is made of, put together by the composition root: tables, jobs and reactors."""

    tables: Sequence[TableSpec[Any]] = ()
    jobs: Mapping[str, JobHandler] = field(default_factory=dict)
    reactors: Mapping[type, Sequence[Reactor]] = field(default_factory=dict)


class Ran(NamedTuple):
    """A job that was run: when it was due, its kind and the record it was for."""

    due: datetime
    kind: str
    id: str


class World:
    """All state of one sandbox. Change it through `unit()`; move its time through `move_to()`."""

    def __init__(self, blueprint: Blueprint, *, clock: Clock, ids: IdSource) -> None:
        self.blueprint = blueprint
        self.clock = clock
        self.ids = ids
        self.tables: dict[str, Table[Any]] = {spec.name: Table(spec) for spec in blueprint.tables}
        self.ledger = Ledger()
        self.schedule = Schedule()
        self.counters: dict[str, int] = {}
        self.commits = 0
        self.lock = WorldLock(self._hand_over)
        self._log = EventLog(ids)
        self.listeners: Sequence[Callable[[World], None]] = ()
        self._recorder: Recorder | None = None
        self._noted: Changes | None = None
        self._clock_written: ClockState | None = None

    @property
    def events(self) -> list[Event]:
        """The committed events, oldest first."""
        if not self._log.is_written:
            with self.lock:
                self._log.write_out()
        return self._log.written

    @events.setter
    def events(self, events: list[Event]) -> None:
        with self.lock:
            self._log.replace(events)

    @property
    def event_sequence(self) -> int:
        """The sequence number of the last committed event."""
        return self._log.last_sequence

    def unit(self, *, now: datetime | None = None, quiet: bool = False) -> AbstractContextManager[Unit]:
        """A Unit that commits when the block ends, and leaves nothing when it raises.

        `quiet` records no events: for fixture data (rules WH-3b).
        """
        return _OpenUnit(self, now, quiet)

    def record(self, recorder: Recorder, *, written: bool = False) -> None:
        """Have everything that is committed from now on handed to `recorder`, when the lock is let go.

        What the World already holds is handed over first, in place of all that was written of it before;
        not so where it is `written` already.
        """
        with self.lock:
            self._recorder = recorder
            self._noted = Changes(self.ids.sandbox)
            self._clock_written = self.clock.state
            if not written:
                self.replaced()

    def replaced(self) -> None:
        """Say, within the lock, that the content was replaced at one stroke, and not by Units."""
        if self._recorder is not None:
            self._noted = whole(self)

    def announce(self) -> None:
        """Tell the listeners that something was committed or that time moved; they only take note of it."""
        for listener in self.listeners:
            listener(self)

    def catch_up(self) -> list[Ran]:
        """Run every job that is due by now, in order (rules CK-1)."""
        return self._run_due(self.clock.now())

    def advance(self, seconds: int) -> list[Ran]:
        """Move time on by whole seconds and run what falls due.

        Raises:
            DomainError: `clock_backwards` or `clock_step_too_large`.
        """
        return self.move_to(self.moment_after(seconds))

    def moment_after(self, seconds: int) -> datetime:
        """Where a move by so many seconds leads; one that is refused anyway may be shortened."""
        if abs(seconds) > MAX_STEP.total_seconds():
            seconds = int(MAX_STEP.total_seconds()) + 1 if seconds > 0 else -1
        return self.clock.now() + timedelta(seconds=seconds)

    def move_to(self, moment: datetime) -> list[Ran]:
        """Move time forward to `moment`, running every due job at its own due time (rules CK-1).

        Raises:
            DomainError: `clock_backwards` or `clock_step_too_large`.
        """
        with self.lock:
            self.check_step(moment)
            ran = self._run_due(moment)
            self.clock.move(moment)
            self.announce()
            return ran

    def check_step(self, moment: datetime) -> None:
        """Refuse a move that the clock does not make.

        Raises:
            DomainError: `clock_backwards` or `clock_step_too_large`.
        """
        now = self.clock.now()
        if moment < now:
            raise DomainError(
                "clock_backwards", f"The clock stands at {format_time(now)} and only moves forward."
            )
        if moment - now > MAX_STEP:
            raise DomainError(
                "clock_step_too_large", f"One step moves the clock by {MAX_STEP.days} days at most."
            )

    def _run_due(self, until: datetime) -> list[Ran]:
        ran: list[Ran] = []
        with self.lock:
            while (job := self.schedule.next_due(until)) is not None:
                unit = Unit(self, job.due)
                unit.unplan(job.kind, job.subject_id)
                self.blueprint.jobs[job.kind](unit, job.subject_id)
                self._finish(unit)
                ran.append(Ran(job.due, job.kind, job.subject_id))
        return ran

    def _finish(self, unit: Unit) -> None:
        unit.settle()
        if not unit.changed:
            return
        noted = self._noted
        self._put_rows(unit, noted)
        if unit.transactions:
            self.ledger.append(unit.transactions, unit.balances)
        if unit.events:
            self._log.add(unit.events, unit.now, unit.take_ids(ID_PREFIX, len(unit.events)))
        self.counters.update(unit.counters)
        self._plan_jobs(unit, noted)
        if noted is not None:
            noted.transactions += unit.transactions
            noted.events += self.events[-len(unit.events) :] if unit.events else ()
            noted.counters.update(unit.counters)
        self.commits += 1
        self.announce()

    def _put_rows(self, unit: Unit, noted: Changes | None) -> None:
        for name, changes in unit.rows.items():
            table = self.tables[name]
            for row_id, row in changes.items():
                if row is not _DELETED:
                    seq, left = table.put(row), row
                elif row_id in table.rows:
                    seq, left = table.delete(row_id), None
                else:
                    continue
                if noted is not None:
                    noted.note_row(table, seq, left)

    def _plan_jobs(self, unit: Unit, noted: Changes | None) -> None:
        schedule = self.schedule
        for due, kind, subject_id in unit.jobs:
            job = None
            if due is None:
                schedule.drop(kind, subject_id)
            else:
                job = schedule.set(due, kind, subject_id)
            if noted is not None:
                noted.jobs[kind, subject_id] = job

    def _hand_over(self) -> None:
        """Give the recorder what was committed since the lock was taken, as one."""
        noted = self._noted
        if self._recorder is None or noted is None:
            return
        clock = self.clock.state
        if clock != self._clock_written:
            noted.clock = self._clock_written = clock
        if noted:
            self._noted = Changes(self.ids.sandbox)
            self._recorder(noted)


class _OpenUnit:
    """The block in which a Unit is open: within the World's lock, committed at its end."""

    __slots__ = ("_now", "_quiet", "_unit", "_world")

    def __init__(self, world: World, now: datetime | None, quiet: bool) -> None:
        self._world = world
        self._now = now
        self._quiet = quiet

    def __enter__(self) -> Unit:
        world = self._world
        world.lock.__enter__()
        try:
            self._unit = Unit(world, self._now or world.clock.now(), quiet=self._quiet)
        except BaseException:
            world.lock.__exit__()
            raise
        return self._unit

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._world._finish(self._unit)
        finally:
            self._world.lock.__exit__(kind, error, trace)
