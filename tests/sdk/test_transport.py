"""The real transports over loopback sockets: what was sent, how long it may take, what is reused."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import httpx
import pytest
import trio

from isa_user import PaymentClient, SyncPaymentClient
from isa_user import errors as e
from isa_user._transport import HttpxAsyncTransport, _shared
from isa_user._wire import TransportFailure, WireRequest
from tests.sdk.certificates import make_certificate
from tests.sdk.wire_server import BODY, WireServer

INTENT_ID = "pi_abc123"


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def _create(client: PaymentClient, **options: object) -> str:
    intent = await client.create_intent(amount=2999, currency="usd", **options)  # type: ignore[arg-type]
    return intent.payment_intent_id


def _create_now(client: SyncPaymentClient, **options: object) -> str:
    intent = client.create_intent(amount=2999, currency="usd", **options)  # type: ignore[arg-type]
    return intent.payment_intent_id


def _failure(error: BaseException | None) -> TransportFailure:
    """The seam's failure at the root of an error."""
    while error is not None and not isinstance(error, TransportFailure):
        error = error.__cause__
    assert error is not None
    return error


@pytest.mark.anyio
async def test_a_call_over_a_socket_in_async(server: WireServer) -> None:
    async with PaymentClient(server.url("ok"), token="tok") as client:
        assert await _create(client) == INTENT_ID
    (request,) = server.received
    assert request.line == "POST /ok/api/v1/payments/intent HTTP/1.1"
    assert request.body == b'{"amount":2999,"currency":"usd"}'
    assert request.headers["host"] == f"127.0.0.1:{server.port}"
    assert request.headers["authorization"] == "Bearer tok"
    assert request.headers["user-agent"].startswith("isa-user/")


def test_a_call_over_a_socket_in_sync(server: WireServer) -> None:
    with SyncPaymentClient(server.url("ok"), token="tok") as client:
        assert _create_now(client) == INTENT_ID
    assert server.received[0].headers["authorization"] == "Bearer tok"


@pytest.mark.anyio
async def test_connections_are_reused_in_async(server: WireServer) -> None:
    async with PaymentClient(server.url("ok"), token="tok") as client:
        for _ in range(3):
            await _create(client)
    assert (len(server.received), server.connections) == (3, 1)


def test_connections_are_reused_in_sync_and_by_many_threads_at_once(server: WireServer) -> None:
    with SyncPaymentClient(server.url("ok"), token="tok") as client:
        for _ in range(3):
            _create_now(client)
        assert server.connections == 1
        with ThreadPoolExecutor(16) as threads:
            done = list(threads.map(lambda _: _create_now(client), range(64)))
    assert done == [INTENT_ID] * 64
    assert server.connections <= 17


@pytest.mark.anyio
async def test_many_tasks_share_a_client(server: WireServer) -> None:
    done: list[str] = []

    async def one() -> None:
        done.append(await _create(client))

    async with PaymentClient(server.url("ok"), token="tok") as client, anyio.create_task_group() as group:
        for _ in range(40):
            group.start_soon(one)
        await anyio.lowlevel.checkpoint()
    assert done == [INTENT_ID] * 40


@pytest.mark.anyio
async def test_compressed_answers_are_read(server: WireServer) -> None:
    async with PaymentClient(server.url("gzip"), token="tok") as client:
        assert await _create(client) == INTENT_ID
    with SyncPaymentClient(server.url("gzip"), token="tok") as sync_client:
        assert _create_now(sync_client) == INTENT_ID


@pytest.mark.anyio
async def test_a_refused_connection_was_surely_not_sent_and_is_retried(closed_port: int) -> None:
    async with PaymentClient(f"http://127.0.0.1:{closed_port}", token="tok", max_retries=1) as client:
        client._core._sleep = _no_sleep
        with pytest.raises(e.APIConnectionError) as caught:
            await _create(client)
    assert type(caught.value) is e.APIConnectionError
    assert f"Could not connect to http://127.0.0.1:{closed_port}" in str(caught.value)
    assert caught.value.attempts == 2
    assert str(caught.value).endswith("The reference server starts with: isa-mockserver")
    failure = _failure(caught.value)
    assert (failure.sent, failure.timed_out) == (False, False)
    assert isinstance(failure.__cause__, httpx.ConnectError)


async def _no_sleep(_seconds: float) -> None:
    await anyio.lowlevel.checkpoint()


def test_a_refused_connection_in_sync(closed_port: int) -> None:
    with (
        SyncPaymentClient(f"http://127.0.0.1:{closed_port}", token="tok", max_retries=0) as client,
        pytest.raises(e.APIConnectionError) as caught,
    ):
        _create_now(client)
    assert _failure(caught.value).sent is False


@pytest.mark.anyio
@pytest.mark.parametrize("manner", ["cut", "drop"])
async def test_a_write_without_complete_answer_is_of_unknown_outcome_with_its_key(
    server: WireServer, manner: str
) -> None:
    async with PaymentClient(server.url(manner), token="tok") as client:
        with pytest.raises(e.OutcomeUnknownError) as caught:
            await _create(client, idempotency_key="mine")
    assert caught.value.idempotency_key == "mine"
    assert len(server.received) == 1
    failure = _failure(caught.value)
    assert (failure.sent, failure.timed_out) == (True, False)


@pytest.mark.parametrize("manner", ["cut", "drop"])
def test_a_sync_write_without_complete_answer_is_of_unknown_outcome(server: WireServer, manner: str) -> None:
    with (
        SyncPaymentClient(server.url(manner), token="tok") as client,
        pytest.raises(e.OutcomeUnknownError),
    ):
        _create_now(client)
    assert len(server.received) == 1


SLOW = ["hang", "drip", "drip_head"]


@pytest.mark.anyio
@pytest.mark.parametrize("manner", SLOW)
async def test_the_timeout_bounds_the_whole_attempt_however_the_answer_drips(
    server: WireServer, manner: str
) -> None:
    started = time.monotonic()
    async with PaymentClient(server.url(manner), token="tok") as client:
        with pytest.raises(e.OutcomeUnknownError) as caught:
            await _create(client, timeout=0.4)
    assert 0.3 < time.monotonic() - started < 5
    assert isinstance(caught.value.__cause__, e.APITimeoutError)
    assert _failure(caught.value).timed_out is True


@pytest.mark.parametrize("manner", SLOW)
def test_the_timeout_bounds_the_whole_attempt_in_sync_too(server: WireServer, manner: str) -> None:
    started = time.monotonic()
    with (
        SyncPaymentClient(server.url(manner), token="tok") as client,
        pytest.raises(e.OutcomeUnknownError) as caught,
    ):
        _create_now(client, timeout=0.4)
    assert 0.3 < time.monotonic() - started < 5
    assert isinstance(caught.value.__cause__, e.APITimeoutError)


@pytest.mark.anyio
@pytest.mark.parametrize("manner", ["hang", "drip"])
async def test_the_timeout_bounds_an_injected_client_too(server: WireServer, manner: str) -> None:
    started = time.monotonic()
    async with httpx.AsyncClient() as http:
        client = PaymentClient(server.url(manner), token="tok", http_client=http)
        with pytest.raises(e.OutcomeUnknownError):
            await _create(client, timeout=0.4)
    with httpx.Client() as sync_http:
        sync_client = SyncPaymentClient(server.url(manner), token="tok", http_client=sync_http)
        with pytest.raises(e.OutcomeUnknownError):
            _create_now(sync_client, timeout=0.4)
    assert time.monotonic() - started < 10


@pytest.mark.anyio
async def test_a_redirect_is_not_followed_so_the_token_stays_here(server: WireServer) -> None:
    async with PaymentClient(server.url("redirect"), token="tok") as client:
        with pytest.raises(e.APIStatusError, match="not followed") as caught:
            await _create(client)
    assert caught.value.status_code == 307
    with (
        SyncPaymentClient(server.url("redirect"), token="tok") as sync_client,
        pytest.raises(e.APIStatusError),
    ):
        _create_now(sync_client)
    assert [request.line.split("/")[1] for request in server.received] == ["redirect", "redirect"]


@pytest.mark.anyio
async def test_a_cancelled_call_leaves_the_client_usable(server: WireServer) -> None:
    async with PaymentClient(server.url("ok"), token="tok") as client:
        slow = PaymentClient._over(client._core)
        client._core.config.urls["payment"]
        for _ in range(20):
            with anyio.move_on_after(0.002):
                await _create(slow)
        assert await _create(client) == INTENT_ID


def test_one_client_serves_several_loops_in_turn_and_is_closed_with_each(server: WireServer) -> None:
    client = PaymentClient(server.url("ok"), token="tok")

    async def twice() -> None:
        assert await _create(client) == INTENT_ID
        assert await _create(client) == INTENT_ID

    asyncio.run(twice())
    trio.run(twice)
    asyncio.run(twice())
    gc.collect()
    assert (len(server.received), server.connections) == (6, 3)
    _wait_until(lambda: server.open_connections == 0)


def _wait_until(condition: object) -> None:
    assert callable(condition)
    give_up = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_a_client_that_is_dropped_releases_its_connections(server: WireServer) -> None:
    async def use_and_drop() -> None:
        await _create(PaymentClient(server.url("ok"), token="tok"))
        gc.collect()
        for _ in range(1000):
            if server.open_connections == 0:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the connection is still open")

    asyncio.run(use_and_drop())


@pytest.mark.anyio
async def test_a_closed_client_connects_again_when_it_is_entered_again(server: WireServer) -> None:
    client = PaymentClient(server.url("ok"), token="tok")
    sync_client = SyncPaymentClient(server.url("ok"), token="tok")
    for _ in range(2):
        async with client:
            await _create(client)
        with sync_client:
            _create_now(sync_client)
    assert server.connections == 4


@pytest.mark.anyio
async def test_closing_an_unused_client_is_nothing() -> None:
    await PaymentClient(token="tok").aclose()
    SyncPaymentClient(token="tok").close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_does_not_share_the_parents_connection(server: WireServer) -> None:
    with SyncPaymentClient(server.url("ok"), token="tok") as client:
        _create_now(client)
        child = os.fork()
        if child == 0:
            os._exit(0 if _create_now(client) == INTENT_ID else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        _create_now(client)
    assert server.connections == 2


@pytest.mark.anyio
async def test_an_injected_client_is_used_and_left_open() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, content=BODY)

    http = httpx.AsyncClient(transport=httpx.MockTransport(handle))
    async with PaymentClient(token="tok", http_client=http) as client:
        assert await _create(client) == INTENT_ID
    assert not http.is_closed
    await http.aclose()
    with httpx.Client(transport=httpx.MockTransport(handle)) as sync_http:
        with SyncPaymentClient(token="tok", http_client=sync_http) as sync_client:
            assert _create_now(sync_client) == INTENT_ID
        assert not sync_http.is_closed
    assert [request.content for request in seen] == [b'{"amount":2999,"currency":"usd"}'] * 2
    assert seen[0].headers["authorization"] == "Bearer tok"
    assert seen[0].headers["host"] == "localhost:8207"


@pytest.mark.anyio
async def test_a_client_of_the_other_colour_is_refused() -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(e.ConfigurationError, match=r"httpx\.Client"):
            SyncPaymentClient(token="tok", http_client=http)  # type: ignore[arg-type]
    with httpx.Client() as sync_http, pytest.raises(e.ConfigurationError, match=r"httpx\.AsyncClient"):
        PaymentClient(token="tok", http_client=sync_http)  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_a_proxy_of_the_environment_is_used_unless_no_proxy_says_otherwise(
    server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    server._manners["payments.test"] = server._manners[""] = server._cookie
    for _ in range(2):
        with SyncPaymentClient("http://payments.test", token="tok") as sync_client:
            _create_now(sync_client)
            _create_now(sync_client)
    async with PaymentClient("http://payments.test", token="tok") as client:
        await _create(client)
        await _create(client)
    lines = {request.line for request in server.received}
    assert lines == {"POST http://payments.test/api/v1/payments/intent HTTP/1.1"}
    assert not any("cookie" in request.headers for request in server.received)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with SyncPaymentClient(server.url("ok"), token="tok") as direct:
        _create_now(direct)
    assert server.received[-1].line == "POST /ok/api/v1/payments/intent HTTP/1.1"


@pytest.mark.anyio
async def test_cookies_are_not_kept_from_one_users_call_to_the_next(server: WireServer) -> None:
    async with PaymentClient(server.url("cookie"), token="one") as client:
        await _create(client)
        await _create(client, token="two")
    assert not any("cookie" in request.headers for request in server.received)


def test_the_tls_context_is_made_once_and_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    _shared.tls_context.cache_clear()
    made: list[ssl.SSLContext] = []
    real = httpx.create_ssl_context

    def make() -> ssl.SSLContext:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(httpx, "create_ssl_context", make)
    for _ in range(3):
        with (
            SyncPaymentClient("https://127.0.0.1:9", token="tok", max_retries=0) as client,
            pytest.raises(e.APIConnectionError),
        ):
            _create_now(client)
    assert len(made) == 1


@pytest.mark.anyio
async def test_a_pool_that_saw_many_cancelled_calls_makes_way_and_is_closed(server: WireServer) -> None:
    """A cancelled task may leave a connection stuck in the HTTP library's pool; it must not stay for ever."""
    async with PaymentClient(server.url("hang"), token="tok") as client:
        transport = client._core.transport
        assert isinstance(transport, HttpxAsyncTransport)
        pools = transport._pools.get()
        first = await pools.direct("http")
        while first.cancelled < 20:
            assert await pools.direct("http") is first
            with anyio.move_on_after(0.01):
                await _create(client)
        assert await pools.direct("http") is not first
        assert first not in pools._open


@pytest.fixture
def plain_port() -> Iterator[int]:
    """A port that answers anything, a TLS greeting too, with HTTP."""

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.server_address[1]
        server.shutdown()
        serving.join()


@pytest.mark.anyio
async def test_https_to_a_port_of_plain_http_is_tried_once_and_told(plain_port: int) -> None:
    url = f"https://127.0.0.1:{plain_port}"
    async with PaymentClient(url, token="tok", timeout=10) as client:
        with pytest.raises(e.APIConnectionError) as caught:
            await _create(client)
    with (
        SyncPaymentClient(url, token="tok", timeout=10) as sync_client,
        pytest.raises(e.APIConnectionError) as caught_now,
    ):
        _create_now(sync_client)
    for error in (caught.value, caught_now.value):
        assert error.attempts == 1
        assert "speaks no TLS" in str(error)
        assert f"use http://127.0.0.1:{plain_port} as the base URL" in str(error)


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadError])
def test_only_a_handshake_that_fails_is_not_tried_again(kind: type[httpx.TransportError]) -> None:
    error, broken = kind("broken"), ssl.SSLError(1, "record layer failure")
    broken.reason = "RECORD_LAYER_FAILURE"
    error.__cause__ = broken
    request = WireRequest("GET", "https://pay.test/x", [], b"")
    assert _shared.transport_failure(error, request, taken=True).permanent is (kind is httpx.ConnectError)


@pytest.mark.anyio
async def test_https_is_verified_and_bounded_like_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = make_certificate(tmp_path)
    _shared.tls_context.cache_clear()
    with WireServer(context) as server:
        with (
            SyncPaymentClient(server.url("ok"), token="tok", max_retries=2) as stranger,
            pytest.raises(e.APIConnectionError, match="CERTIFICATE_VERIFY_FAILED") as caught,
        ):
            _create_now(stranger)
        assert _failure(caught.value).sent is False
        assert caught.value.attempts == 1
        assert "The server's certificate is not trusted" in str(caught.value)
        _shared.tls_context.cache_clear()
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        async with PaymentClient(server.url("ok"), token="tok") as client:
            assert await _create(client) == INTENT_ID
        with SyncPaymentClient(server.url("ok"), token="tok") as sync_client:
            assert _create_now(sync_client) == INTENT_ID
        with (
            SyncPaymentClient(server.url("drip"), token="tok", timeout=0.4) as slow,
            pytest.raises(e.OutcomeUnknownError),
        ):
            _create_now(slow)
    _shared.tls_context.cache_clear()
