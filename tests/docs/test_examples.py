"""Every example runs as its reader runs it, against a server with the demo fixture."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_server import LocalServer, server_at_an_offset

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.py"))

# The last line of each, from the amounts in the example itself and the fixture's 15000 cents.
LAST_LINES = {
    "01_first_payment": "history: 2999 usd, refunded: partial",
    "02_wallet": "statement: deposit +15000 usd -> 15000",
    "03_declines": "refused before sending: ",
    "04_safe_retry": "balance: 15000 -> 20000 cents",
    "05_a_year_in_a_test": "until 2025-02-28",
}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with server_at_an_offset("--seed", "demo") as running:
        yield running


def test_every_example_has_an_expected_end() -> None:
    assert [path.stem for path in EXAMPLES] == list(LAST_LINES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_runs_to_its_expected_end(server: LocalServer, path: Path) -> None:
    server.control("POST", "/reset")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ISA_USER_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        env={**inherited, **server.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert LAST_LINES[path.stem] in done.stdout.rstrip().splitlines()[-1]
