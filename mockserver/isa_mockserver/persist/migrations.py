"""The versions of a state file, and the way from every older one to the present layout."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any
from zlib import crc32

from .records import PIECE
from .schema import APPLICATION_ID, LAST, PUT, lay_out, rows_of

_ENTRIES = """
CREATE TABLE entry (
    sandbox TEXT NOT NULL,
    part TEXT NOT NULL,
    key NOT NULL,
    data TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (sandbox, part, key)
) WITHOUT ROWID
"""
"""Up to version 2 there was a row for each thing that is kept, changed in place."""

_Entry = tuple[str, str, int | str, str, int]
"""Sandbox, part, key, JSON text, and the checksum of these."""


def create(connection: sqlite3.Connection) -> None:
    """Lay out a new file, within the caller's transaction."""
    lay_out(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file of an older version to this one's layout, within the caller's transaction.

    Raises:
        ValueError: an old entry is not what was written.
    """
    for step in _STEPS[version:]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _with_sandboxes(connection: sqlite3.Connection) -> None:
    """Version 0 kept the default sandbox alone, and its table did not name it."""
    connection.execute("ALTER TABLE entry RENAME TO entry_0")
    connection.execute(_ENTRIES)
    sandbox = "default"
    connection.executemany(
        "INSERT INTO entry (sandbox, part, key, data, crc) VALUES (?, ?, ?, ?, ?)",
        [
            (sandbox, part, key, data, _checksum(sandbox, part, key, data))
            for part, key, data in connection.execute("SELECT part, key, data FROM entry_0")
        ],
    )
    connection.execute("DROP TABLE entry_0")


def _with_snapshots(connection: sqlite3.Connection) -> None:
    """Version 1 had sandboxes alone, and would take a snapshot for one; what it wrote stays as it is."""


def _with_records(connection: sqlite3.Connection) -> None:
    """Version 2 looked up and replaced an entry for each row that a commit changed, one by one."""
    lay_out(connection)
    entries: Iterator[_Entry] = connection.execute(
        "SELECT sandbox, part, key, data, crc FROM entry ORDER BY sandbox, part, key"
    )
    for sandbox, own in groupby(entries, key=lambda entry: entry[0]):
        (last,) = connection.execute(LAST).fetchone()
        connection.executemany(PUT, rows_of(sandbox, _documents(own), after=last))
    connection.execute("DROP TABLE entry")


_STEPS: Sequence[Callable[[sqlite3.Connection], None]] = (_with_sandboxes, _with_snapshots, _with_records)
"""The step at index N leads from version N to N + 1."""

VERSION = len(_STEPS)


def _checksum(sandbox: str, part: str, key: int | str, data: str) -> int:
    return crc32(f"{sandbox}\0{part}\0{key}\0{data}".encode())


def _documents(entries: Iterable[_Entry]) -> Iterator[bytes]:
    for part, own in groupby(entries, key=lambda entry: entry[1]):
        for document in _documents_of_part(part, map(_content, own)):
            yield json.dumps(document, separators=(",", ":")).encode()


def _documents_of_part(part: str, contents: Iterator[tuple[str, Any]]) -> Iterator[Mapping[str, Any]]:
    if part in ("start", "clock"):
        yield from ({part: content} for _, content in contents)
    elif part in ("counters", "next_seqs"):
        yield {part: dict(contents)}
    else:
        for fields, alike in groupby(contents, key=lambda content: tuple(content[1])):
            while piece := {key: tuple(row.values()) for key, row in islice(alike, PIECE)}:
                yield {"rows": {part: {"fields": fields, "rows": piece}}}


def _content(entry: _Entry) -> tuple[str, Any]:
    sandbox, part, key, data, crc = entry
    if _checksum(sandbox, part, key, data) != crc:
        raise ValueError(f"{part} {key} is not what was written")
    if part == "start":
        return str(key), data
    content = json.loads(data)
    if not isinstance(content, int | dict):
        raise ValueError(f"{part} {key} is no row")
    return str(key), content
