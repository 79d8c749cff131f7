"""What a state file holds, and which files are refused: in a sentence, and without touching them."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.persist.migrations import VERSION
from isa_mockserver.persist.records import PIECE
from isa_mockserver.persist.store import StateFileError
from isa_mockserver.testing import MockServer
from tests.server.kernel.worlds import NOTES, Note

from .files import (
    COMMITS_AFTER,
    beginning,
    crashed,
    log_of,
    made,
    note,
    pinged,
    run_sql,
    snapshot,
    some_of_everything,
    store_at,
)

OLD = Path(__file__).with_name("version_0.sql")
ENTRIES = Path(__file__).with_name("version_2.sql")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def reopened(path: Path) -> Changes:
    store = store_at(path)
    try:
        return store.load()["default"]
    finally:
        store.close()


def refused(path: Path, words: str) -> None:
    """It is not opened, it says why in one line, and every file is as it was."""
    before = snapshot(path.parent)
    with pytest.raises(StateFileError, match=words) as caught:
        store_at(path)
    assert "\n" not in str(caught.value)
    assert snapshot(path.parent) == before


def test_what_was_committed_is_loaded(file: Path) -> None:
    content = made(file)
    assert reopened(file) == content
    assert not log_of(file).exists(), "a clean end leaves one file"


def test_what_was_committed_before_a_crash_is_loaded_from_the_log(file: Path) -> None:
    content = crashed(file)
    assert log_of(file).stat().st_size > file.stat().st_size
    assert reopened(file).events == content.events
    assert len(reopened(file).rows[NOTES.name]) == 40 + COMMITS_AFTER


def test_of_several_changes_in_one_batch_the_last_counts_and_a_deleted_row_stays_away(file: Path) -> None:
    store = store_at(file)
    gone = Changes("default", rows={NOTES.name: {2: None}})
    store.commit([beginning(), note(1, "first"), note(2), note(1, "second"), gone, note(3)])
    store.commit([note(3, "third")])
    store.close()
    assert reopened(file).rows == {
        NOTES.name: {1: Note("n1", "alice", "second"), 3: Note("n3", "alice", "third")}
    }


def test_beginning_anew_clears_its_own_sandbox_only(file: Path) -> None:
    store = store_at(file)
    store.commit([some_of_everything(), beginning("aside")])
    store.commit([note(41), beginning(), note(1)])
    store.close()
    store = store_at(file)
    loaded = store.load()
    store.close()
    assert loaded["default"].rows == {NOTES.name: {1: Note("n1", "alice", "text")}}
    assert (loaded["default"].events, loaded["default"].transactions, loaded["default"].jobs) == ([], [], {})
    assert loaded["aside"].start == "{}"


def test_a_failing_batch_leaves_nothing_of_itself(file: Path) -> None:
    store = store_at(file)
    store.commit([beginning(), note(1)])
    unwritable = Changes("default", counters={"a\ud800": 1})
    with pytest.raises(ValueError, match="surrogate"):
        store.commit([note(2), unwritable])
    store.commit([note(3)])
    store.close()
    assert list(reopened(file).rows[NOTES.name]) == [1, 3]


def test_a_write_costs_what_it_changes_not_what_is_there(file: Path) -> None:
    """The log grows by a few pages a commit, whether there are forty rows or four thousand."""
    grown = []
    for rows in (40, 4_000):
        path = file.with_name(f"{rows}.db")
        store = store_at(path)
        store.commit([beginning(), *(note(number) for number in range(1, rows))])
        before = log_of(path).stat().st_size
        store.commit([note(rows)])
        grown.append(log_of(path).stat().st_size - before)
        store.close()
    assert grown[1] <= 4 * grown[0]
    assert grown[1] < 50_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "is not a state file"),
        (b"\0" * 4096, "is not a state file"),
        (b"SQLite format 3\0" + b"\0" * 4080, "damaged"),
        (b"SQLite format 3\0", "damaged"),
    ],
)
def test_what_is_no_state_file_is_refused(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    refused(file, words)


def test_somebody_elses_database_is_refused(file: Path) -> None:
    run_sql(file, "CREATE TABLE mine (id); INSERT INTO mine VALUES (1)")
    refused(file, "is not a state file")


def test_a_newer_layout_is_refused(file: Path) -> None:
    made(file)
    run_sql(file, f"PRAGMA user_version = {VERSION + 1}")
    refused(file, f"newer isa-mockserver .its layout is {VERSION + 1}, this one knows up to {VERSION}.")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            "UPDATE record SET data = CAST(replace(data, '5', '6') AS BLOB) WHERE number = 2",
            "record 2 is not",
        ),
        ("UPDATE record SET sandbox = 'aside' WHERE number = 2", "record 2 is not what was written"),
        ("UPDATE record SET number = 9 WHERE number = 2", "record 9 is not what was written"),
        ("DELETE FROM record WHERE number = 3", "event 2 is missing"),
        ("DELETE FROM record WHERE number = 1", "'default' is incomplete"),
        ("DROP TABLE record", "no such table"),
    ],
)
def test_a_file_whose_content_was_tampered_with_is_refused(file: Path, damage: str, words: str) -> None:
    store = store_at(file)
    store.commit([beginning()])
    for number in (1, 2, 3):
        store.commit([pinged(number)])
    store.close()
    run_sql(file, damage)
    refused(file, f"damaged and was left as it is .*{words}")


def test_a_row_that_is_not_as_its_fields_say_is_refused(file: Path) -> None:
    store = store_at(file)
    row = Note("n1", "alice", 5)  # type: ignore[arg-type]
    store.commit([beginning(), Changes("default", rows={NOTES.name: {1: row}})])
    store.close()
    refused(file, "rows:notes 1 cannot be read: 5 is not of type str")


def test_much_is_kept_in_several_records_and_found_again(file: Path) -> None:
    store = store_at(file)
    much = {number: Note(f"n{number}", "alice", "text") for number in range(1, 2 * PIECE + 2)}
    store.commit([beginning(), Changes("default", rows={NOTES.name: dict(much)})])
    store.commit([Changes("default", rows={NOTES.name: {PIECE + 1: None}})])
    store.close()
    del much[PIECE + 1]
    assert reopened(file).rows[NOTES.name] == much


def test_what_is_outdated_does_not_stay_in_the_file_for_ever(file: Path) -> None:
    """A file is written anew at its opening when most of its rows were replaced by later ones."""
    store = store_at(file)
    store.commit([beginning(), beginning("aside")])
    for number in range(PIECE + 10):
        store.commit([note(1, f"{number:0>1000}")])
    store.commit([note(2)])
    store.close()
    grown = file.stat().st_size
    for _ in ("cleared", "opened again"):
        kept = reopened(file)
        assert kept.rows[NOTES.name][1].text == f"{PIECE + 9:0>1000}"
        assert kept.rows[NOTES.name][2] == Note("n2", "alice", "text")
    run_sql(file, "VACUUM")
    assert file.stat().st_size < grown / 20


def test_rows_that_this_version_does_not_know_are_refused(file: Path) -> None:
    store = store_at(file)
    store.commit([beginning(), Changes("default", rows={"strange": {1: Note("n1", "alice", "x")}})])
    store.close()
    refused(file, "rows:strange 1 cannot be read")


def flipped(content: bytes, draw: random.Random) -> bytes:
    """The content with one bit flipped."""
    damaged = bytearray(content)
    damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
    return bytes(damaged)


def test_any_flipped_bit_of_the_file_is_refused_or_harmless(file: Path) -> None:
    """No damage is loaded as if it were state."""
    content, whole = made(file), file.read_bytes()
    draw, refusals = random.Random(8), 0
    for _ in range(150):
        damaged = flipped(whole, draw)
        file.write_bytes(damaged)
        try:
            assert reopened(file) == content
        except StateFileError:
            assert file.read_bytes() == damaged
            refusals += 1
    assert refusals > 50


def test_any_flipped_bit_of_a_crashed_servers_log_loses_the_last_commit_at_most(file: Path) -> None:
    """SQLite drops everything behind a damaged place in the log without a word; the server says so."""
    crashed(file)
    whole, log = file.read_bytes(), log_of(file).read_bytes()
    rows = reopened(file).rows[NOTES.name]
    assert len(rows) == 40 + COMMITS_AFTER
    almost = {seq: row for seq, row in rows.items() if seq < max(rows)}
    draw, refusals = random.Random(8), 0
    for _ in range(150):
        damaged = flipped(log, draw)
        file.write_bytes(whole)
        log_of(file).write_bytes(damaged)
        try:
            assert reopened(file).rows[NOTES.name] in (rows, almost)
        except StateFileError:
            assert (file.read_bytes(), log_of(file).read_bytes()) == (whole, damaged)
            refusals += 1
    assert refusals > 50


def test_a_commit_that_was_torn_off_is_forgotten(file: Path) -> None:
    """It was never acknowledged."""
    crashed(file)
    rows = reopened(file).rows[NOTES.name]
    crashed(file.with_name("torn.db"))
    torn = file.with_name("torn.db")
    log_of(torn).write_bytes(log_of(torn).read_bytes()[:-100])
    assert list(reopened(torn).rows[NOTES.name]) == list(rows)[:-1]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_refused(file: Path, share: float) -> None:
    made(file)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    refused(file, "damaged")


def test_a_file_in_use_is_refused_also_in_another_process(file: Path) -> None:
    store = store_at(file)
    store.commit([beginning()])
    other = subprocess.run(
        [sys.executable, "-m", "isa_mockserver", "serve", "--data", str(file), "--port", "payments=0"]
        + [
            argument
            for service in ("wallets", "billing", "subscriptions", "credits", "gateway")
            for argument in ("--port", f"{service}=0")
        ],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    store.close()
    assert (other.returncode, other.stdout) == (1, "")
    assert other.stderr == (
        f"Error: {file} is in use by another server (process {os.getpid()}): stop it, or name another file.\n"
    )
    assert reopened(file).start == "{}"


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing/state.db", "cannot be opened: No such file or directory"), (".", "cannot be opened: ")],
)
def test_a_place_that_cannot_be_is_told_in_a_sentence(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(StateFileError, match=words):
        store_at(tmp_path / name)


def test_a_start_that_was_interrupted_before_anything_was_laid_out_counts_as_none(file: Path) -> None:
    run_sql(file, "PRAGMA journal_mode = WAL")
    assert file.stat().st_size > 0
    assert made(file) == reopened(file)
    empty = file.with_name("empty.db")
    empty.touch()
    assert made(empty) == reopened(empty)


def test_a_file_of_an_older_version_is_brought_up_to_date_with_nothing_lost(file: Path) -> None:
    run_sql(file, OLD.read_text(encoding="utf-8"))
    for _ in ("migrated", "opened again"):
        with MockServer(data=file) as server:
            assert server.clock.now().isoformat() == "2024-02-03T10:00:00+00:00"
            assert server.events.types() == ["webhook.ping"]
            assert server.ledger.check().ok
            assert server.ledger.balance("wallet:user_ö:available", "usd") == 1234
            users = server.request("GET", "/_mock/state", user=None).json()["tables"]["users"]
            assert users["next_seq"] == 4
            assert [row["id"] for _, row in users["rows"]] == ["user_456", "user_ö"]
            assert server.request("GET", "/_mock/state", user=None).json()["jobs"] == [
                ["2030-01-01T00:00:00Z", "overdue", "inv_1"]
            ]


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_with_an_entry_for_each_row_is_brought_up_to_date_with_nothing_lost(
    file: Path, version: int
) -> None:
    """Version 2 could have snapshots beside what version 1 had."""
    run_sql(file, ENTRIES.read_text(encoding="utf-8"))
    if version == 1:
        run_sql(file, "DELETE FROM entry WHERE sandbox LIKE '%/%'; PRAGMA user_version = 1")
    names = ["then"] if version == 2 else []
    for _ in ("migrated", "opened again"):
        with MockServer(data=file) as server:
            assert server.clock.now().isoformat() == "2024-01-30T10:00:00+00:00"
            assert server.events.types() == [*_DEPOSITED, "payment.created"]
            assert [event.sequence for event in server.events.all()] == [1, 2, 3, 4]
            assert server.ledger.balance("wallet:user_456:available", "usd") == 5000
            intents = server.request("GET", "/_mock/state", user=None).json()["tables"]["payment_intents"]
            assert [row["metadata"] for _, row in intents["rows"]] == [{}, {"a": "ü"}]
            assert server.snapshots.names() == names
    with MockServer(data=file) as server:
        if names:
            server.snapshots.restore("then")
            assert server.events.types() == _DEPOSITED
        server.snapshots.take("now")
    with MockServer(data=file) as server:
        assert set(server.snapshots.names()) == {*names, "now"}


_DEPOSITED = ["payment.created", "payment.succeeded", "wallet.deposited"]


@pytest.mark.parametrize("layout", [OLD, ENTRIES])
def test_an_older_file_that_is_damaged_is_not_migrated(file: Path, layout: Path) -> None:
    run_sql(file, layout.read_text(encoding="utf-8"))
    run_sql(file, "UPDATE entry SET data = '{' WHERE part = 'clock'")
    before = snapshot(file.parent)
    with pytest.raises(StateFileError, match="damaged"):
        MockServer(data=file)
    assert snapshot(file.parent) == before
