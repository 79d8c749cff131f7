"""Rows 4 and 5: the whole way from call to model in one process, against the usual bridges."""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import Sequence

import httpx

from benchmarks.load import CREATE, PATH, headers
from benchmarks.measuring import Effort, interleaved, repeated
from benchmarks.result import Result, compared
from benchmarks.servers.echo import app as echo
from isa_mockserver.testing import MockServer
from isa_user import PaymentClient, SyncPaymentClient

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it asks for a successor of httpx
    warnings.simplefilter("ignore", UserWarning)
    from starlette.testclient import TestClient

_CALLS = 60
_BRIDGED_CALLS = 10
_ORIGIN = "http://localhost:8207"


def async_in_process(effort: Effort) -> Sequence[Result]:
    """Row 4."""
    with MockServer() as server, asyncio.Runner() as runner:
        client = server.client(PaymentClient)
        peer = httpx.AsyncClient(transport=httpx.ASGITransport(echo))
        calls = effort.count(_CALLS)

        async def by_sdk() -> float:
            started_s = time.perf_counter()
            for _ in range(calls):
                await client.create_intent(**CREATE)
            return (time.perf_counter() - started_s) / calls

        async def by_httpx() -> float:
            started_s = time.perf_counter()
            for _ in range(calls):
                (await peer.post(_ORIGIN + PATH, json=CREATE, headers=headers())).json()
            return (time.perf_counter() - started_s) / calls

        blocks = {
            "SDK and server": lambda: runner.run(by_sdk()),
            "ASGITransport to an echo": lambda: runner.run(by_httpx()),
        }
        interleaved(blocks, 1)
        costs = interleaved(blocks, effort.rounds * 8)
        return [compared("4", costs, "SDK and server", "ASGITransport to an echo")]


def sync_in_process(effort: Effort) -> Sequence[Result]:
    """Row 5; the TestClient's call ends in a bare echo, which is less work than the SDK's."""
    with MockServer() as server, TestClient(echo) as peer:
        client = server.client(SyncPaymentClient)
        blocks = {
            "SDK and server": repeated(lambda: client.create_intent(**CREATE), effort.count(_CALLS)),
            "TestClient to an echo": repeated(
                lambda: peer.post(PATH, json=CREATE, headers=headers()).json(), effort.count(_BRIDGED_CALLS)
            ),
        }
        interleaved(blocks, 1)
        costs = interleaved(blocks, effort.rounds * 8)
        return [compared("5", costs, "SDK and server", "TestClient to an echo")]
