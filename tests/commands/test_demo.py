"""scripts/demo tells its story, and tells it again (quality page, "Two commands")."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What the story must show: each call of the brief, and the outcome that the rules give it.
STEPS = {
    "payment intent": "requires_payment_method",
    "a card pays": "succeeded",
    "a card is declined": "card_declined: generic_decline",
    "another card pays it": "succeeded",
    "part of it goes back": "-$10.00",
    "a deposit by card": "balance $50.00",
    "a transfer to user_789": "balance $40.00",
    "a cent more than there is": "insufficient_funds",
    "Pro Monthly bought": "active",
    "a month passes": "jobs ran",
    "renewed, invoice": "$29.99",
    "changed to Enterprise Annual": "active",
    "told to end": "active until",
    "1000 credits bought": "$80.00",
    "10 credits used": "990 left",
    "one credit too many": "insufficient_credits",
    "invoice INV-": "$100.00",
    "150 api_calls": "150 used unlimited",
    "a signed webhook arrives": "$15.00",
    "a changed one is refused": "no_matching_signature",
}


def _demo(cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "scripts" / "demo")],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    done = _demo(tmp_path_factory.mktemp("elsewhere"))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("step", "outcome"), STEPS.items())
def test_the_story_shows(told: str, step: str, outcome: str) -> None:
    line = next((line for line in told.splitlines() if line.startswith(step)), "")
    assert outcome in line, told


def test_both_colours_appear(told: str) -> None:
    assert "(async, " in told
    assert "(sync, " in told


def test_the_ledger_proves_it_and_the_server_is_gone(told: str) -> None:
    assert told.rstrip().endswith("The server has stopped. Your own first program: docs/quickstart.md")
    assert "every currency sums to zero (credits, usd)" in told


def test_it_runs_again_whatever_the_environment_points_to(tmp_path: Path) -> None:
    done = _demo(tmp_path, ISA_USER_BASE_URL="http://localhost:9", ISA_USER_TOKEN="nobody")
    assert done.returncode == 0, done.stderr


def test_it_finds_free_ports_where_a_documented_one_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Where another program already holds the port, it is taken just as well.
        with contextlib.suppress(OSError):
            taken.bind(("127.0.0.1", 8208))
            taken.listen()
        done = _demo(tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"wallets [1-5]\d208\b", done.stdout)
