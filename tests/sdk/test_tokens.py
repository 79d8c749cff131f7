"""Where the token comes from, and how a provider is asked (SDK page, "Construction")."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from isa_user import SyncWalletClient, WalletClient
from isa_user import errors as e
from isa_user._wire import WireRequest, WireResponse
from tests.sdk.fakes import WALLET, AsyncScript, SyncScript, answer


def _only(*accepted: str) -> Any:
    """Answers 401 to every token but the accepted ones."""

    def serve(request: WireRequest) -> WireResponse:
        token = dict(request.headers)[b"authorization"].decode().removeprefix("Bearer ")
        return answer(200, WALLET) if token in accepted else answer(401, {"code": "token_expired"})

    return serve


class Provider:
    """Gives tok-1, tok-2, ... and counts."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        return f"tok-{self.calls}"

    async def later(self) -> str:
        await anyio.lowlevel.checkpoint()
        return self()


def _sync(script: SyncScript, token: Any) -> SyncWalletClient:
    return SyncWalletClient._bound(transport=script, sleep=script.sleep, token=token)


def _async(script: AsyncScript, token: Any) -> WalletClient:
    return WalletClient._bound(transport=script, sleep=script.sleep, token=token)


def test_a_provider_is_asked_once_and_again_only_after_a_401() -> None:
    provider = Provider()
    client = _sync(SyncScript(_only("tok-1", "tok-2")), provider)
    for _ in range(3):
        client.get_balance()
    assert provider.calls == 1
    client = _sync(SyncScript(_only("tok-3")), provider)
    provider.calls = 1
    client.get_balance()
    client.get_balance()
    assert provider.calls == 3


@pytest.mark.anyio
@pytest.mark.parametrize("asynchronous", [True, False])
async def test_async_clients_take_both_kinds_of_provider(asynchronous: bool) -> None:
    provider = Provider()
    client = _async(AsyncScript(_only("tok-2")), provider.later if asynchronous else provider)
    await client.get_balance()
    assert provider.calls == 2


@pytest.mark.anyio
async def test_many_401s_at_once_refresh_the_token_once() -> None:
    provider = Provider()
    client = _async(AsyncScript(_only("tok-1")), provider.later)
    await client.get_balance()
    client._core._transport = AsyncScript(_only("tok-2"))
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(client.get_balance)
    assert provider.calls == 2


def test_many_401s_in_threads_refresh_the_token_once() -> None:
    provider = Provider()
    gate = threading.Barrier(8)
    client = _sync(SyncScript(_only("tok-1")), provider)
    client.get_balance()

    def serve(request: WireRequest) -> WireResponse:
        if dict(request.headers)[b"authorization"] == b"Bearer tok-1":
            gate.wait(timeout=10)
        response: WireResponse = _only("tok-2")(request)
        return response

    client._core._transport = SyncScript(serve)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client.get_balance(), range(8)))
    assert provider.calls == 2


def test_a_calls_own_token_wins_and_its_provider_is_asked_for_each_call() -> None:
    provider = Provider()
    client = _sync(SyncScript(_only("tok-1", "tok-2")), "wrong")
    client.get_balance(token=provider)
    client.get_balance(token=provider)
    assert provider.calls == 2


def test_a_provider_that_keeps_giving_a_refused_token_ends_in_401() -> None:
    script = SyncScript(_only("other"))
    with pytest.raises(e.AuthenticationError):
        _sync(script, lambda: "same").get_balance()
    assert len(script.requests) == 2


@pytest.mark.parametrize(("value", "gave"), [("", "an empty str"), (None, "NoneType"), (7, "int")])
def test_a_provider_that_gives_no_token_is_named_as_the_cause(value: Any, gave: str) -> None:
    script = SyncScript(_only())
    with pytest.raises(e.MissingTokenError, match=f"function that fetches the access token gave {gave}"):
        _sync(script, lambda: value).get_balance()
    assert script.requests == []


@pytest.mark.anyio
async def test_an_async_provider_that_gives_no_token_is_named_as_the_cause() -> None:
    async def forgets() -> Any:
        return None

    with pytest.raises(e.MissingTokenError, match=r"gave NoneType\. Let it return the token"):
        await _async(AsyncScript(_only()), forgets).get_balance()


@pytest.mark.anyio
async def test_a_provider_that_hangs_is_bounded_by_the_deadline() -> None:
    started: list[float] = []

    async def hangs() -> str:
        started.append(anyio.current_time())
        await anyio.sleep_forever()
        raise AssertionError

    script = AsyncScript(_only())
    client = _async(script, hangs)
    with anyio.fail_after(20), pytest.raises(e.APITimeoutError, match=r"deadline of 0\.05 s"):
        await client.get_balance(deadline=0.05)
    assert script.requests == []
    with anyio.fail_after(20), pytest.raises(e.APITimeoutError):
        await client.get_balance(deadline=0.05)
    assert len(started) == 2


@pytest.mark.anyio
async def test_a_provider_that_hangs_when_asked_again_is_bounded_by_the_deadline() -> None:
    calls = 0

    async def hangs_at_second() -> str:
        nonlocal calls
        calls += 1
        if calls > 1:
            await anyio.sleep_forever()
        return "stale"

    script = AsyncScript(_only("fresh"))
    with anyio.fail_after(20), pytest.raises(e.APITimeoutError):
        await _async(script, hangs_at_second).get_balance(deadline=0.05)
    assert len(script.requests) == 1


def test_a_sync_client_refuses_an_async_provider_in_words() -> None:
    with pytest.raises(e.InvalidArgumentError, match="sync token provider"):
        _sync(SyncScript(_only()), Provider().later).get_balance()


def test_what_a_provider_raises_reaches_the_caller() -> None:
    def broken() -> str:
        raise LookupError("vault is sealed")

    with pytest.raises(LookupError, match="vault"):
        _sync(SyncScript(_only()), broken).get_balance()


def test_whitespace_around_a_token_is_not_sent() -> None:
    script = SyncScript(_only("tok"))
    _sync(script, " tok\n").get_balance()
    assert script.header("authorization") == "Bearer tok"
