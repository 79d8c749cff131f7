"""The store on SQLite: a table of records that only grows, a write-ahead log, every commit synced.

A row that changes is not looked up and replaced: its new state is one row of the record that its commit adds.
What is outdated goes when a sandbox begins anew, or when a file is opened that is outdated for the most part.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from isa_mockserver.kernel.changes import Changes

from .filelock import FileLock, TakenError
from .migrations import VERSION, create, migrate
from .reading import Content, is_new, read
from .records import RowTypes, documents_of
from .schema import CLEAR, LAST, PUT, SNAPSHOT_MARK, Row, rows_of
from .store import StateFileError

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
        self._loaded: Mapping[str, Changes] = {}
        self._last = 0
        self._names: set[str] = set()
        with _told_in_a_sentence(path):
            self._lock = FileLock(path)
            try:
                content = Content(None, {}, frozenset()) if is_new(path) else read(path, row_types)
                self._connection = _opened(path, content.version)
                try:
                    self._begin(content)
                except BaseException:
                    self._connection.close()
                    raise
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
        rows: list[Row] = []
        cleared: list[str] = []
        for changes in _folded(batch):
            cleared += self._names_to_clear(changes)
            rows += rows_of(changes.sandbox, documents_of(changes), after=self._last + len(rows))
        if len(rows) == 1 and not cleared:
            self._connection.execute(PUT, rows[0])
        else:
            with _transaction(self._connection):
                self._connection.executemany(CLEAR, [(name,) for name in cleared])
                self._connection.executemany(PUT, rows)
        self._last += len(rows)
        self._names.difference_update(cleared)
        self._names.update(row[1] for row in rows)

    def close(self) -> None:
        """Fold the log into the file and let others have it."""
        with suppress(sqlite3.Error):
            self._connection.close()
        self._lock.release()

    def _begin(self, content: Content) -> None:
        """Go on from what there is, and leave out what is outdated where that is most of it."""
        (self._last,) = self._connection.execute(LAST).fetchone()
        self._loaded = content.kept
        self._names = set(content.kept)
        if content.overgrown:
            self.commit([content.kept[name] for name in content.overgrown])

    def _names_to_clear(self, changes: Changes) -> list[str]:
        """Whose records these changes are in place of: looking for some takes as long as there are any."""
        names = [changes.sandbox] if changes.anew and changes.sandbox in self._names else []
        if changes.without_snapshots:
            first, last = _bounds(changes.sandbox)
            names += [name for name in self._names if first < name < last]
        return names


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
            return read(path, row_types).kept
        finally:
            lock.release()


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
