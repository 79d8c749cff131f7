"""What another user of the machine could plant: links, open files, and bytes that steer a terminal."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.cli.group import cli
from isa_mockserver.persist.store import StateFileError
from isa_mockserver.testing import MockServer
from isa_mockserver.web.redaction import redacted
from isa_mockserver.web.visible import json_line, visible
from tests.security.hostile import effort

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions and links")


@posix
def test_a_link_in_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    """Who may write into the folder could else have any file of ours emptied."""
    victim = tmp_path / "victim"
    victim.write_text("precious", encoding="ascii")
    (tmp_path / "state.db-lock").symlink_to(victim)
    with pytest.raises(StateFileError, match="cannot be opened"):
        MockServer(data=tmp_path / "state.db")
    assert victim.read_text(encoding="ascii") == "precious"
    assert not (tmp_path / "state.db").exists()


def _open_to_others(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) & 0o077


@posix
@pytest.mark.parametrize("planted", [False, True])
def test_the_state_file_is_readable_by_its_owner_only(tmp_path: Path, planted: bool) -> None:
    """Also where an empty file lay there already, open to all; its log and lock too."""
    file = tmp_path / "state.db"
    before = os.umask(0)
    try:
        if planted:
            file.touch(0o666)
        with MockServer(data=file, seed="demo") as server:
            server.request("GET", "/api/v1/wallets/me")
            made = sorted(path.name for path in tmp_path.iterdir())
            assert [name for name in made if _open_to_others(tmp_path / name)] == []
    finally:
        os.umask(before)
    assert "state.db-lock" in made
    assert not (tmp_path / "state.db-lock").exists()
    assert _open_to_others(file) == 0


@posix
def test_a_saved_state_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    saved = tmp_path / "state.json"
    saved.touch(0o666)
    with MockServer(seed="demo") as server, server.serve() as live:
        done = CliRunner().invoke(cli, ["state", "save", str(saved), "--url", live.url()])
    assert done.exit_code == 0, done.output
    assert _open_to_others(saved) == 0


ATTACKS = ["\x1b[2Jgone", "a\nforged line", "a\r\nb", "\x9b31m", "\u202egnp.exe", "\x07", "\u2028", "\x00"]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_no_path_of_a_request_steers_the_terminal_or_forges_a_line(attack: str, flags: list[str]) -> None:
    with MockServer() as server, server.serve() as live:
        quoted = "".join(f"%{byte:02x}" for byte in f"/x{attack}y".encode())
        assert server.request("GET", f"/{quoted}").status == 404
        printed = CliRunner().invoke(cli, ["requests", *flags, "--url", live.url()]).output
        assert server.requests.last().path == f"//x{attack}y"
        assert attack not in repr(server.requests.last())
    assert len(printed.splitlines()) == printed.count("\n") == 1
    assert printed.removesuffix("\n").isprintable()
    if flags:
        assert json.loads(printed)["data"][0]["path"] == f"//x{attack}y"


@effort(100)
@given(st.text())
def test_what_is_shown_can_be_printed_and_what_is_json_means_the_same(text: str) -> None:
    assert visible(text).isprintable()
    assert json_line({"a": text}).isprintable()
    assert json.loads(json_line({"a": text})) == {"a": text}
    if text.isprintable():
        assert visible(text) == text


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"
PRICKLY = [
    "eyJ-",
    "eyJ",
    "eyJa.",
    "eyJ.eyJ",
    "a_secret_",
    "ab_a_secret",
    "1 ",
    "4-",
    "Bearer ",
    "whsec_",
    "sk_live_",
    "-._",
]


@pytest.mark.parametrize("piece", PRICKLY)
def test_hiding_secrets_takes_time_in_proportion_to_the_text(piece: str) -> None:
    """A query may be 64 KiB, and there are 10,000 in the journal: quadratic work would stop the server."""
    text = piece * (65_536 // len(piece))
    began = time.process_time()
    redacted(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("around", ["{}", "auth-{}", "a={}&b", "({})", "x {} y", "{}/refund", "a.b.{}"])
def test_a_token_is_hidden_whatever_stands_around_it(around: str) -> None:
    assert TOKEN[10:] not in redacted(around.format(TOKEN))
