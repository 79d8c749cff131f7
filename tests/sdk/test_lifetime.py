"""A client that was closed says so, instead of connecting again behind the caller's back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from isa_user import ClientClosedError
from tests.sdk.fakes import WALLET, AsyncScript, SyncScript, answer, bound, page_of


@pytest.mark.anyio
async def test_a_call_after_closing_is_refused_and_nothing_is_sent() -> None:
    later, now = AsyncScript(answer(200, WALLET)), SyncScript(answer(200, WALLET))
    client, sync_client = bound("WalletClient", later), bound("SyncWalletClient", now)
    await client.aclose()
    sync_client.close()
    with pytest.raises(ClientClosedError, match="closed"):
        await client.get_balance()
    with pytest.raises(ClientClosedError, match="Make a new client"):
        sync_client.get_balance()
    assert later.requests + now.requests == []


@pytest.mark.anyio
async def test_a_call_after_the_block_is_refused_also_through_another_client_of_the_same_core() -> None:
    isa = bound("IsaUser", AsyncScript(answer(200, WALLET)))
    async with isa:
        await isa.wallets.get_balance()
    for client in (isa.wallets, isa.credits):
        with pytest.raises(RuntimeError, match="closed"):
            await client.get_balance()


@pytest.mark.anyio
async def test_the_next_page_of_a_closed_client_is_refused() -> None:
    script = AsyncScript(page_of([], "c1"))
    async with bound("WalletClient", script) as client:
        page = await client.get_transactions()
        pager = client.get_transactions()
    with pytest.raises(ClientClosedError):
        await page.next_page()
    with pytest.raises(ClientClosedError):
        await pager
    assert len(script.requests) == 1


@pytest.mark.anyio
async def test_entering_a_closed_client_opens_it() -> None:
    script = AsyncScript(answer(200, WALLET))
    client = bound("WalletClient", script)
    await client.aclose()
    async with client:
        await client.get_balance()
    assert (len(script.requests), script.closed) == (1, 2)


@pytest.mark.anyio
async def test_the_last_block_closes_not_an_inner_one() -> None:
    script = AsyncScript(answer(200, WALLET))
    isa = bound("IsaUser", script)
    async with isa:
        async with isa.wallets as wallets:
            await wallets.get_balance()
        await isa.wallets.get_balance()
        assert script.closed == 0
    assert script.closed == 1


def test_blocks_of_several_threads_do_not_close_under_each_other() -> None:
    script = SyncScript(answer(200, WALLET))
    client: Any = bound("SyncWalletClient", script)
    entered, left = threading.Barrier(4), threading.Barrier(4)

    def use(number: int) -> None:
        with client:
            entered.wait(timeout=10)
            if number:
                client.get_balance()
                left.wait(timeout=10)
        if not number:
            left.wait(timeout=10)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(4)))
    assert (len(script.requests), script.closed) == (3, 1)


def test_one_client_serves_one_event_loop_after_another() -> None:
    script = AsyncScript(answer(200, WALLET))
    client = bound("WalletClient", script)

    async def use() -> None:
        async with client:
            await client.get_balance()

    anyio.run(use)
    anyio.run(use)
    assert len(script.requests) == 2
