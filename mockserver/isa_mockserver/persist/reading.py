"""Reading a state file without touching it: everything is tried on a copy first."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.kernel.ledger import Ledger

from .entries import Entry, RowTypes, changes_of
from .log import is_damaged
from .schema import APPLICATION_ID, VERSION, checksum, migrate
from .store import StateFileError

_HEADER = b"SQLite format 3\0"


def log_of(path: Path) -> Path:
    """Where SQLite keeps the write-ahead log of a file."""
    return path.with_name(f"{path.name}-wal")


def is_new(path: Path) -> bool:
    """Whether there is nothing yet."""
    return not path.exists() or path.stat().st_size == 0


def read(path: Path, row_types: RowTypes) -> tuple[int | None, Mapping[str, Changes]]:
    """The version of an existing file (None: nothing was ever laid out in it), and all that it holds.

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


def _read_copy(
    connection: sqlite3.Connection, path: Path, row_types: RowTypes
) -> tuple[int | None, Mapping[str, Changes]]:
    _check_integrity(connection)
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        if application_id == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return None, {}
        raise _foreign(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StateFileError(
            f"{path} was written by a newer isa-mockserver (its layout is {version}, this one knows up to "
            f"{VERSION}) and was left as it is."
        )
    migrate(connection, version)
    return version, dict(_sandboxes(connection, row_types))


def _check_integrity(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise ValueError(" ".join(str(verdict).split()))


def _sandboxes(connection: sqlite3.Connection, row_types: RowTypes) -> Iterator[tuple[str, Changes]]:
    entries = connection.execute(
        "SELECT sandbox, part, key, data, crc FROM entry ORDER BY sandbox, part, key"
    )
    for sandbox, own in groupby(entries, key=lambda entry: str(entry[0])):
        changes = changes_of(sandbox, (_checked(*entry) for entry in own), row_types)
        report = Ledger.of(changes.transactions).check()
        if not report.ok:
            raise ValueError(f"the ledger does not add up: {report.violations[0]}")
        yield sandbox, changes


def _checked(sandbox: str, part: str, key: int | str, data: str, crc: int) -> Entry:
    if checksum(sandbox, part, key, data) != crc:
        raise ValueError(f"{part} {key} is not what was written")
    return Entry(part, key, data)


def _foreign(path: Path) -> StateFileError:
    return StateFileError(f"{path} is not a state file of isa-mockserver and was left as it is.")
