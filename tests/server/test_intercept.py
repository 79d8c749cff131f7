"""intercept(): code that knows nothing of the server is served in process, and reaches nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx
import pytest
import respx

from isa_mockserver.testing import MockServer
from isa_mockserver.testing.intercept import RefusedHostError
from isa_user import (
    IsaUser,
    OutcomeUnknownError,
    PaymentClient,
    SyncIsaUser,
    SyncPaymentClient,
    SyncWalletClient,
)

HISTORY = "http://localhost:8207/api/v1/payments/history"
AUTH = {"Authorization": "Bearer user_1"}
PATCHABLE = (
    (httpcore.ConnectionPool, "handle_request"),
    (httpcore.AsyncConnectionPool, "handle_async_request"),
    (httpcore.HTTPConnection, "handle_request"),
    (httpcore.AsyncHTTPConnection, "handle_async_request"),
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (httpx.Client, "send"),
    (httpx.AsyncClient, "send"),
)


@pytest.fixture(autouse=True)
def nothing_is_left_patched() -> Iterator[None]:
    before = [getattr(cls, name) for cls, name in PATCHABLE]
    yield
    assert [getattr(cls, name) for cls, name in PATCHABLE] == before


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


def _fetch(url: str, **options: Any) -> httpx.Response:
    """Unmodified code under test: plain httpx."""
    return httpx.get(url, **options)


def _pay() -> str:
    """Unmodified code under test: the SDK with its defaults."""
    with SyncPaymentClient(token="user_1") as client:
        return client.create_intent(amount=2999, currency="usd").payment_intent_id


async def _pay_async() -> str:
    async with PaymentClient(token="user_1") as client:
        return (await client.create_intent(amount=2999, currency="usd")).payment_intent_id


def test_unmodified_sync_code_is_served(server: MockServer) -> None:
    with server.intercept():
        made = _pay()
    server.requests.assert_called("create_intent", times=1, user="user_1")
    assert [p.payment_id for p in server.client(SyncPaymentClient).get_history()] == [made]


@pytest.mark.asyncio
async def test_unmodified_async_code_is_served(server: MockServer) -> None:
    async with server.intercept():
        await _pay_async()
    server.requests.assert_called("create_intent", times=1)


@pytest.mark.asyncio
async def test_sync_code_inside_a_running_loop_and_concurrent_tasks_are_served(server: MockServer) -> None:
    with server.intercept():
        _pay()
        await asyncio.gather(*(_pay_async() for _ in range(20)))
    assert server.requests.count(operation="create_intent") == 21


def test_it_works_on_trio(server: MockServer) -> None:
    import trio

    with server.intercept():
        trio.run(_pay_async)
    server.requests.assert_called("create_intent", times=1)


def test_all_five_services_at_their_documented_urls(server: MockServer) -> None:
    with server.intercept(), SyncIsaUser(token="user_1") as isa:
        isa.payments.get_history()
        isa.wallets.get_balance()
        isa.billing.get_invoices()
        isa.subscriptions.get_plans()
        isa.credits.get_balance()
    services = {entry.service for entry in server.requests.all()}
    assert services == {"payments", "wallets", "billing", "subscriptions", "credits"}


@pytest.mark.asyncio
async def test_plain_httpx_is_served_sync_and_async(server: MockServer) -> None:
    with server.intercept():
        assert _fetch(HISTORY, headers=AUTH).json()["data"] == []
        assert _fetch(HISTORY.replace("localhost", "127.0.0.1"), headers=AUTH).status_code == 200
        _pay()
        async with httpx.AsyncClient(base_url="http://localhost:8200", headers=AUTH) as http:
            answer = await http.get("/api/v1/payments/history", params={"limit": 1})
            assert len(answer.json()["data"]) == 1
            assert (await http.get("http://[::1]:8207/health")).json()["service"] == "payment_service"


def test_a_port_serves_only_its_service(server: MockServer) -> None:
    with server.intercept():
        assert _fetch(HISTORY.replace("8207", "8208"), headers=AUTH).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/api/v1/payments",
        "http://localhost:8201/api/v1/payments/history",
        "https://localhost/health",
        "http://example.com:8207/api/v1/payments/history",
    ],
)
@pytest.mark.asyncio
async def test_any_other_host_is_refused_with_a_clear_error(server: MockServer, url: str) -> None:
    host = httpx.URL(url).host
    with server.intercept():
        with pytest.raises(RefusedHostError, match=rf"none of the services' URLs.*allow=\['{host}'\]"):
            _fetch(url)
        async with httpx.AsyncClient() as http:
            with pytest.raises(RefusedHostError):
                await http.get(url)
        with pytest.raises(RefusedHostError), SyncPaymentClient("https://api.example.com", token="t") as sdk:
            sdk.get_history()


def test_the_refusal_does_not_show_what_was_in_the_query(server: MockServer) -> None:
    with server.intercept(), pytest.raises(RefusedHostError) as caught:
        _fetch("https://api.example.com/?token=CANARY")
    assert "CANARY" not in str(caught.value)


@contextlib.contextmanager
def _real_server() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"real")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Quiet."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as real:
        thread = threading.Thread(target=real.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{real.server_port}"
        finally:
            real.shutdown()
            thread.join()


@pytest.mark.asyncio
async def test_an_allowed_host_is_really_called(server: MockServer) -> None:
    with _real_server() as address, server.intercept(allow=[address]):
        assert _fetch(f"http://{address}/").text == "real"
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"http://{address}/")).text == "real"
        with pytest.raises(RefusedHostError):
            _fetch("http://127.0.0.1:1/")


def test_as_a_decorator_of_sync_and_async_functions(server: MockServer) -> None:
    @server.intercept()
    def sync(amount: int, *, currency: str) -> str:
        """Documented."""
        with SyncPaymentClient(token="user_1") as client:
            return client.create_intent(amount=amount, currency=currency).payment_intent_id

    @server.intercept()
    async def awaited() -> str:
        return await _pay_async()

    assert sync(2999, currency="usd").startswith("pi_")
    assert (sync.__name__, sync.__doc__) == ("sync", "Documented.")
    assert asyncio.iscoroutinefunction(awaited)
    assert asyncio.run(awaited()).startswith("pi_")
    assert sync(2999, currency="usd").startswith("pi_")
    assert server.requests.count(operation="create_intent") == 3


def test_blocks_nest_and_the_innermost_answers(server: MockServer) -> None:
    with MockServer() as other:
        with server.intercept():
            with other.intercept():
                _pay()
                with server.sandbox("red").intercept():
                    _pay()
            _pay()
        assert (
            other.requests.count() == server.requests.count() == server.sandbox("red").requests.count() == 1
        )


def test_an_outer_block_may_allow_what_an_inner_one_does_not_know(server: MockServer) -> None:
    with _real_server() as address, server.intercept(allow=[address]), server.intercept():
        assert _fetch(f"http://{address}/").text == "real"


def test_it_is_undone_when_the_block_raises(server: MockServer) -> None:
    with pytest.raises(ZeroDivisionError), server.intercept():
        raise ZeroDivisionError
    with pytest.raises(httpx.ConnectError):
        _fetch("http://localhost:1/")


def test_it_goes_together_with_routes_of_ones_own(server: MockServer) -> None:
    with respx.mock() as router, server.intercept():
        router.get("https://api.example.com/rate").respond(json={"usd": 1})
        assert _fetch("https://api.example.com/rate").json() == {"usd": 1}
        _pay()
    with server.intercept(), respx.mock() as router:
        router.get("https://api.example.com/rate").respond(json={"usd": 1})
        assert _fetch("https://api.example.com/rate").json() == {"usd": 1}
        _pay()
    assert server.requests.count() == 2


def test_urls_of_the_environment_and_given_ones_are_served(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISA_USER_PAYMENT_URL", "https://pay.staging.example/base")
    with server.intercept(urls={"gateway": "https://gateway.example"}):
        _pay()
        with SyncWalletClient("https://gateway.example", token="user_1") as client:
            client.get_balance()
    assert [entry.path for entry in server.requests.all()] == [
        "/api/v1/payments/intent",
        "/api/v1/wallets/me",
    ]
    with pytest.raises(ValueError, match="no service 'banks'"), server.intercept(urls={"banks": "http://x"}):
        pass


def test_an_injected_http_client_is_served_too(server: MockServer) -> None:
    with server.intercept(), httpx.Client() as http:
        SyncPaymentClient(token="user_1", http_client=http).create_intent(amount=2999, currency="usd")
    server.requests.assert_called("create_intent", times=1)


def test_faults_reach_the_code_as_httpx_errors(server: MockServer) -> None:
    with server.intercept():
        server.faults.add("drop_after_commit", operation="create_intent")
        with pytest.raises(OutcomeUnknownError):
            _pay()
        server.faults.add("drop_before")
        with pytest.raises(httpx.RemoteProtocolError):
            _fetch(HISTORY, headers=AUTH)
        server.faults.add(latency_s=3, times=2)
        with pytest.raises(httpx.ReadTimeout):
            _fetch(HISTORY, headers=AUTH, timeout=2)
        assert _fetch(HISTORY, headers=AUTH, timeout=None).status_code == 200


def test_other_threads_are_served_too(server: MockServer) -> None:
    with server.intercept(), ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: _pay(), range(40)))
    assert len(made) == 40


@pytest.mark.asyncio
async def test_one_client_lives_through_blocks_and_outside_of_them(server: MockServer) -> None:
    async with IsaUser(token="user_1") as isa:
        for _ in range(2):
            with server.intercept():
                await isa.wallets.get_balance()
    assert server.requests.count() == 2
