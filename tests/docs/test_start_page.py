"""The start page where it leaves one process: its script as a file, and its application beside a server.

`test_snippets` and `test_files` run the rest of the page.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from scripts.local_server import LocalServer, server_at_an_offset, stop
from tests.fences import Block, blocks

PAGE = Path(__file__).resolve().parents[2] / "docs" / "quickstart.md"
PATIENCE_S = 15.0
OPTION = re.compile(r"--webhook(?:-secret)? \S+")


def _blocks(heading: str) -> list[Block]:
    return [block for block in blocks(PAGE.read_text(encoding="utf-8")) if block.heading.startswith(heading)]


def _environment(server: LocalServer) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISA_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {
        **kept,
        **server.environment,
        "PATH": path,
        "ISA_MOCKSERVER_URL": server.url("gateway"),
        "NO_PROXY": "localhost",
    }


def _run(text: str, environment: dict[str, str], cwd: Path) -> str:
    done = subprocess.run(
        ["bash", "-euc", text],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_script_runs_as_a_file(tmp_path: Path) -> None:
    [script] = [block.text for block in _blocks("3.") if "asyncio.run(" in block.text]
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    with server_at_an_offset("--seed", "demo") as server:
        assert _run(f"{sys.executable} -W error script.py", _environment(server), tmp_path) == "15000\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that the page has its readers save."""
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.remark.startswith("file: "):
            (tmp_path / block.remark.removeprefix("file: ")).write_text(block.text, encoding="utf-8")
    return tmp_path


def test_the_application_hears_of_a_renewal(folder: Path) -> None:
    port = _free_port()
    here = [b.text.replace("9000", port) for b in _blocks("7.") if b.language == "bash"]
    application, start_of_server, story = here
    options = [word for pair in OPTION.findall(start_of_server.replace('"', "")) for word in pair.split()]
    join, members, advance, members_again = story.splitlines()
    with server_at_an_offset("--seed", "demo", *options) as server:
        environment = _environment(server)
        with _running(application, environment, folder, int(port)):
            joined = json.loads(_run(join, environment, folder))
            first = _changed(members, environment, folder, since={})
            _run(advance, environment, folder)
            second = _changed(members_again, environment, folder, since=first)
    assert joined["status"] == "active"
    member = joined["subscription"]
    assert list(first) == list(second) == [member]
    # A month of 28 to 31 days.
    assert 28 <= (date.fromisoformat(second[member]) - date.fromisoformat(first[member])).days <= 31


def _changed(command: str, environment: dict[str, str], cwd: Path, since: dict[str, str]) -> dict[str, str]:
    """What the command says once it says something new: deliveries take a moment."""
    until = time.monotonic() + PATIENCE_S
    said = since
    while said == since:
        assert time.monotonic() < until, f"no news after {PATIENCE_S:g} s"
        said = json.loads(_run(command, environment, cwd))
    return said


@contextmanager
def _running(command: str, environment: dict[str, str], cwd: Path, port: int) -> Iterator[None]:
    started = command.replace("\nuvicorn", "\nexec uvicorn")
    process = subprocess.Popen(["bash", "-euc", started], env=environment, cwd=cwd)
    try:
        until = time.monotonic() + PATIENCE_S
        while not _listens(port):
            assert time.monotonic() < until, "the application did not start"
            time.sleep(0.05)
        yield
    finally:
        stop(process)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
