"""`isa-mockserver state save FILE --data STATEFILE`: the state of a stopped server as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from isa_mockserver.cli import cli
from isa_mockserver.testing import MockServer

from .files import snapshot
from .life import LIFE, START, state


def save(file: Path, out: Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["state", "save", str(out), "--data", str(file)])
    return done.exit_code, done.output


def test_a_stopped_servers_state_is_saved_as_it_would_show_it_and_loads_elsewhere(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    file, out = kept / "state.db", tmp_path / "state.json"
    with MockServer(seed="demo", clock=START, data=file) as server:
        for step in LIFE:
            step(server)
        shown = state(server)
    before = snapshot(kept)
    code, words = save(file, out)
    assert (code, words.startswith(f"saved to {out}")) == (0, True), words
    assert snapshot(kept) == before
    saved = json.loads(out.read_text(encoding="utf-8"))
    assert saved == shown
    with MockServer(data=tmp_path / "other.db") as other:
        assert other.request("PUT", "/_mock/state", user=None, json_body=saved).status == 200
    with MockServer(data=tmp_path / "other.db") as other:
        assert state(other) == shown


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    out, used = tmp_path / "state.json", tmp_path / "state.db"
    missing, foreign = tmp_path / "missing.db", tmp_path / "foreign.db"
    foreign.write_bytes(b"hello")
    assert save(missing, out) == (1, f"Error: There is no state in {missing}.\n")
    assert save(foreign, out)[1].startswith(f"Error: {foreign} is not a state file")
    with MockServer(data=used):
        code, words = save(used, out)
        assert (code, words.startswith(f"Error: {used} is in use by another server")) == (1, True)
    assert not out.exists()
    assert not missing.exists()
