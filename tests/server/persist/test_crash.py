"""kill -9 at random moments under 16 concurrent writers; a disk that is full; a signal in the middle."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isa_mockserver.testing import MockServer
from tests.server.web.processes import FREE_PORTS, LIMIT_S, Running, command, environment, running

from .writers import WRITERS, Sent, furnish, hammer, judge, settle

ROUNDS = int(os.environ.get("ISA_CRASH_ROUNDS", "20"))
"""How often the server is killed under load; a longer run is ISA_CRASH_ROUNDS=50 scripts/test."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def furnished(file: Path) -> None:
    with MockServer(data=file) as server:
        server.request("POST", "/_mock/clock", user=None, json_body={"unfreeze": True})
        furnish(server)


async def load(started: Running, run: int, sent: Sent, seconds: float, number: int) -> None:
    """Let the writers write for so long after the first answer, then send the signal."""
    first = asyncio.Event()
    writing = asyncio.ensure_future(hammer(started.ports["gateway"], run, sent, first))
    writing.add_done_callback(lambda _: first.set())
    await asyncio.wait_for(first.wait(), LIMIT_S)
    await asyncio.sleep(seconds)
    started.process.send_signal(number)
    await asyncio.wait_for(writing, LIMIT_S)


def test_what_was_acknowledged_survives_kill_9_and_nothing_is_half_there(file: Path) -> None:
    furnished(file)
    sent, draw = Sent(), random.Random(9)
    for run in range(ROUNDS):
        before = sent.acknowledged
        with running("--data", str(file)) as started:
            asyncio.run(load(started, run, sent, draw.uniform(0, 0.15), signal.SIGKILL))
        assert sent.acknowledged > before
        with MockServer(data=file) as server:
            judge(server, sent, run=run)
            settle(server, sent)
    with MockServer(data=file) as server:
        judge(server, sent)
    assert sent.acknowledged >= ROUNDS * WRITERS


def test_a_server_that_is_killed_while_it_starts_leaves_a_file_that_opens(file: Path) -> None:
    draw = random.Random(3)
    for _ in range(6):
        process = subprocess.Popen(
            command("--data", str(file), *FREE_PORTS), env=environment(), stdout=subprocess.DEVNULL
        )
        time.sleep(draw.uniform(0.2, 1.2))
        process.kill()
        process.wait()
    with MockServer(seed="demo", data=file) as server:
        wallet = server.request("GET", "/api/v1/wallets/me", user="user_456").json()
        assert wallet["balances"]["usd"] == 15_000
        assert server.ledger.check().ok


def test_a_signal_lets_what_is_in_flight_become_durable(file: Path) -> None:
    furnished(file)
    sent = Sent()
    with running("--data", str(file)) as started:
        asyncio.run(load(started, 0, sent, 0.2, signal.SIGTERM))
        _, log = started.process.communicate(timeout=LIMIT_S)
        assert (started.process.returncode, log) == (0, "")
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    with MockServer(data=file) as server:
        judge(server, sent)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of another process's files")
def test_a_full_disk_is_a_503_and_the_end_and_loses_nothing_that_was_acknowledged(file: Path) -> None:
    import resource

    furnished(file)
    sent = Sent()
    # Measuring coverage writes a file too, and would meet the same limit.
    with running("--data", str(file), COVERAGE_PROCESS_CONFIG="") as started:
        limit = file.stat().st_size + 200_000
        resource.prlimit(started.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        asyncio.run(hammer(started.ports["gateway"], 0, sent, asyncio.Event()))
        _, log = started.process.communicate(timeout=LIMIT_S)
        assert started.process.returncode == 1
    unavailable = {write for write, answer in sent.answers.items() if answer and answer[0] == 503}
    assert unavailable
    assert all(b"service_unavailable" in (sent.answers[write] or (0, b""))[1] for write in unavailable)
    for write in unavailable:
        sent.answers[write] = None
    assert f"Error: {file} could not be written any more" in log
    assert "Traceback" not in log
    assert sent.acknowledged >= WRITERS
    with MockServer(data=file) as server:
        judge(server, sent)
        settle(server, sent)


def test_the_banner_says_where_state_is_kept_and_how_much_was_loaded(file: Path) -> None:
    def first_lines() -> list[str]:
        process = subprocess.Popen(
            command("--data", str(file), *FREE_PORTS), env=environment(), stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        lines = [process.stdout.readline().rstrip() for _ in range(2)]
        process.terminate()
        process.communicate(timeout=LIMIT_S)
        return lines

    assert first_lines()[1] == f"State is kept in {file} (new)"
    with MockServer(data=file) as server:
        server.request("POST", "/api/v1/payments/intent", json_body={"amount": 2999, "currency": "usd"})
        document = server.request("GET", "/_mock/state", user=None).json()
    records = sum(len(table["rows"]) for table in document["tables"].values())
    assert len(document["tables"]["users"]["rows"]) == 3
    assert first_lines()[1] == (f"State is kept in {file} (loaded: 3 users, {records} records, 1 events)")


def test_another_id_seed_than_the_files_is_refused(file: Path) -> None:
    with MockServer(id_seed=7, data=file):
        pass
    other = subprocess.run(
        command("--data", str(file), "--id-seed", "8", *FREE_PORTS),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (other.returncode, other.stdout) == (1, "")
    assert other.stderr.startswith(f"Error: The ids in {file} derive from the seed 7, not from 8: ")
    with running("--data", str(file), "--id-seed", "7") as started:
        assert started.stop()[0] == 0
