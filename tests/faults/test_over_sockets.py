"""The same faults over real sockets: connections really break, and answers are really late."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest

from isa_mockserver.testing import MockServer
from isa_mockserver.testing.live import LiveServer
from isa_user import OutcomeUnknownError, SyncPaymentClient, SyncWalletClient
from tests.server.web.processes import exchange

MONEY = {"amount": 2999, "currency": "usd"}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[MockServer, LiveServer]]:
    with MockServer() as server, server.serve() as live:
        yield server, live


@pytest.fixture
def server(served: tuple[MockServer, LiveServer]) -> MockServer:
    served[0].reset()
    return served[0]


@pytest.fixture
def live(served: tuple[MockServer, LiveServer]) -> LiveServer:
    return served[1]


@pytest.mark.parametrize(("effect", "made"), [("drop_before", 0), ("drop_after_commit", 1)])
def test_a_dropped_connection_is_a_broken_one(
    server: MockServer, live: LiveServer, effect: str, made: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(effect)
    with httpx.Client(base_url=live.url(), headers={"Authorization": "Bearer user_1"}) as http:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            http.post("/api/v1/payments/intent", json=MONEY)
        assert server.events.types() == ["payment.created"] * made
        assert http.post("/api/v1/payments/intent", json=MONEY).status_code == 201
    assert caplog.messages == []


def test_in_the_middle_of_a_body_head_and_half_of_it_arrive_and_no_more(
    server: MockServer, live: LiveServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The client sees a status and a length, and too few bytes: the work is done."""
    server.faults.add("drop_mid_body")
    body = json.dumps(MONEY)
    head = (
        "POST /api/v1/payments/intent HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer user_1\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    raw = exchange(live.ports["payments"], f"{head}{body}".encode())
    answer, _, arrived = raw.partition(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 201 ")
    promised = int(re.findall(rb"content-length: (\d+)", answer)[0])
    assert arrived.startswith(b'{"payment_intent_id":"pi_')
    assert len(arrived) == promised // 2
    assert server.events.types() == ["payment.created"]
    assert caplog.messages == []


@pytest.mark.parametrize("effect", ["drop_after_commit", "drop_mid_body"])
def test_the_sdk_resumes_after_a_dropped_answer(server: MockServer, live: LiveServer, effect: str) -> None:
    server.faults.add(effect, operation="deposit")
    with SyncWalletClient(live.url("wallets"), token="user_1") as client:
        arguments = {**MONEY, "payment_method_id": "pm_card_visa"}
        with pytest.raises(OutcomeUnknownError) as caught:
            client.deposit(**arguments)  # type: ignore[arg-type]
        resumed = client.deposit(**arguments, idempotency_key=caught.value.idempotency_key)  # type: ignore[arg-type]
    assert resumed.response.idempotent_replayed
    assert server.ledger.balance("wallet:user_1:available", "usd") == 2999


def test_a_late_answer_is_waited_for_or_given_up(server: MockServer, live: LiveServer) -> None:
    server.faults.add(latency_s=0.3, operation="create_intent", times=2)
    with SyncPaymentClient(live.url("payments"), token="user_1", max_retries=0) as client:
        began = time.monotonic()
        client.create_intent(amount=2999, currency="usd")
        assert time.monotonic() - began >= 0.3
        with pytest.raises(OutcomeUnknownError):
            client.create_intent(amount=2999, currency="usd", timeout=0.1)


def test_a_late_answer_holds_up_nobody_else(server: MockServer, live: LiveServer) -> None:
    server.faults.add(latency_s=5, user="user_slow")
    with httpx.Client(base_url=live.url()) as http:
        with pytest.raises(httpx.ReadTimeout):
            http.get("/api/v1/wallets/me", headers={"Authorization": "Bearer user_slow"}, timeout=0.2)
        began = time.monotonic()
        assert http.get("/api/v1/wallets/me", headers={"Authorization": "Bearer user_1"}).status_code == 200
        assert time.monotonic() - began < 2
