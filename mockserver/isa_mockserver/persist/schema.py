"""The layout of a state file: records, each with what one commit changed in one sandbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from zlib import crc32

APPLICATION_ID = 0x69734155
"""Marks a SQLite file as one of ours (`isAU`)."""

SNAPSHOT_MARK = "/"
"""Between a sandbox's name, which never has it, and that of its snapshot, which is kept as a sandbox is."""

_TABLE = """
CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    sandbox TEXT NOT NULL,
    crc INTEGER NOT NULL,
    data BLOB NOT NULL
)
"""
PUT = "INSERT INTO record (number, sandbox, crc, data) VALUES (?, ?, ?, ?)"
CLEAR = "DELETE FROM record WHERE sandbox = ?"
LAST = "SELECT coalesce(max(number), 0) FROM record"

Row = tuple[int, str, int, bytes]
"""A row of the table."""


def checksum(number: int, sandbox: str, data: bytes) -> int:
    """What is kept beside a record, so that a flipped bit is noticed."""
    return crc32(data, crc32(f"{number}\0{sandbox}".encode()))


def rows_of(sandbox: str, documents: Iterable[bytes], *, after: int) -> list[Row]:
    """The documents as rows, numbered after the last one that there is."""
    return [
        (number, sandbox, checksum(number, sandbox, data), data)
        for number, data in enumerate(documents, start=after + 1)
    ]


def lay_out(connection: sqlite3.Connection) -> None:
    """Make the table of the present layout, within the caller's transaction."""
    connection.execute(_TABLE)
