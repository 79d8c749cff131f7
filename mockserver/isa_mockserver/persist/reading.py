"""Reading a state file without touching it: everything is tried on a copy first."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.kernel.ledger import Ledger

from .log import is_damaged
from .migrations import VERSION, migrate
from .records import PIECE, Replayed, RowTypes, replayed
from .schema import APPLICATION_ID, Row, checksum
from .store import StateFileError

_HEADER = b"SQLite format 3\0"


class Content(NamedTuple):
    """What is in a file: its version (None: nothing was ever laid out in it), and all that it keeps.

    `overgrown` are the sandboxes whose records are outdated for the most part.
    """

    version: int | None
    kept: dict[str, Changes]
    overgrown: frozenset[str]


def log_of(path: Path) -> Path:
    """Where SQLite keeps the write-ahead log of a file."""
    return path.with_name(f"{path.name}-wal")


def is_new(path: Path) -> bool:
    """Whether there is nothing yet."""
    return not path.exists() or path.stat().st_size == 0


def read(path: Path, row_types: RowTypes) -> Content:
    """All that an existing file holds.

    Raises:
        StateFileError: it is no state file, a damaged one, or of a newer version.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise _foreign(path)
    with TemporaryDirectory(prefix="isa-mockserver-") as folder:
        copy = _copied(path, Path(folder))
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                _check_log(connection, log_of(copy))
                return _read_copy(connection, path, row_types)
        except (sqlite3.Error, ValueError, ArithmeticError) as error:
            reason = str(error) or type(error).__name__
            raise StateFileError(
                f"{path} is damaged and was left as it is ({reason:.200}): restore a copy of it, or name "
                "another file."
            ) from error


def _copied(path: Path, folder: Path) -> Path:
    """The file with its write-ahead log, in which a crash leaves what was acknowledged last."""
    copy = folder / "state"
    shutil.copyfile(path, copy)
    if log_of(path).exists():
        shutil.copyfile(log_of(path), log_of(copy))
    return copy


def _check_log(connection: sqlite3.Connection, log: Path) -> None:
    if not log.exists():
        return
    content = log.read_bytes()
    _, recovered, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if is_damaged(content, max(recovered, 0)):
        raise ValueError("acknowledged commits in its log cannot be read")


def _read_copy(connection: sqlite3.Connection, path: Path, row_types: RowTypes) -> Content:
    _check_integrity(connection)
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        if application_id == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return Content(None, {}, frozenset())
        raise _foreign(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StateFileError(
            f"{path} was written by a newer isa-mockserver (its layout is {version}, this one knows up to "
            f"{VERSION}) and was left as it is."
        )
    migrate(connection, version)
    found = dict(_sandboxes(connection, row_types))
    overgrown = frozenset(name for name, sandbox in found.items() if _is_overgrown(sandbox))
    return Content(version, {name: sandbox.changes for name, sandbox in found.items()}, overgrown)


def _check_integrity(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise ValueError(" ".join(str(verdict).split()))


def _sandboxes(connection: sqlite3.Connection, row_types: RowTypes) -> Iterator[tuple[str, Replayed]]:
    records = connection.execute("SELECT number, sandbox, crc, data FROM record ORDER BY sandbox, number")
    for sandbox, own in groupby(records, key=lambda record: str(record[1])):
        found = replayed(sandbox, (_checked(record) for record in own), row_types)
        report = Ledger.of(found.changes.transactions).check()
        if not report.ok:
            raise ValueError(f"the ledger does not add up: {report.violations[0]}")
        yield sandbox, found


def _is_overgrown(sandbox: Replayed) -> bool:
    return sandbox.outdated > PIECE + sum(len(rows) for rows in sandbox.changes.rows.values())


def _checked(record: Row) -> bytes:
    number, sandbox, crc, data = record
    if checksum(number, sandbox, data) != crc:
        raise ValueError(f"record {number} is not what was written")
    return data


def _foreign(path: Path) -> StateFileError:
    return StateFileError(f"{path} is not a state file of isa-mockserver and was left as it is.")
