"""State files for tests, and what a refused one looks like afterwards."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from isa_mockserver.kernel.changes import Changes, whole
from isa_mockserver.kernel.clock import ClockState
from isa_mockserver.kernel.events import Event
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.persist.sqlite import SqliteStore
from tests.server.kernel.worlds import NOTES, START, Note, empty_world

ROW_TYPES: Mapping[str, type] = {NOTES.name: Note}
COMMITS_AFTER = 5
STILL = ClockState(0, START)


def store_at(path: Path) -> SqliteStore:
    return SqliteStore(path, ROW_TYPES)


def note(number: int, text: str = "text") -> Changes:
    """One row more in the default sandbox."""
    return Changes("default", rows={NOTES.name: {number: Note(f"n{number}", "alice", text)}})


def pinged(number: int) -> Changes:
    """One event more in the default sandbox."""
    return Changes(
        "default", events=[Event(f"evt_{number}", "webhook.ping", START, number, "alice", {"a": 5})]
    )


def beginning(sandbox: str = "default") -> Changes:
    return Changes(sandbox, anew=True, start="{}", clock=STILL)


def some_of_everything() -> Changes:
    world = empty_world()
    with world.unit() as unit:
        for number in range(40):
            unit.put(NOTES, Note(f"n{number}", "alice", f"text of {number}"))
            unit.post(Reference("d", f"{number}"), Posting("external:card", "wallet:a:available", 5, "usd"))
            unit.emit("webhook.ping", "alice", {"number": number})
        unit.plan(START, "overdue", "x")
        unit.next_number("things")
    changes = whole(world)
    changes.start = "{}"
    return changes


def made(path: Path) -> Changes:
    """A file with something of everything; gives what is in it."""
    content = some_of_everything()
    store = store_at(path)
    store.commit([content])
    store.close()
    return content


def crashed(path: Path) -> Changes:
    """As `made`, with some commits more, as a killed process leaves it: everything is in the log."""
    content = some_of_everything()
    store = store_at(path)
    store.commit([content])
    for number in range(COMMITS_AFTER):
        store.commit([note(41 + number)])
    copies = {each: each.read_bytes() for each in (path, log_of(path))}
    store.close()
    for each, copied in copies.items():
        each.write_bytes(copied)
    return content


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of change of every file."""
    return {path.name: (path.read_bytes(), os.stat(path).st_mtime_ns) for path in folder.iterdir()}


def run_sql(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
