"""Calls that are cancelled at any moment take nothing with them (encode/httpcore#1093)."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import httpx
import pytest

from isa_user import PaymentClient
from isa_user._transport._sweep import free_stuck_connections
from tests.sdk.fakes import INTENT
from tests.sdk.wire_server import WireServer

POOL = 10
ROUNDS = 300
AT_ONCE = 15
LONGEST_S = 0.005

pytestmark = pytest.mark.anyio


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@asynccontextmanager
async def _client(server: WireServer, *, injected: bool) -> AsyncIterator[PaymentClient]:
    limits = httpx.Limits(max_connections=POOL)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as pool:
        client = PaymentClient(
            server.url("ok"),
            token="tok",
            timeout=5.0,
            max_retries=0,
            http_client=pool if injected else None,
        )
        async with client:
            yield client


async def _call(client: PaymentClient) -> None:
    intent = await client.create_intent(amount=2999, currency="usd")
    assert intent.payment_intent_id == INTENT["payment_intent_id"]


async def _cut_short(client: PaymentClient, after_s: float) -> None:
    with anyio.move_on_after(after_s):
        await _call(client)


@pytest.mark.parametrize("injected", [True, False], ids=["a pool of ten", "the client's own pool"])
async def test_after_hundreds_of_rounds_of_random_cancellation_a_hundred_calls_succeed(
    server: WireServer, injected: bool
) -> None:
    moments = random.Random(20240128)
    async with _client(server, injected=injected) as client:
        for _ in range(ROUNDS):
            async with anyio.create_task_group() as tasks:
                for _ in range(AT_ONCE):
                    tasks.start_soon(_cut_short, client, moments.random() * LONGEST_S)
        for _ in range(100 // POOL):
            async with anyio.create_task_group() as tasks:
                for _ in range(POOL):
                    tasks.start_soon(_call, client)


async def test_a_client_over_a_transport_without_a_pool_is_left_alone() -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
        await free_stuck_connections(client)
        assert (await client.get("http://isa.test")).status_code == 200


async def test_connections_that_wait_for_their_next_call_are_kept(server: WireServer) -> None:
    async with httpx.AsyncClient(trust_env=False) as pool:
        client = PaymentClient(server.url("ok"), token="tok", http_client=pool)
        await _call(client)
        await free_stuck_connections(pool)
        await _call(client)
    assert server.connections == 1
