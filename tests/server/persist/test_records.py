"""Changes as documents, and back, for every kind of row that there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import pytest

from isa_mockserver.kernel.changes import Changes, whole
from isa_mockserver.kernel.codec import encode
from isa_mockserver.persist.records import documents_of
from isa_mockserver.slices import blueprint
from isa_mockserver.testing import MockServer
from tests.server.kernel.worlds import START, Note

from .files import note
from .life import LIFE

ROWS = "rows:"


def rows_written(changes: Changes) -> Iterator[tuple[str, int, Any]]:
    """Part, key and content of the tables' rows in all documents."""
    for document in map(json.loads, documents_of(changes)):
        for part, columns in document.get("rows", {}).items():
            for key, values in columns["rows"].items():
                if part.startswith(ROWS):
                    yield part, int(key), dict(zip(columns["fields"], values, strict=True))


def test_a_row_is_written_as_the_codec_encodes_it_secrets_included() -> None:
    """The quick way to write a row says what the kernel's codec says, for all rows of a life."""
    with MockServer(seed="demo") as server:
        server.webhooks.add("http://localhost:9/hook")
        for step in LIFE:
            step(server)
        world = server._runtime.world
    seen = set()
    for part, seq, row in rows_written(whole(world)):
        table = world.tables[part.removeprefix(ROWS)]
        there = next(table.rows[row_id] for row_id, number in table.seqs.items() if number == seq)
        assert row == encode(there), part
        seen.add(table.spec.name)
    never_in_a_life = {"reservations"}
    assert seen >= {"payment_intents", "webhook_endpoints", "idempotency", "users"} - never_in_a_life
    assert len(seen) > len(blueprint().tables) / 2


@pytest.mark.parametrize(
    "value",
    ["ö", 'a "b"\n', "\0", "🙂", MappingProxyType({"a": {"b": START}}), (START, [None, 2**70, True])],
)
def test_any_value_that_rows_hold_is_written_as_the_codec_says(value: Any) -> None:
    row = Note("n", "alice", "text", folder=value)
    changes = note(1)
    changes.rows["notes"][1] = row
    assert list(rows_written(changes)) == [(f"{ROWS}notes", 1, encode(row))]


def test_what_changed_nothing_is_not_written() -> None:
    assert list(documents_of(Changes("default", anew=True))) == []
