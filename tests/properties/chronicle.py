"""What happened in a World, commit by commit, and what was said to whom: the material of the laws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from isa_mockserver.kernel.events import Event
from isa_mockserver.kernel.ledger import LedgerTransaction
from isa_mockserver.kernel.world import World
from isa_mockserver.web.journal import Entry

Rows = Mapping[str, Any]
Tables = Mapping[str, Rows]


class Commit(NamedTuple):
    """One Unit that was committed: all rows before and after it, by table and id, and what it added."""

    before: Tables
    after: Tables
    transactions: Sequence[LedgerTransaction] = ()
    events: Sequence[Event] = ()

    def changed(self, table: str) -> Iterator[tuple[Any | None, Any | None]]:
        """The rows of a table that it changed, as they were and as they are; None where there was none."""
        before, after = self.before.get(table, {}), self.after.get(table, {})
        if before is after:
            return
        yield from ((before.get(row_id), row) for row_id, row in after.items() if before.get(row_id) != row)
        yield from ((row, None) for row_id, row in before.items() if row_id not in after)


class Call(NamedTuple):
    """One request and its answer; `commits` are its own, without what had fallen due before it."""

    method: str
    path: str
    user: str
    sent: Mapping[str, Any]
    status: int
    body: Any
    commits: Sequence[Commit] = ()


class Repeat(NamedTuple):
    """One request that was sent twice under one key, and how many commits the second one made."""

    first: Call
    again: Call
    commits: int


class Changed(NamedTuple):
    """A change of plan: its preview at the same instant, its answer, and the invoices that it made."""

    preview: Any
    invoices: Sequence[Any]


class Windows(NamedTuple):
    """The usage of one user over one span, as it was reported by window: window -> total and parts."""

    user: str
    start: Any
    end: Any
    reported: Mapping[str, tuple[int, Sequence[int]]]


class Listing(NamedTuple):
    """A list that was read page by page: the ids that it should give in their order, and the pages."""

    path: str
    expected: Sequence[str]
    pages: Sequence[Sequence[Mapping[str, Any]]]


class Delivered(NamedTuple):
    """A webhook as it was sent, and the secrets that it should be signed with."""

    secrets: Sequence[str]
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Chronicle:
    """Everything that was seen since `turn_page`, and what counts over a whole walk."""

    commits: list[Commit] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    windows: list[Windows] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    deliveries: list[Delivered] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    """The server's own journal of requests; at the end of a walk only."""
    shown: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """User -> credits and wallet as they were shown at one instant."""
    accepted: dict[tuple[str, str], int] = field(default_factory=dict)
    """(User, event id) -> the quantity of usage that was accepted; over the whole walk."""
    _tables: Tables = field(default_factory=dict)
    _transactions: int = 0
    _events: int = 0

    def turn_page(self) -> None:
        """Forget what was seen, but for what counts over a whole walk."""
        for seen in (self.commits, self.calls, self.repeats, self.changes, self.windows):
            seen.clear()
        for gathered in (self.listings, self.deliveries, self.journal, self.shown):
            gathered.clear()

    def hear(self, call: Call) -> None:
        """Take down a request and its answer, and the usage that was accepted with it."""
        self.calls.append(call)
        if call.method != "POST" or call.status not in (200, 201):
            return
        if call.path == "/billing/usage":
            self._accept(call.user, call.sent)
        elif call.path == "/billing/usage/batch":
            rejected = {refusal["index"] for refusal in call.body["rejected"]}
            for index, event in enumerate(call.sent["events"]):
                if index not in rejected:
                    self._accept(call.user, event)

    def _accept(self, user: str, event: Mapping[str, Any]) -> None:
        self.accepted.setdefault((user, event["event_id"]), event["quantity"])

    def begin(self, world: World) -> None:
        """What the World holds now was there before."""
        self._tables = {name: dict(table.rows) for name, table in world.tables.items()}
        self._transactions, self._events = len(world.ledger.transactions), len(world.events)

    def look(self, world: World) -> None:
        """Take down what was committed since the last look: a listener of the World."""
        before, self._tables = self._tables, self._tables_now(world)
        transactions = world.ledger.transactions[self._transactions :]
        events = world.events[self._events :]
        self._transactions += len(transactions)
        self._events += len(events)
        if transactions or events or any(before.get(name) is not rows for name, rows in self._tables.items()):
            self.commits.append(Commit(before, self._tables, transactions, events))

    def _tables_now(self, world: World) -> Tables:
        """The rows of every table; those of a table that did not change are the same object as before."""
        rows: dict[str, Rows] = {}
        for name, table in world.tables.items():
            kept = self._tables.get(name)
            rows[name] = kept if kept is not None and kept == table.rows else dict(table.rows)
        return rows
