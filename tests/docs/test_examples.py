"""Every example runs as its reader runs it, against a server with the demo fixture where it needs one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from scripts.local_server import LocalServer, server_at_an_offset

FOLDER = Path(__file__).resolve().parents[2] / "examples"
EXAMPLES = sorted(FOLDER.glob("[0-9]*.py"))
MOST_LINES = 60

LAST_LINES: Mapping[str, str] = {
    "01_first_payment": "history: 2999 usd, refunded: partial",
    # The fixture's 15000 cents and one deposit of 5000, asked for twice with one key.
    "02_declines_and_retries": "balance: 15000 -> 20000 cents",
    "03_three_d_secure": "another card: succeeded",
    "04_refunds": "history: succeeded, refunded full, 2999 of 2999 cents",
    "05_wallets": "statement: deposit +15000 usd -> 15000",
    # 30 batches of 2000 are 60000 calls, 10000 beyond Pro's 50000 at one cent; and the next month's 2999.
    "06_usage_to_invoice": "INV-2024-000002: paid, 12999 cents",
    # The first month, the rescued one and three renewals at 2999; then 299900 less half of a period of
    # thirty days, hu(2999 / 2) = 1500: 14995 + 298400.
    "07_a_year_of_subscription": "6 charges, 313395 cents, 1 failed",
    # 1000 - 60 - 40 + 15 of what was bought; of the gift of 50 what was not used has expired.
    "08_credits": "left: 915",
    "09_crypto": "confirmed: 4900 of 4900, 0 confirmations",
    "10_webhooks_fastapi": "shipped: 1",
    # Nineteen tips of 100; the twentieth, of 5000, is more than the 1000 that its giver has.
    "12_worker_sync": "the house has 1900 cents",
    # Every fourth of the 200 is declined.
    "13_concurrency": "paid: 150, in the history: 150, the same: True",
    "14_to_production": "completed: 5000 cents, attempts: 1",
}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with server_at_an_offset("--seed", "demo") as running:
        yield running


def _run(path: Path, *arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ISA_USER_")}
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments, str(path)],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_example_has_an_expected_end() -> None:
    assert [path.stem for path in EXAMPLES] == list(LAST_LINES)


def test_the_list_of_examples_names_each_and_nothing_else() -> None:
    listed = re.findall(
        r"^\| \[(\S+)\]\(\1\)", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert listed == [path.name for path in sorted(FOLDER.glob("[0-9]*"))]


@pytest.mark.parametrize("path", [*EXAMPLES, FOLDER / "11_shop" / "shop.py"], ids=lambda path: path.stem)
def test_the_example_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_runs_to_its_expected_end(server: LocalServer, path: Path) -> None:
    server.control("POST", "/reset")
    done = _run(path, environment=server.environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().splitlines()[-1] == LAST_LINES[path.stem]


def test_the_shops_own_tests_pass() -> None:
    plugins = ["-p", "anyio.pytest_plugin", "-p", "isa_mockserver.testing.plugin", "-p", "no:cacheprovider"]
    arguments = ["-m", "pytest", "-q", "-W", "error", *plugins]
    done = _run(FOLDER / "11_shop", *arguments, environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
