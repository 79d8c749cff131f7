"""What each effect does, which requests it strikes and how often (mockserver page, faults)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from isa_mockserver.app import build
from isa_mockserver.serve.options import ServeOptions
from isa_mockserver.serve.settings import settings_of
from isa_mockserver.testing import MockServer
from isa_mockserver.testing.carrier import DroppedError
from isa_mockserver.web.faults.book import FaultBook
from isa_mockserver.web.faults.model import Asked, Fault, Match
from isa_user import (
    IsaUser,
    OutcomeUnknownError,
    PaymentClient,
    RateLimitError,
    ServerError,
    SyncIsaUser,
    SyncPaymentClient,
    SyncWalletClient,
)
from isa_user.errors import APITimeoutError

INTENT = "/api/v1/payments/intent"
MONEY = {"amount": 2999, "currency": "usd"}


def _intents(server: MockServer) -> int:
    return server.events.types().count("payment.created")


@pytest.mark.parametrize(
    ("options", "status", "code", "retry_after"),
    [
        ({"status": 500}, 500, "internal_error", None),
        ({"status": 503, "retry_after_s": 7}, 503, "service_unavailable", "7"),
        ({"effect": "status"}, 503, "service_unavailable", None),
        ({"code": "card_declined"}, 402, "card_declined", None),
        ({"status": 429, "retry_after_s": 3}, 429, "rate_limited", "3"),
        ({"status": 401}, 401, "invalid_token", None),
    ],
)
def test_a_status_is_answered_as_the_server_would_and_nothing_is_done(
    options: dict[str, Any], status: int, code: str, retry_after: str | None
) -> None:
    with MockServer() as server:
        server.faults.add(**options)
        answer = server.request("POST", INTENT, json_body=MONEY, headers={"X-Request-Id": "mine"})
        assert (answer.status, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers.get("retry-after") == retry_after
        assert answer.json()["request_id"] == answer.headers["x-request-id"] == "mine"
        assert _intents(server) == 0
        assert server.request("POST", INTENT, json_body=MONEY).status == 201


@pytest.mark.parametrize("status", [502, 504, 418, 599])
def test_a_status_that_is_not_the_servers_own_comes_as_from_a_gateway(status: int) -> None:
    with MockServer() as server:
        server.faults.add(status=status)
        answer = server.request("GET", "/api/v1/payments/history")
        assert (answer.status, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
        assert answer.body.startswith(str(status).encode())


def test_after_commit_the_work_is_done_whatever_is_answered() -> None:
    with MockServer() as server:
        server.faults.add("status_after_commit", status=504)
        assert server.request("POST", INTENT, json_body=MONEY).status == 504
        assert _intents(server) == 1


def test_a_dropped_connection_has_no_answer_and_only_after_the_commit_an_effect() -> None:
    with MockServer() as server:
        for effect, made in (("drop_before", 0), ("drop_after_commit", 1)):
            server.faults.add(effect)
            with pytest.raises(DroppedError, match="closed the connection without an answer"):
                server.request("POST", INTENT, json_body=MONEY)
            assert _intents(server) == made


def test_in_the_middle_of_the_body_the_work_is_done_and_the_answer_has_begun() -> None:
    with MockServer() as server:
        server.faults.add("drop_mid_body")
        with pytest.raises(DroppedError, match="closed the connection in the middle of its answer"):
            server.request("POST", INTENT, json_body=MONEY)
        assert _intents(server) == 1
        assert server.requests.last().status == 201


def test_an_answer_without_a_body_has_no_middle_and_arrives() -> None:
    """A deletion's 204 is complete with its head."""
    with MockServer() as server:
        isa = server.client(SyncIsaUser)
        made = isa.billing.create_invoice(
            customer_id="user_1",
            items=[{"description": "Work", "quantity": 1, "unit_price": 100}],
            auto_finalize=False,
        )
        server.faults.add("drop_mid_body", operation="delete_invoice")
        path = f"/api/v1/billing/invoices/{made.invoice_id}"
        assert server.request("DELETE", path).status == 204


def test_httpx_under_intercept_meets_the_cut_as_over_a_socket() -> None:
    with MockServer() as server, server.intercept():
        server.faults.add("drop_mid_body")
        with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
            httpx.get("http://localhost:8208/api/v1/wallets/me", headers={"Authorization": "Bearer user_1"})


def test_half_of_the_json_is_answered() -> None:
    with MockServer() as server:
        server.faults.add("malformed")
        answer = server.request("POST", INTENT, json_body=MONEY)
        assert answer.status == 201
        assert int(answer.headers["content-length"]) == len(answer.body)
        with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
            answer.json()
        assert _intents(server) == 1


def test_latency_is_virtual_below_the_timeout_nothing_sleeps_above_it_the_client_gives_up() -> None:
    with MockServer() as server:
        client = server.client(SyncPaymentClient, timeout=5.0, max_retries=0)
        server.faults.add(latency_s=4.9)
        made = client.create_intent(amount=2999, currency="usd")
        assert 4.9 <= made.response.elapsed < 6
        server.faults.add(latency_s=5.1)
        with pytest.raises(OutcomeUnknownError) as caught:
            client.create_intent(amount=2999, currency="usd")
        assert isinstance(caught.value.__cause__, APITimeoutError)
        assert _intents(server) == 2


def test_latency_and_the_waits_between_retries_count_against_a_deadline() -> None:
    with MockServer() as server:
        client = server.client(SyncPaymentClient, timeout=5.0, deadline=8.0, max_retries=9)
        server.faults.add(latency_s=5.1, times=None)
        with pytest.raises(APITimeoutError) as caught:
            client.get_history()
        assert caught.value.attempts in (1, 2)


@pytest.mark.asyncio
async def test_async_clients_meet_the_same_faults() -> None:
    with MockServer() as server:
        client = server.client(PaymentClient)
        server.faults.add("drop_after_commit", operation="create_intent")
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.create_intent(amount=2999, currency="usd")
        await client.create_intent(amount=2999, currency="usd", idempotency_key=caught.value.idempotency_key)
        server.faults.add("drop_before", operation="get_history")
        assert len((await client.get_history()).data) == 1
        assert _intents(server) == 1


def test_in_progress_strikes_only_requests_with_a_key() -> None:
    """ID-3: 409 with Retry-After 1."""
    with MockServer() as server:
        fault = server.faults.add("idempotency_in_progress")
        assert server.request("POST", INTENT, json_body=MONEY).status == 201
        answer = server.request("POST", INTENT, json_body=MONEY, headers={"Idempotency-Key": "k"})
        assert (answer.status, answer.json()["code"]) == (409, "idempotency_in_progress")
        assert (answer.headers["retry-after"], fault.matched, fault.struck) == ("1", 1, 1)


def test_a_struck_request_is_not_stored_for_idempotency() -> None:
    """ID-4."""
    with MockServer() as server:
        server.faults.add(code="payment_intent_not_found")
        key = {"Idempotency-Key": "k"}
        assert server.request("POST", INTENT, json_body=MONEY, headers=key).status == 404
        assert server.request("POST", INTENT, json_body=MONEY, headers=key).status == 201


def test_faults_come_after_authentication() -> None:
    """AU-5."""
    with MockServer() as server:
        fault = server.faults.add(status=500)
        assert server.request("GET", "/api/v1/payments/history", user=None).status == 401
        assert fault.matched == 0


def test_service_operation_user_and_nth_say_which_requests() -> None:
    with MockServer() as server:
        isa = server.client(SyncIsaUser, user="alice", max_retries=0)
        server.faults.add(status=500, service="credits", operation="get_balance", user="alice", nth=2)
        isa.wallets.get_balance()
        server.client(SyncIsaUser, user="bob").credits.get_balance()
        isa.credits.get_balance()
        with pytest.raises(ServerError):
            isa.credits.get_balance()
        isa.credits.get_balance()


def test_times_none_strikes_until_it_is_cleared() -> None:
    with MockServer() as server:
        server.faults.add(status=500, times=None)
        statuses = [server.request("GET", "/api/v1/payments/history").status for _ in range(20)]
        server.faults.clear()
        assert statuses == [500] * 20
        assert server.request("GET", "/api/v1/payments/history").status == 200


def _struck(fault: Fault, requests: int) -> list[int]:
    book = FaultBook([fault])
    asked = Asked("payments", "create_intent", "alice", has_key=True)
    return [number for number in range(1, requests + 1) if book.strike(asked)]


def test_nth_and_times_together_strike_a_run_of_requests() -> None:
    assert _struck(Fault("status", Match(nth=3), times=2), 10) == [3, 4]


def test_probability_repeats_with_its_seed() -> None:
    def draws(seed: int) -> list[int]:
        return _struck(Fault("status", times=None, probability=0.3, seed=seed), 1000)

    assert draws(7) == draws(7)
    assert draws(7) != draws(8)
    assert 250 <= len(draws(7)) <= 350


def test_the_first_fault_that_wants_a_request_gets_it() -> None:
    with MockServer() as server:
        server.faults.add(status=500, nth=2)
        server.faults.add(status=503, times=None)
        statuses = [server.request("GET", "/api/v1/payments/history").status for _ in range(3)]
        assert statuses == [503, 500, 503]


class _Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_rate_limit_is_a_bucket_of_100_that_fills_by_25_a_second_for_each_user_and_service() -> None:
    """8.6: burst 100, refill 25/s, RateLimit headers, integer Retry-After >= 1."""
    clock = _Clock()
    book = FaultBook([Fault("rate_limit", times=None)], clock=clock)

    def ask(user: str = "alice", service: str = "payments") -> tuple[bool, dict[str, str]]:
        strike = book.strike(Asked(service, "get_history", user, has_key=False))
        assert strike is not None
        return strike.fault is None, dict(strike.headers)

    answers = [ask() for _ in range(101)]
    assert [allowed for allowed, _ in answers] == [True] * 100 + [False]
    limit = {"RateLimit-Limit": "100", "RateLimit-Remaining": "99", "RateLimit-Reset": "1"}
    assert answers[0][1] == limit
    empty = {"RateLimit-Limit": "100", "RateLimit-Remaining": "0", "RateLimit-Reset": "4", "Retry-After": "1"}
    assert answers[100][1] == empty
    assert ask(user="bob")[0]
    assert ask(service="wallets")[0]
    clock.now_s += 0.05
    assert [ask()[0], ask()[0]] == [True, False]
    clock.now_s += 3600
    assert [ask()[0] for _ in range(101)] == [True] * 100 + [False]


def test_a_refused_request_has_no_effect_and_answers_429_with_the_headers() -> None:
    """8.6."""
    with MockServer() as server:
        server.faults.add("rate_limit", burst=2, per_s=0.5)
        answers = [server.request("POST", INTENT, json_body=MONEY) for _ in range(3)]
        assert [answer.status for answer in answers] == [201, 201, 429]
        assert answers[0].headers["ratelimit-remaining"] == "1"
        assert answers[2].json()["code"] == "rate_limited"
        assert answers[2].headers["retry-after"] == "2"
        assert _intents(server) == 2
        with pytest.raises(RateLimitError):
            server.client(SyncPaymentClient).get_history()


def test_one_request_asks_for_its_own_fault_by_header() -> None:
    with MockServer() as server:
        client = server.client(SyncWalletClient, idempotent_server=True, max_retries=0)
        headers = {"Isa-Mock-Fault": "status=503; retry_after_s=9; latency_s=1.5"}
        with pytest.raises(ServerError) as caught:
            client.get_balance(extra_headers=headers)
        assert (caught.value.status_code, caught.value.retry_after) == (503, 9)
        client.get_balance()
        for effect in ("drop_before", "drop_after_commit", "drop_mid_body"):
            with pytest.raises(DroppedError):
                server.request("POST", INTENT, json_body=MONEY, headers={"Isa-Mock-Fault": effect})
        for effect, status in (("rate_limit", 429), ("idempotency_in_progress", 409)):
            answer = server.request("POST", INTENT, json_body=MONEY, headers={"Isa-Mock-Fault": effect})
            assert (answer.status, answer.headers["retry-after"]) == (status, "1")


@pytest.mark.parametrize(
    "header",
    ["", "nonsense", "status=200", "drop_before=1", "status=503;status=500", "latency_s=999999", ";"],
)
def test_a_header_that_names_no_fault_is_422_and_nothing_is_done(header: str) -> None:
    with MockServer() as server:
        answer = server.request("POST", INTENT, json_body=MONEY, headers={"Isa-Mock-Fault": header})
        assert (answer.status, answer.json()["code"]) == (422, "invalid_value")
        assert answer.json()["param"] == "Isa-Mock-Fault"
        assert _intents(server) == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"effect": "explode"}, "effect"),
        ({}, "Give an effect"),
        ({"operation": "depositt", "status": 500}, "did you mean 'deposit'"),
        ({"service": "banks", "status": 500}, "services are"),
        ({"service": "wallets", "operation": "refund", "status": 500}, "no operation 'refund'"),
        ({"effect": "drop_before", "status": 500}, "no meaning"),
        ({"effect": "latency"}, "Give an effect"),
        ({"status": 402, "code": "internal_error"}, "another status"),
        ({"code": "no_such_code"}, "stable code"),
        ({"status": 200}, "status"),
        ({"status": 500, "probability": 0}, "probability"),
        ({"status": 500, "times": 0}, "times"),
        ({"status": 500, "nth": 0}, "nth"),
        ({"status": 500, "loudly": True}, "loudly"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(options: dict[str, Any], words: str) -> None:
    with MockServer() as server:
        with pytest.raises(ValueError, match=words):
            server.faults.add(**options)
        assert server.faults.all() == []


def test_the_control_api_arms_lists_and_disarms() -> None:
    with MockServer() as server:
        body = {"match": {"operation": "deposit"}, "effect": "drop_after_commit"}
        made = server.request("POST", "/_mock/faults", json_body=body)
        assert made.status == 201
        fault_id = made.json()["fault_id"]
        listed = server.request("GET", "/_mock/faults").json()["data"]
        assert [(fault["fault_id"], fault["times"], fault["struck"]) for fault in listed] == [
            (fault_id, 1, 0)
        ]
        assert server.request("DELETE", f"/_mock/faults/{fault_id}").status == 204
        assert server.request("DELETE", f"/_mock/faults/{fault_id}").status == 404
        server.request("POST", "/_mock/faults", json_body={"latency_s": 1})
        assert server.request("DELETE", "/_mock/faults").json() == {"cleared": 1}
        assert server.request("POST", "/_mock/faults", json_body={"effect": "explode"}).status == 422


def test_faults_belong_to_a_sandbox_and_go_with_a_reset() -> None:
    with MockServer() as server:
        red = server.sandbox("red")
        red.faults.add(status=500, times=None)
        assert server.request("GET", "/api/v1/payments/history").status == 200
        assert red.request("GET", "/api/v1/payments/history").status == 500
        red.reset()
        assert red.request("GET", "/api/v1/payments/history").status == 200


@pytest.mark.asyncio
async def test_the_facade_meets_them_too() -> None:
    with MockServer() as server:
        fault = server.faults.add("drop_before", operation="get_balance", service="wallets")
        wallet = await server.client(IsaUser).wallets.get_balance()
        assert (fault.struck, wallet.response.attempts) == (1, 2)


def test_a_rate_limit_can_be_on_from_the_start_and_survives_a_reset() -> None:
    """8.6: switched on by configuration."""
    settings = settings_of(ServeOptions(rate_limit=True, seed="none", id_seed=0))
    runtime = build(settings).runtime
    for _ in range(2):
        asked = Asked("payments", "get_history", "alice", has_key=False)
        strikes = [runtime.faults.strike(asked) for _ in range(110)]
        refused = [strike for strike in strikes if strike and strike.fault]
        assert 1 <= len(refused) <= 10
        runtime.reset()
    assert build(settings_of(ServeOptions(seed="none"))).runtime.faults.all() == []
