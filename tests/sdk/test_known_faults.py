"""Faults that payment SDKs are known for; the first line of each test is its row in docs/known-faults.md."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpcore
import httpx
import pytest
import trio

from isa_user import PaymentClient, SyncBillingClient, SyncPaymentClient, SyncWalletClient
from isa_user import errors as e
from tests.sdk.fakes import INTENT, WALLET, SyncScript, answer, bound, failed, page_of
from tests.sdk.samples import PAYMENT
from tests.sdk.wire_server import WireServer

CANARY = "canary-4711"


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


def _pay(client: Any, **options: Any) -> Any:
    return client.create_intent(amount=2999, currency="usd", **options)


@pytest.mark.parametrize("reply", [failed(sent=True), failed(sent=True, timed_out=True), answer(502)])
def test_blind_post_retry(reply: Any) -> None:
    """A POST is repeated blindly after a timeout, and the customer pays twice."""
    script = SyncScript(reply, answer(201, INTENT))
    with pytest.raises((e.OutcomeUnknownError, e.ServerError)) as caught:
        _pay(bound("SyncPaymentClient", script), idempotency_key="order-17")
    assert len(script.requests) == 1
    assert "idempotency_key='order-17'" in str(caught.value)


def test_callers_key_overwritten() -> None:
    """The retry layer puts a key of its own over the caller's."""
    script = SyncScript(failed(sent=True), answer(503), answer(201, INTENT))
    client = bound("SyncPaymentClient", script, idempotent_server=True)
    _pay(client, idempotency_key="order-17")
    assert [script.header("idempotency-key", index) for index in range(3)] == ["order-17"] * 3


def test_timeout_multiplied(server: WireServer) -> None:
    """The timeout counts for each attempt, so that a call takes several times as long as was allowed."""
    with SyncWalletClient(server.url("hang"), token="tok", timeout=0.4, deadline=0.5) as client:
        started_at = time.monotonic()
        with pytest.raises(e.APITimeoutError):
            client.get_balance()
        assert 0.35 < time.monotonic() - started_at < 0.8


def test_errors_cannot_be_pickled() -> None:
    """An error cannot be pickled, and kills the worker pool that should have passed it on."""
    script = SyncScript(answer(402, {"detail": "No.", "code": "card_declined", "decline_code": "lost_card"}))
    with pytest.raises(e.CardDeclinedError) as caught:
        _pay(bound("SyncPaymentClient", script))
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (type(twin), str(twin), twin.decline_code) == (
        e.CardDeclinedError,
        str(caught.value),
        "lost_card",
    )


@pytest.mark.parametrize("name", ["..", ".", ""])
def test_dots_in_the_path(name: str) -> None:
    """``..`` as an id climbs to another endpoint."""
    script = SyncScript(answer(201, INTENT))
    with pytest.raises(e.InvalidArgumentError):
        bound("SyncPaymentClient", script).confirm_intent(name)
    assert script.requests == []
    bound("SyncPaymentClient", script).confirm_intent("../history")
    assert script.requests[0].url.endswith("/payments/intent/..%2Fhistory/confirm")


def test_unknown_enum_value() -> None:
    """A new value of an enum breaks the whole response."""
    script = SyncScript(answer(201, {**INTENT, "status": "on_the_moon", "new_field": [1]}))
    intent = _pay(bound("SyncPaymentClient", script))
    assert (intent.status, intent.new_field) == ("on_the_moon", [1])


@pytest.mark.parametrize("field", ["amount", "status", "amount_refunded", "metadata"])
def test_missing_field_becomes_none(field: str) -> None:
    """A required field that is missing silently becomes None."""
    row = {name: value for name, value in PAYMENT.items() if name != field}
    with pytest.raises(e.ResponseValidationError) as caught:
        bound("SyncPaymentClient", SyncScript(page_of([row], None))).get_history()
    assert (caught.value.param, caught.value.errors[0].code) == (f"data.0.{field}", "missing")


@pytest.mark.parametrize("amount", ["2999", 29.99, 2999.0, True])
def test_string_amount(amount: Any) -> None:
    """An amount is let through as a string or a float, and becomes a hundred times as much or as little."""
    script = SyncScript(answer(201, {**INTENT, "amount": amount}))
    client = bound("SyncPaymentClient", script)
    with pytest.raises(e.InvalidArgumentError):
        client.create_intent(amount=amount, currency="usd")
    assert script.requests == []
    with pytest.raises(e.ResponseValidationError):
        _pay(client)


def test_client_secret_printed() -> None:
    """The client secret is printed with the object, and ends up in the logs."""
    script = SyncScript(answer(201, {**INTENT, "client_secret": CANARY}))
    intent = _pay(bound("SyncPaymentClient", script))
    assert CANARY not in f"{intent} {intent!r} {vars(intent)} {intent._repr_html_()} {intent.model_dump()}"
    assert intent.client_secret == CANARY


def test_environment_read_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is read when the package is imported, so that a test cannot change it."""
    for port in ("18207", "28207"):
        monkeypatch.setenv("ISA_USER_PAYMENT_URL", f"http://127.0.0.1:{port}")
        assert f":{port}" in repr(SyncPaymentClient())


def test_two_event_loops(server: WireServer) -> None:
    """A client made at module level works in the first event loop only."""
    client = PaymentClient(server.url("ok"), token="tok")

    async def twice() -> None:
        for _ in range(2):
            assert (await _pay(client)).amount == 2999

    asyncio.run(twice())
    asyncio.run(twice())
    trio.run(twice)
    assert len(server.received) == 6


@pytest.mark.parametrize("injected", [False, True], ids=["own", "injected"])
def test_redirect_leaks_the_token(server: WireServer, injected: bool) -> None:
    """A redirect is followed, and the token goes to wherever it points."""
    http = httpx.Client(follow_redirects=True, trust_env=False) if injected else None
    with (
        SyncPaymentClient(server.url("redirect"), token="tok", http_client=http) as client,
        pytest.raises(e.APIStatusError, match="not followed"),
    ):
        _pay(client)
    if http is not None:
        http.close()
    assert [request.line.split(" ")[1].split("/")[1] for request in server.received] == ["redirect"]


@pytest.mark.parametrize("asked", ["3600", "Sun, 28 Jan 2999 11:00:00 GMT"])
def test_retry_after_an_hour(asked: str) -> None:
    """``Retry-After: 3600`` makes the call sleep for an hour."""
    script = SyncScript(answer(429, None, {"retry-after": asked}), answer(200, WALLET))
    with pytest.raises(e.RateLimitError) as caught:
        bound("SyncWalletClient", script).get_balance()
    assert (len(script.requests), script.waits) == (1, [])
    assert caught.value.retry_after is not None
    assert caught.value.retry_after >= 3600


def test_html_with_200() -> None:
    """A proxy's page with status 200 is taken for an answer, or breaks with a JSON error."""
    script = SyncScript(answer(200, b"<html><h1>Maintenance</h1></html>", {"x-request-id": "req_7"}))
    with pytest.raises(e.ResponseValidationError) as caught:
        _pay(bound("SyncPaymentClient", script), idempotency_key="order-17")
    assert (caught.value.status_code, caught.value.request_id) == (200, "req_7")
    assert "idempotency_key='order-17'" in str(caught.value)


def test_cut_response(server: WireServer) -> None:
    """An answer that is cut in the middle looks like a failure, although the payment was made."""
    with SyncPaymentClient(server.url("cut"), token="tok") as client:
        with pytest.raises(e.OutcomeUnknownError) as caught:
            _pay(client, idempotency_key="order-17")
        assert "idempotency_key='order-17'" in str(caught.value)
        assert len(server.received) == 1
        with pytest.raises(e.APIConnectionError):
            client.get_intent("pi_1", max_retries=1)
    assert len(server.received) == 3


def test_gzip(server: WireServer) -> None:
    """A compressed answer is not read, or a broken one breaks with an error of another library."""
    with SyncPaymentClient(server.url("gzip"), token="tok") as client:
        assert _pay(client).amount == 2999

    def lie(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            201, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(json.dumps(INTENT).encode())
        )

    with httpx.Client(transport=httpx.MockTransport(lie)) as http:
        client = SyncPaymentClient(token="tok", http_client=http)
        with pytest.raises(e.OutcomeUnknownError, match="Could not decode"):
            _pay(client)


def test_no_content() -> None:
    """A 204 breaks the JSON parser, or gives an object that is empty."""
    client = bound("SyncBillingClient", SyncScript(answer(204)))
    assert client.delete_invoice("in_1") is None
    with pytest.raises(e.ResponseValidationError) as caught:
        client.finalize_invoice("in_1")
    assert caught.value.status_code == 204
    assert isinstance(client, SyncBillingClient)


def test_duplicate_headers() -> None:
    """Headers that occur twice are sent twice, or break the reading of an answer."""
    reply = answer(201, INTENT, {"X-Request-Id": "req_1", "x-request-id": "req_2", "Vary": "a", "vary": "b"})
    script = SyncScript(reply)
    client = bound("SyncPaymentClient", script, default_headers={"X-Tenant": "a", "User-Agent": "shop/1"})
    intent = _pay(client, extra_headers={"x-tenant": "b", "Idempotency-Key": "k1"}, idempotency_key="k2")
    names = [name for name, _ in script.requests[0].headers]
    assert len(names) == len(set(names))
    assert (script.header("x-tenant"), script.header("user-agent")) == ("b", "shop/1")
    assert script.header("idempotency-key") == "k2"
    assert intent.response.request_id == "req_1"
    assert intent.response.headers["vary"] == "a, b"


class _Counted:
    """Counts how often a class is made, which takes a moment."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self.made = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.made += 1
        time.sleep(0.02)
        return self._make(*args, **kwargs)


def test_two_pools_from_two_threads(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two first calls at once make two pools, and one of them is never closed."""
    pools = _Counted(httpcore.ConnectionPool)
    monkeypatch.setattr(httpcore, "ConnectionPool", pools)
    start = threading.Barrier(16)

    def first_call(client: SyncPaymentClient) -> int:
        start.wait()
        amount: int = _pay(client).amount
        return amount

    with SyncPaymentClient(server.url("ok"), token="tok") as client, ThreadPoolExecutor(16) as threads:
        assert list(threads.map(first_call, [client] * 16)) == [2999] * 16
    assert pools.made == 1


@pytest.mark.anyio
async def test_two_pools_from_two_tasks(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two first calls at once make two pools in one event loop, and one of them is never closed."""
    pools = _Counted(httpcore.AsyncConnectionPool)
    monkeypatch.setattr(httpcore, "AsyncConnectionPool", pools)
    async with PaymentClient(server.url("ok"), token="tok") as client, anyio.create_task_group() as tasks:
        for _ in range(16):
            tasks.start_soon(_pay, client)
    assert (pools.made, len(server.received)) == (1, 16)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_connections_shared_after_fork(server: WireServer) -> None:
    """After a fork parent and child use one connection, and read each other's answers."""
    with SyncPaymentClient(server.url("ok"), token="tok") as client:
        _pay(client)
        child = os.fork()
        if child == 0:
            os._exit(0 if _pay(client).amount == 2999 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        _pay(client)
    assert sorted(request.connection for request in server.received) == [1, 1, 2]
