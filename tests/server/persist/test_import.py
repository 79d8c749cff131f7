"""`isa-mockserver state load FILE --data STATEFILE`: a saved state for a server that is to be started."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from isa_mockserver.cli import cli
from isa_mockserver.testing import MockServer

from .files import snapshot
from .life import LIFE, START, pays, state, works_in_a_sandbox


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved state, in a folder of its own."""
    with MockServer(seed="demo", clock=START) as server:
        for step in LIFE:
            step(server)
        document = state(server)
    folder = tmp_path / "saved"
    folder.mkdir()
    file = folder / "state.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder / "isa.db"


def load(file: Path, target: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["state", "load", str(file), "--data", str(target), *options])
    return done.exit_code, done.output


def shown(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def refused(file: Path, target: Path, words: str) -> None:
    """One sentence, status 1, and every file is as it was."""
    before = snapshot(target.parent)
    code, said = load(file, target)
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith(f"Error: {words}")
    assert snapshot(target.parent) == before


def test_a_saved_state_is_there_when_a_server_starts_with_the_file(saved: Path, target: Path) -> None:
    assert load(saved, target) == (
        0,
        f"loaded {saved} into {target}; the clock says 2024-02-29T10:00:00Z (frozen)\n",
    )
    with MockServer(data=target) as server:
        assert state(server) == shown(saved)
        assert server.ledger.check().ok
        pays(server)
    with MockServer(data=target) as server:
        assert len(server.events.all()) > len(shown(saved)["events"])


def test_out_and_in_again_is_the_same(saved: Path, target: Path, tmp_path: Path) -> None:
    load(saved, target)
    out = tmp_path / "again.json"
    done = CliRunner().invoke(cli, ["state", "save", str(out), "--data", str(target)])
    assert done.exit_code == 0
    assert shown(out) == shown(saved)


def test_json_tells_the_clock(saved: Path, target: Path) -> None:
    assert json.loads(load(saved, target, "--json")[1]) == {"now": "2024-02-29T10:00:00Z", "frozen": True}


def test_state_that_is_there_is_kept_unless_forced(saved: Path, target: Path) -> None:
    with MockServer(seed="demo", clock=START, data=target) as server:
        works_in_a_sandbox(server)
        aside = state(server, "aside")
        server.snapshots.take("then")
        start = state(server)
    refused(saved, target, f"{target} has state already: replace it with --force, or name another file.")
    assert load(saved, target, "--force")[0] == 0
    with MockServer(data=target) as server:
        assert state(server) == shown(saved)
        assert state(server, "aside") == aside, "sandboxes stay"
        assert server.snapshots.names() == [], "the snapshots were of the other state"
        server.reset()
        assert state(server) == start, "a reset goes back to the first start"


def test_a_file_in_use_is_refused(saved: Path, target: Path) -> None:
    with MockServer(data=target):
        refused(saved, target, f"{target} is in use by another server")


def test_a_file_that_is_none_of_ours_or_damaged_is_refused_also_by_force(saved: Path, target: Path) -> None:
    target.write_bytes(b"hello")
    refused(saved, target, f"{target} is not a state file of isa-mockserver and was left as it is.")
    with MockServer(seed="demo", data=target.with_name("other.db")):
        pass
    whole = target.with_name("other.db").read_bytes()
    target.write_bytes(whole[: len(whole) // 2])
    before = snapshot(target.parent)
    code, said = load(saved, target, "--force")
    assert (code, "is damaged and was left as it is" in said) == (1, True)
    assert snapshot(target.parent) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be loaded: Expecting value"),
        ("[]", "cannot be loaded: it is not a JSON object."),
        ("{}", "cannot be loaded: this state is of version None; 1 is needed."),
        ('{"version": 1}', "cannot be loaded: this is not a state document"),
    ],
)
def test_a_document_that_is_no_state_is_refused(tmp_path: Path, target: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text)
    refused(file, target, f"{file} {words}")
    assert not target.exists()


def test_l_1_books_that_do_not_add_up_are_refused(saved: Path, target: Path) -> None:
    document = shown(saved)
    document["ledger"][0]["postings"][0]["amount"] = -1
    saved.write_text(json.dumps(document))
    refused(saved, target, f"{saved} cannot be loaded: ")


def test_a_missing_file_is_one_sentence(tmp_path: Path, target: Path) -> None:
    missing = tmp_path / "missing.json"
    refused(missing, target, f"{missing} cannot be read: No such file or directory.")
    assert not target.exists()


def test_options_that_do_not_go_together_are_a_mistake_of_usage(saved: Path, target: Path) -> None:
    done = CliRunner().invoke(cli, ["state", "load", str(saved), "--force"])
    assert (done.exit_code, "--force goes with --data" in done.output) == (2, True)
    assert load(saved, target, "--sandbox", "red")[0] == 2
    assert not target.exists()
