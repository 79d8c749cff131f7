"""Rows 1 to 3: calls over a socket to a server that costs next to nothing, against httpx alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import httpx

from benchmarks.cores import on_first_core
from benchmarks.load import CREATE, PATH, TOKEN, headers
from benchmarks.measuring import Block, Effort, interleaved, repeated
from benchmarks.result import Result, compared
from benchmarks.servers.processes import program
from isa_user import PaymentClient, SyncPaymentClient

_CALLS = 48
_TASKS = 16
Call = Callable[[], Awaitable[object]]


def sync_calls(effort: Effort) -> Sequence[Result]:
    """Row 2."""
    with program("benchmarks.servers.canned") as server, on_first_core():
        url = f"http://127.0.0.1:{int(server.read())}"
        with SyncPaymentClient(url, token=TOKEN) as client, httpx.Client() as peer:
            blocks = {
                "SDK": repeated(lambda: client.create_intent(**CREATE), effort.count(_CALLS)),
                "httpx": repeated(
                    lambda: peer.post(url + PATH, json=CREATE, headers=headers()).json(),
                    effort.count(_CALLS),
                ),
            }
            return [compared("2", _measured(blocks, effort), "SDK", "httpx")]


def async_calls(effort: Effort) -> Sequence[Result]:
    """Row 1."""
    return _async("1", effort, tasks=1)


def concurrent_calls(effort: Effort) -> Sequence[Result]:
    """Row 3."""
    return _async("3", effort, tasks=_TASKS)


def _async(row: str, effort: Effort, tasks: int) -> Sequence[Result]:
    with program("benchmarks.servers.canned") as server, asyncio.Runner() as runner, on_first_core():
        url = f"http://127.0.0.1:{int(server.read())}"
        client, peer = PaymentClient(url, token=TOKEN), httpx.AsyncClient()

        async def by_sdk() -> object:
            return await client.create_intent(**CREATE)

        async def by_httpx() -> object:
            return (await peer.post(url + PATH, json=CREATE, headers=headers())).json()

        def block(call: Call) -> Block:
            return lambda: runner.run(_timed(call, tasks, effort.count(_CALLS)))

        blocks = {"SDK": block(by_sdk), "httpx": block(by_httpx)}
        try:
            return [compared(row, _measured(blocks, effort), "SDK", "httpx")]
        finally:
            runner.run(client.aclose())
            runner.run(peer.aclose())


def _measured(blocks: dict[str, Block], effort: Effort) -> dict[str, list[float]]:
    interleaved(blocks, 1)  # opens connections, fills caches
    return interleaved(blocks, effort.rounds * 8)


async def _timed(call: Call, tasks: int, calls: int) -> float:
    """Seconds for one of `calls` calls, `tasks` of them at a time."""

    async def several(count: int) -> None:
        for _ in range(count):
            await call()

    each = max(1, calls // tasks)
    started_s = time.perf_counter()
    await asyncio.gather(*(several(each) for _ in range(tasks)))
    return (time.perf_counter() - started_s) / (each * tasks)
