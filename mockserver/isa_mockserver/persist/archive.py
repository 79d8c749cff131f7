"""The archive: the Worlds of one server, kept in one store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isa_mockserver.kernel.changes import Changes, rebuild
from isa_mockserver.kernel.snapshot import Snapshot, read_back, written
from isa_mockserver.kernel.store import R, TableSpec
from isa_mockserver.kernel.world import World

from .reading import is_new
from .schema import SNAPSHOT_MARK
from .sqlite import SqliteStore, read_file
from .store import StateFileError, Store
from .writers import DirectWriter, GroupWriter, Writer


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much a file held when it was opened."""

    sandboxes: int
    users: int
    records: int
    events: int


class Archive:
    """Sandbox -> what was loaded of it, until its World takes it over; and the writer of all Worlds."""

    def __init__(self, store: Store, writer: Writer, place: str) -> None:
        self.writer = writer
        self.place = place
        loaded = store.load()
        self._waiting = {name: kept for name, kept in loaded.items() if SNAPSHOT_MARK not in name}
        self._snapshots = {name: kept for name, kept in loaded.items() if SNAPSHOT_MARK in name}
        self.loaded = _counted(self._waiting.values())

    def starts(self) -> dict[str, str]:
        """How the sandboxes were started that no World has taken over yet."""
        return {name: changes.start or "" for name, changes in self._waiting.items()}

    def rows(self, sandbox: str, table: TableSpec[R]) -> list[R]:
        """The rows of a sandbox that no World has taken over yet."""
        kept = self._waiting.get(sandbox)
        return list(kept.rows.get(table.name, {}).values()) if kept else []

    def restore(self, world: World) -> bool:
        """Give the World what was kept of its sandbox, and keep it from now on; false if there is nothing."""
        kept = self._waiting.pop(world.ids.sandbox, None)
        if kept is None:
            return False
        rebuild(world, kept)
        self._record(world, kept.start or "", from_nothing=False)
        return True

    def keep(self, world: World, start: str) -> None:
        """Keep the World from now on, in place of what was kept of its sandbox before."""
        self._waiting.pop(world.ids.sandbox, None)
        self._record(world, start, from_nothing=True)

    def forget(self, world: World) -> None:
        """Keep nothing of the World's sandbox any more."""
        with world.lock:
            world.record(lambda _: None, written=True)
            self.writer.write(Changes(world.ids.sandbox, anew=True, without_snapshots=True))

    def snapshots(self, world: World) -> dict[str, Snapshot]:
        """The snapshots that were kept of the World's sandbox, oldest moment first; they are given once."""
        prefix = f"{world.ids.sandbox}{SNAPSHOT_MARK}"
        names = [name for name in self._snapshots if name.startswith(prefix)]
        found = {
            name.removeprefix(prefix): read_back(world.blueprint, self._snapshots.pop(name)) for name in names
        }
        return dict(sorted(found.items(), key=lambda item: item[1].taken_at))

    def keep_snapshot(self, sandbox: str, name: str, snapshot: Snapshot | None) -> None:
        """Keep a snapshot of that sandbox from now on, in place of one of the same name; None keeps none."""
        key = f"{sandbox}{SNAPSHOT_MARK}{name}"
        self.writer.write(Changes(key, anew=True) if snapshot is None else written(snapshot, key))

    def check(self) -> None:
        """Say it where the disk has failed.

        Raises:
            StateFileError: memory was ahead of the disk; the disk has all that was acknowledged.
        """
        if self.writer.failure is not None:
            raise StateFileError(
                f"{self.place} could not be written any more ({self.writer.failure}), so the server stopped; "
                "everything that it had acknowledged is there."
            )

    def close(self) -> None:
        """Write what is outstanding and let go of the store."""
        self.writer.close()

    def _record(self, world: World, start: str, *, from_nothing: bool) -> None:
        """Write what is committed; from nothing, first what the World has, and no snapshot is left."""
        first = from_nothing

        def write(changes: Changes) -> None:
            nonlocal first
            if changes.anew:
                changes.start = start
            changes.without_snapshots, first = first, False
            self.writer.write(changes)

        world.record(write, written=not from_nothing)


def open_archive(path: Path, tables: Iterable[TableSpec[Any]], *, grouped: bool) -> Archive:
    """The archive in a file, a new one where there is none.

    `grouped` leaves writing to a thread, so that concurrent requests share a sync; otherwise every commit
    waits for the disk.

    Raises:
        StateFileError: the file cannot be used.
    """
    store = SqliteStore(path.absolute(), row_types_of(tables))
    return Archive(store, GroupWriter(store) if grouped else DirectWriter(store), str(path))


def read_archive(path: Path, tables: Iterable[TableSpec[Any]], sandbox: str) -> Changes:
    """What a file keeps of a sandbox; the file is not touched.

    Raises:
        StateFileError: the file cannot be read, or keeps nothing of the sandbox.
    """
    kept = read_file(path.absolute(), row_types_of(tables)).get(sandbox)
    if kept is None:
        raise StateFileError(f"Nothing is kept in {path}.")
    return kept


def holds_state(path: Path, tables: Iterable[TableSpec[Any]]) -> bool:
    """Whether anything is kept in the file, which is not touched; no file is no state.

    Raises:
        StateFileError: the file cannot be read.
    """
    return not is_new(path) and bool(read_file(path.absolute(), row_types_of(tables)))


def row_types_of(tables: Iterable[TableSpec[Any]]) -> dict[str, type]:
    """Table -> the type of its rows."""
    return {table.name: table.row_type for table in tables}


def _counted(kept: Iterable[Changes]) -> Loaded | None:
    every = list(kept)
    if not every:
        return None
    return Loaded(
        sandboxes=len(every),
        users=sum(len(changes.rows.get("users", ())) for changes in every),
        records=sum(len(rows) for changes in every for rows in changes.rows.values()),
        events=sum(len(changes.events) for changes in every),
    )
