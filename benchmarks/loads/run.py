"""`python -m benchmarks load`: a real server under 64 connections, reads and writes on all services."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import httpx
import uvloop

from benchmarks.cores import on_first_core
from benchmarks.loads.connections import Connection, Notes, connect, finish
from benchmarks.loads.report import Found, lines
from benchmarks.report import machine
from benchmarks.servers.processes import Program, reference_server, state_file

_EVERY_S = 10.0
STORES = ("memory", "file")


def main(arguments: Sequence[str]) -> int:
    """Load the server, in memory and with a file; 1 where an answer or the books were wrong."""
    options = _parser().parse_args(arguments)
    print(", ".join(f"{name} {value}" for name, value in machine().items()), flush=True)
    ok = True
    for store in STORES if options.store == "both" else (options.store,):
        found = loaded(store, options.seconds, options.connections)
        print("\n".join(lines(found)), flush=True)
        ok = ok and found.ok
    return 0 if ok else 1


def loaded(store: str, seconds: float, connections: int, every_s: float = _EVERY_S) -> Found:
    """One run against a new server."""
    with _server(store) as (server, ports), on_first_core():
        notes, memory_kb = Notes(), list[int]()
        _introduce(ports["gateway"], connections)
        started_s = time.perf_counter()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            persons = runner.run(_load(server, ports, seconds, connections, every_s, notes, memory_kb))
        took_s = time.perf_counter() - started_s
        wrong = [*_ledger(ports["gateway"]), *_wallets(ports["gateway"], persons)]
    return Found(store, took_s, notes, memory_kb, every_s, wrong)


async def _load(
    server: Program,
    ports: Mapping[str, int],
    seconds: float,
    connections: int,
    every_s: float,
    notes: Notes,
    memory_kb: list[int],
) -> list[Connection]:
    end_s = time.perf_counter() + seconds
    made = await connect(ports, connections, notes)
    memory_kb.append(server.memory_kb)
    while (left_s := end_s - time.perf_counter()) > 0:
        await asyncio.sleep(min(every_s, left_s))
        memory_kb.append(server.memory_kb)
    await finish(made)
    return made


@contextmanager
def _server(store: str) -> Iterator[tuple[Program, Mapping[str, int]]]:
    with ExitStack() as stack:
        kept = ("--data", stack.enter_context(state_file())) if store == "file" else ()
        yield stack.enter_context(reference_server(*kept))


def _introduce(port: int, connections: int) -> None:
    """Make everybody known, so that they can be sent money (rules W-7)."""
    with _client(port) as client:
        for number in range(connections):
            _wallet(client, f"user_{number}")


def _ledger(port: int) -> Iterator[str]:
    with _client(port) as client:
        yield from client.get("/_mock/ledger/check").raise_for_status().json()["violations"]


def _wallets(port: int, connections: Iterable[Connection]) -> Iterator[str]:
    """Every wallet holds exactly what was acknowledged: nothing was lost, nothing happened twice."""
    expected: dict[str, int] = defaultdict(int)
    for connection in connections:
        for user, amount in connection.person.moved:
            expected[user] += amount
    with _client(port) as client:
        for user, amount in expected.items():
            if (held := _wallet(client, user)) != amount:
                yield f"{user} holds {held}, acknowledged were {amount}"


def _wallet(client: httpx.Client, user: str) -> int:
    answer = client.get("/api/v1/wallets/me", headers={"authorization": f"Bearer {user}"})
    return int(answer.raise_for_status().json()["balances"]["usd"])


def _client(port: int) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each (%(default)s)")
    parser.add_argument("--connections", type=int, default=64, help="how many at once (%(default)s)")
    parser.add_argument("--store", choices=(*STORES, "both"), default="both", help="%(default)s")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
