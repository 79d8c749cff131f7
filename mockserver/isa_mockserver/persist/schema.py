"""The layout of a state file, its version, and the way from every older version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from zlib import crc32

APPLICATION_ID = 0x69734155
"""Marks a SQLite file as one of ours (`isAU`)."""

SNAPSHOT_MARK = "/"
"""Between a sandbox's name, which never has it, and that of its snapshot, which is kept as a sandbox is."""

_TABLE = """
CREATE TABLE entry (
    sandbox TEXT NOT NULL,
    part TEXT NOT NULL,
    key NOT NULL,
    data TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (sandbox, part, key)
) WITHOUT ROWID
"""


def checksum(sandbox: str, part: str, key: int | str, data: str) -> int:
    """What is kept beside an entry, so that a flipped bit is noticed."""
    return crc32(f"{sandbox}\0{part}\0{key}\0{data}".encode())


def create(connection: sqlite3.Connection) -> None:
    """Lay out a new file, within the caller's transaction."""
    connection.execute(_TABLE)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file of an older version to this one's layout, within the caller's transaction."""
    for step in _STEPS[version:]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _with_sandboxes(connection: sqlite3.Connection) -> None:
    """Version 0 kept the default sandbox alone, and its table did not name it."""
    connection.execute("ALTER TABLE entry RENAME TO entry_0")
    connection.execute(_TABLE)
    sandbox = "default"
    connection.executemany(
        "INSERT INTO entry (sandbox, part, key, data, crc) VALUES (?, ?, ?, ?, ?)",
        [
            (sandbox, part, key, data, checksum(sandbox, part, key, data))
            for part, key, data in connection.execute("SELECT part, key, data FROM entry_0")
        ],
    )
    connection.execute("DROP TABLE entry_0")


def _with_snapshots(connection: sqlite3.Connection) -> None:
    """Version 1 had sandboxes alone, and would take a snapshot for one; what it wrote stays as it is."""


_STEPS: Sequence[Callable[[sqlite3.Connection], None]] = (_with_sandboxes, _with_snapshots)
"""The step at index N leads from version N to N + 1."""

VERSION = len(_STEPS)
