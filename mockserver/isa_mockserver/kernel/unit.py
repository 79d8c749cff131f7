"""The Unit: everything one request or one due job changes, committed together or not at all (rules P2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .chart import Account, may_be_negative
from .events import CATALOGUE, EventDraft, Told
from .ledger import BalanceKey, LedgerError, LedgerTransaction, Posting, Reference, well_formed
from .money import bounded_total
from .store import R, TableSpec

if TYPE_CHECKING:
    from .world import World

_DELETED: Any = object()
_PlannedJob = tuple[datetime | None, str, str]


class Unit:
    """Reads through its own buffered changes to the World below; the World changes only at commit."""

    _chosen_ids: Mapping[str, str] | None = None

    def __init__(self, world: World, now: datetime, *, quiet: bool = False) -> None:
        self._world = world
        self._quiet = quiet
        self.now = now
        self.rows: dict[str, dict[str, Any]] = {}
        self.transactions: list[LedgerTransaction] = []
        self.balances: dict[BalanceKey, int] = {}
        self.events: list[EventDraft] = []
        self.counters: dict[str, int] = {}
        self.jobs: list[_PlannedJob] = []
        self._put_off: list[object] = []

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self.rows or self.transactions or self.events or self.counters or self.jobs)

    # Rows

    def get(self, table: TableSpec[R], row_id: str) -> R | None:
        """The row of this id, or None."""
        name = table.name
        changed = self.rows.get(name)
        if changed and (row := changed.get(row_id)) is not None:
            return None if row is _DELETED else row
        return self._world.tables[name].rows.get(row_id)

    def put(self, table: TableSpec[R], row: R) -> R:
        """Insert the row or replace the one of the same id; gives the row back."""
        self.rows.setdefault(table.name, {})[row.id] = row
        return row

    def delete(self, table: TableSpec[R], row_id: str) -> None:
        """Remove a row."""
        self.rows.setdefault(table.name, {})[row_id] = _DELETED

    def find(self, table: TableSpec[R], index: str, key: str) -> list[R]:
        """The rows whose indexed attribute is `key`, oldest first."""
        committed = self._world.tables[table.name]
        changed = self.rows.get(table.name, {})
        rows = [changed.get(row_id) or committed.rows[row_id] for row_id in committed.ids(index, key)]
        rows += [
            row
            for row_id, row in changed.items()
            if row_id not in committed.rows and row is not _DELETED and getattr(row, index) == key
        ]
        return [row for row in rows if row is not _DELETED]

    def newest_first(
        self, table: TableSpec[R], index: str, key: str, *, before_seq: int | None = None
    ) -> Iterator[tuple[int, R]]:
        """The committed rows of `key` with their sequence numbers, newest first: for paged lists."""
        committed = self._world.tables[table.name]
        ids = committed.ids(index, key)
        count = len(ids) if before_seq is None else committed.count_before(index, key, before_seq)
        for place in range(count - 1, -1, -1):
            row_id = ids[place]
            yield committed.seqs[row_id], committed.rows[row_id]

    def has_committed(self, table: TableSpec[R], index: str, key: str) -> bool:
        """Whether there is a committed row of `key`."""
        return bool(self._world.tables[table.name].ids(index, key))

    def scan(self, table: TableSpec[R]) -> list[R]:
        """Every row, in insertion order; for small tables and whole-world views."""
        rows = {**self._world.tables[table.name].rows, **self.rows.get(table.name, {})}
        return [row for row in rows.values() if row is not _DELETED]

    # Ids and secrets

    def next_number(self, counter: str) -> int:
        """The next value of a gapless counter, starting at 1."""
        own = self.counters
        number = (own[counter] if counter in own else self._world.counters.get(counter, 0)) + 1
        own[counter] = number
        return number

    def new_id(self, prefix: str) -> str:
        """A fresh id such as `pi_...`; it depends on the seed and on what was committed before."""
        if self._chosen_ids and prefix in self._chosen_ids:
            chosen, self._chosen_ids = self._chosen_ids[prefix], None
            return chosen
        return self._world.ids.make(prefix, self.next_number(f"id:{prefix}"))

    def take_ids(self, prefix: str, count: int) -> int:
        """Take so many fresh ids of a kind, to be made later by `IdSource.make`: the number of the first."""
        counter = f"id:{prefix}"
        first = self.next_number(counter)
        self.counters[counter] += count - 1
        return first

    def choose_id(self, prefix: str, id_: str) -> None:
        """Have the next new id of that kind be this one: for fixtures, which vouch that it is free."""
        self._chosen_ids = {prefix: id_}

    def new_secret(self, purpose: str, subject_id: str) -> str:
        """An unguessable string for `subject_id` (rules PI-3)."""
        return self._world.ids.secret(purpose, subject_id)

    def new_key(self, purpose: str, subject_id: str) -> bytes:
        """32 unguessable bytes for `subject_id` (rules WH-4)."""
        return self._world.ids.key(purpose, subject_id)

    # Ledger

    def balance(self, account: Account, currency: str) -> int:
        """The balance of an account, this Unit's own postings included."""
        key = (account, currency)
        kept = self.balances.get(key)
        return self._world.ledger.balances.get(key, 0) if kept is None else kept

    def post(self, reference: Reference, *postings: Posting) -> None:
        """Move money: all postings or none, once per reference (rules L-1).

        Raises:
            LedgerError: a posting is malformed, a wallet or credits account would fall below zero,
                or the reference was posted before.
            DomainError: `amount_overflow` (rules M-7).
        """
        ledger, own = self._world.ledger, self.transactions
        if reference in ledger.references or (own and any(t.reference == reference for t in own)):
            raise LedgerError(f"{reference} was posted before")
        self.balances.update(self._balances_after(postings))
        number = len(ledger.transactions) + len(own) + 1
        own.append(LedgerTransaction(number, self.now, reference, postings))

    def _balances_after(self, postings: Sequence[Posting]) -> dict[BalanceKey, int]:
        after: dict[BalanceKey, int] = {}
        for posting in postings:
            well_formed(posting)
            source, destination, amount, currency = posting
            for account, change in ((source, -amount), (destination, amount)):
                key = (account, currency)
                before = after[key] if key in after else self.balance(account, currency)
                after[key] = bounded_total(before + change)
        for (account, currency), amount in after.items():
            if amount < 0 and not may_be_negative(account):
                raise LedgerError(f"{account} would fall to {amount} {currency}")
        return after

    # Events, jobs, reactors

    def emit(
        self,
        type_: str,
        owner: str,
        object_: Told,
        previous: Mapping[str, Any] | None = None,
        *,
        position: int | None = None,
    ) -> None:
        """Record an event that leaves with this Unit's commit, or not at all (rules WH-9).

        A resource that is given as a function is made when the event is first read, if it ever is.
        `position` puts it where `event_position()` stood earlier: for a fact that is certain only after
        a later step, but told before it (an invoice that exists only once its charge succeeded).
        """
        if type_ not in CATALOGUE:
            raise LookupError(f"no event type {type_!r} in the catalogue")
        if self._quiet:
            return
        draft = EventDraft(type_, owner, object_, previous)
        if position is None:
            self.events.append(draft)
        else:
            self.events.insert(position, draft)

    def event_position(self) -> int:
        """The place of the next event, to be given to a later `emit`."""
        return len(self.events)

    @property
    def event_sequence(self) -> int:
        """The sequence number of the last event, this Unit's own included."""
        return self._world.event_sequence + len(self.events)

    def plan(self, due: datetime, kind: str, subject_id: str) -> None:
        """Have a job of `kind` run for the record at `due`, in place of an earlier plan."""
        self.jobs.append((due, kind, subject_id))

    def unplan(self, kind: str, subject_id: str) -> None:
        """Forget the planned job, if there is one."""
        self.jobs.append((None, kind, subject_id))

    def notify_at_end(self, signal: object) -> None:
        """As `notify`, but once the work that this Unit was made for is done."""
        self._put_off.append(signal)

    def settle(self) -> None:
        """Let the other slices react to the signals that were put off, just before the commit."""
        while self._put_off:
            self.notify(self._put_off.pop(0))

    def notify(self, signal: object) -> None:
        """Let the other slices react to what happened, inside this Unit (rules P2b)."""
        for react in self._world.blueprint.reactors.get(type(signal), ()):
            react(self, signal)
