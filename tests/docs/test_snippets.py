"""Every Python block and every curl command of the documentation and the README runs.

The blocks of a page share their names and run in order against a server with the demo fixture. A block is
left out only by a comment above it that begins with "not run" and gives the reason.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from isa_mockserver.testing import MockServer
from isa_user import IsaUser, SyncIsaUser
from isa_user._async._base import AsyncServiceClient
from isa_user._sync._base import SyncServiceClient
from scripts.local_server import LocalServer, server_at_an_offset
from scripts.snippet import run_snippet
from tests.fences import Block, blocks

ROOT = Path(__file__).resolve().parents[2]
ASYNC = (IsaUser, AsyncServiceClient, httpx.AsyncClient)
SYNC = (MockServer, SyncIsaUser, SyncServiceClient)
# The published page's own code is run by tests/contract.
PUBLISHED = ROOT / "docs" / "contract.md"
PAGES = sorted([ROOT / "README.md", *((ROOT / "docs").rglob("*.md"))])
PAGES.remove(PUBLISHED)


def _runnable(path: Path) -> list[Block]:
    found = [block for block in blocks(path.read_text(encoding="utf-8")) if not _left_out(block)]
    return [block for block in found if block.language == "python" or _is_curl(block)]


def _left_out(block: Block) -> bool:
    # `test_files` saves and runs what is to be a file.
    return block.remark.startswith(("not run", "file: "))


def _is_curl(block: Block) -> bool:
    return block.language == "bash" and block.text.startswith("curl ")


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with server_at_an_offset("--seed", "demo") as running:
        yield running


@pytest.fixture
def fresh(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> LocalServer:
    """The server as at its start, and the SDK's environment leading to it and nowhere else."""
    for name in [name for name in os.environ if name.startswith("ISA_USER_")]:
        monkeypatch.delenv(name)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.control("POST", "/reset")
    return server


def test_the_pages_with_code_are_found() -> None:
    names = {path.name for path in PAGES if _runnable(path)}
    assert {"README.md", "quickstart.md", "sdk.md", "errors.md", "server.md"} <= names


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [p for p in PAGES if _runnable(p)], ids=lambda path: path.name)
async def test_the_code_of_the_page_runs(fresh: LocalServer, path: Path) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        for block in _runnable(path):
            text = fresh.localise(block.text)
            if _is_curl(block):
                _run_in_shell(text)
            else:
                # Blank lines put the block where it stands, so that a traceback shows the page's line.
                await run_snippet("\n" * block.line + text, names, name=str(path))
    finally:
        await _close(names.values())


async def _close(values: Iterable[Any]) -> None:
    """Close clients and servers; the pages leave them open, as short scripts do."""
    for value in values:
        if isinstance(value, ASYNC):
            await value.aclose()
        elif isinstance(value, SYNC):
            value.close()


def _run_in_shell(command: str) -> None:
    environment = {**os.environ, "NO_PROXY": "localhost"}
    shown = subprocess.run(
        [
            "bash",
            "-euc",
            f'curl() {{ command curl --silent --show-error --fail-with-body "$@"; }}\n{command}',
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
