"""Small Worlds for kernel tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.store import TableSpec
from isa_mockserver.kernel.world import Blueprint, World

START = datetime(2024, 1, 28, tzinfo=UTC)


class Note(NamedTuple):
    """A row for tests."""

    id: str
    owner: str
    text: str
    created_at: datetime = START
    folder: str | None = None


NOTES = TableSpec("notes", Note, indexes=("owner", "folder"))


def empty_world(blueprint: Blueprint | None = None, id_seed: int = 0) -> World:
    """A World of notes at the sample date, frozen."""
    return World(
        blueprint or Blueprint(tables=(NOTES,)),
        clock=Clock(START),
        ids=IdSource(id_seed, repeatable_secrets=True),
    )
