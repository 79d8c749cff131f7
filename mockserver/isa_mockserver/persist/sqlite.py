"""The store on SQLite: one table of entries, a write-ahead log, every commit synced to the disk."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from isa_mockserver.kernel.changes import Changes

from .entries import RowTypes, entries_of
from .filelock import FileLock, TakenError
from .reading import is_new, read
from .schema import SNAPSHOT_MARK, VERSION, checksum, create, migrate
from .store import StateFileError

_PUT = "INSERT OR REPLACE INTO entry (sandbox, part, key, data, crc) VALUES (?, ?, ?, ?, ?)"
_PUTS = {rows: _PUT + ", (?, ?, ?, ?, ?)" * (rows - 1) for rows in (64, 16, 4, 1)}
_DELETE = "DELETE FROM entry WHERE sandbox = ? AND part = ? AND key = ?"
_CLEAR = "DELETE FROM entry WHERE sandbox = ?"
_CLEAR_BELOW = "DELETE FROM entry WHERE sandbox > ? AND sandbox < ?"

_SETTINGS = (
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
)
"""One process alone, a log instead of rewriting, a sync a commit (on macOS: down to the medium)."""


class SqliteStore:
    """State in one file, which others can neither open nor read meanwhile; readable by its owner only.

    Raises:
        StateFileError: the file is in use, no state file, damaged, of a newer version, or cannot be opened.
            An existing file was then not touched.
    """

    def __init__(self, path: Path, row_types: RowTypes) -> None:
        self._path = path
        with _told_in_a_sentence(path):
            self._lock = FileLock(path)
            try:
                version, self._loaded = (None, {}) if is_new(path) else read(path, row_types)
                self._connection = _opened(path, version)
            except BaseException:
                self._lock.release()
                raise

    def load(self) -> Mapping[str, Changes]:
        """Everything that was committed before this store was opened; it is not kept in memory."""
        loaded, self._loaded = self._loaded, {}
        return loaded

    def commit(self, batch: Sequence[Changes]) -> None:
        """Write it in one transaction, and wait until the disk has it.

        Raises:
            sqlite3.Error: nothing of it was written.
        """
        with _transaction(self._connection):
            for changes in _folded(batch):
                self._write(changes)

    def close(self) -> None:
        """Fold the log into the file and let others have it."""
        with suppress(sqlite3.Error):
            self._connection.close()
        self._lock.release()

    def _write(self, changes: Changes) -> None:
        sandbox = changes.sandbox
        if changes.anew:
            self._connection.execute(_CLEAR, (sandbox,))
        if changes.without_snapshots:
            self._connection.execute(_CLEAR_BELOW, _bounds(sandbox))
        gone, kept = [], []
        for part, key, data in entries_of(changes):
            if data is None:
                gone.append((sandbox, part, key))
            else:
                kept.append((sandbox, part, key, data, checksum(sandbox, part, key, data)))
        if gone:
            self._connection.executemany(_DELETE, gone)
        if kept:
            _put_all(self._connection, kept)


def read_file(path: Path, row_types: RowTypes) -> Mapping[str, Changes]:
    """What a file holds that no server uses at the moment; it is not touched.

    Raises:
        StateFileError: as for `SqliteStore`, or there is no such file.
    """
    with _told_in_a_sentence(path):
        if is_new(path):
            raise StateFileError(f"There is no state in {path}.")
        lock = FileLock(path)
        try:
            return read(path, row_types)[1]
        finally:
            lock.release()


def _put_all(connection: sqlite3.Connection, kept: Sequence[Sequence[str | int]]) -> None:
    """Many rows a statement: after each one this thread waits for its turn among the process's threads."""
    at = 0
    for rows, statement in _PUTS.items():
        while len(kept) - at >= rows:
            connection.execute(statement, list(chain.from_iterable(kept[at : at + rows])))
            at += rows


def _folded(batch: Sequence[Changes]) -> list[Changes]:
    """One set of changes a sandbox: what was changed several times is written once."""
    by_sandbox: dict[str, Changes] = {}
    for changes in batch:
        earlier = by_sandbox.get(changes.sandbox)
        if changes.without_snapshots:
            first, last = _bounds(changes.sandbox)
            by_sandbox = {name: kept for name, kept in by_sandbox.items() if not first < name < last}
        if earlier is None:
            by_sandbox[changes.sandbox] = changes
        elif changes.anew:
            # In its old place: what snapshots are left were taken after the others had gone.
            changes.without_snapshots |= earlier.without_snapshots
            by_sandbox[changes.sandbox] = changes
        else:
            earlier.add(changes)
    return list(by_sandbox.values())


def _bounds(sandbox: str) -> tuple[str, str]:
    """Between which names those of the sandbox's snapshots lie."""
    return f"{sandbox}{SNAPSHOT_MARK}", f"{sandbox}{chr(ord(SNAPSHOT_MARK) + 1)}"


def _opened(path: Path, version: int | None) -> sqlite3.Connection:
    if version is None:
        _make_private(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
        with _transaction(connection):
            if version is None:
                create(connection)
            elif version < VERSION:
                migrate(connection, version)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the file itself says what it is
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """A file for its owner only, of which the folder knows even after a crash of the machine."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform != "win32":
            os.fchmod(descriptor, 0o600)  # an empty one that was there already may be open to others
    finally:
        os.close(descriptor)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _told_in_a_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except TakenError as error:
        raise StateFileError(
            f"{path} is in use by another server ({error}): stop it, or name another file."
        ) from None
    except (OSError, sqlite3.Error) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise StateFileError(f"{path} cannot be opened: {reason}.") from error
