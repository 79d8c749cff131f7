"""Changes as entries, and back, for every kind of row that there is."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest

from isa_mockserver.kernel.changes import whole
from isa_mockserver.kernel.codec import encode
from isa_mockserver.persist.entries import ROWS, entries_of
from isa_mockserver.slices import blueprint
from isa_mockserver.testing import MockServer
from tests.server.kernel.worlds import START, Note

from .files import note
from .life import LIFE


def test_the_text_of_a_row_is_the_json_of_its_encoding_secrets_included() -> None:
    """The quick way to write a row says what the kernel's codec says, for all rows of a life."""
    with MockServer(seed="demo") as server:
        server.webhooks.add("http://localhost:9/hook")
        for step in LIFE:
            step(server)
        world = server._runtime.world
    seen = set()
    for part, seq, text in entries_of(whole(world)):
        if part.startswith(ROWS):
            table = world.tables[part.removeprefix(ROWS)]
            row = next(table.rows[row_id] for row_id, number in table.seqs.items() if number == seq)
            assert json.loads(text or "") == encode(row), part
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
    (entry,) = entries_of(changes)
    assert json.loads(entry.data or "") == encode(row)
