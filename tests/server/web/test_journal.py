"""The request journal (rules AD-1): what was asked and answered, bounded, redacted, for assertions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.testing import MockServer
from isa_mockserver.testing.carrier import DroppedError
from isa_mockserver.testing.requests import EvidenceLostError
from isa_mockserver.web.journal import CAPACITY, MAX_KEPT_BODY_BYTES, Entry, Journal
from isa_mockserver.web.redaction import HIDDEN, redacted
from isa_user import SyncPaymentClient, SyncWalletClient
from isa_user.errors import CardDeclinedError

INTENT = "/api/v1/payments/intent"
HISTORY = "/api/v1/payments/history"
START = datetime(2024, 1, 28, tzinfo=UTC)
MONEY = {"amount": 2999, "currency": "usd"}


def _listed(server: MockServer, query: str = "") -> Any:
    return server.request("GET", f"/_mock/requests{query}").json()


def test_each_request_is_noted_with_what_it_was_answered() -> None:
    with MockServer(clock="2024-01-28T10:00:00Z") as server:
        answer = server.request("POST", INTENT, json_body={**MONEY, "ammount": 1}, user="user_456")
        entry = _listed(server)["data"][0]
        assert entry.pop("latency_ms") >= 0
        assert entry == {
            "sequence": 1,
            "at": "2024-01-28T10:00:00Z",
            "method": "POST",
            "path": INTENT,
            "query": {},
            "service": "payments",
            "operation": "create_intent",
            "user": "user_456",
            "status": 201,
            "code": None,
            "request_id": answer.headers["x-request-id"],
            "replayed": False,
            "warning": answer.headers["isa-mock-warning"],
            "fault": None,
            "body": {"amount": 2999, "currency": "usd", "ammount": 1},
        }


def test_refusals_are_noted_with_their_code_also_without_a_caller_or_an_operation() -> None:
    with MockServer() as server:
        server.request("GET", HISTORY, user=None)
        server.request("POST", INTENT, body=b"{")
        server.request("GET", "/api/v1/nothing")
        server.request("PUT", INTENT)
        server.request("POST", INTENT, json_body={"amount": 1, "currency": "usd"})
        seen = [(e["operation"], e["user"], e["status"], e["code"]) for e in _listed(server)["data"]]
        assert seen == [
            ("get_history", None, 401, "authentication_required"),
            ("create_intent", "user_1", 400, "malformed_json"),
            (None, "user_1", 404, "route_not_found"),
            (None, "user_1", 405, "method_not_allowed"),
            ("create_intent", "user_1", 422, "amount_too_small"),
        ]


def test_control_calls_and_health_are_not_noted() -> None:
    with MockServer() as server:
        for path in ("/_mock/clock", "/_mock/requests", "/_mock/nothing", "/health"):
            server.request("GET", path)
        assert _listed(server)["data"] == []


def test_replays_carry_their_mark_and_the_stored_code() -> None:
    with MockServer() as server:
        client = server.client(SyncWalletClient)
        for _ in range(2):
            with pytest.raises(CardDeclinedError):
                client.deposit(
                    **MONEY,  # type: ignore[arg-type]
                    payment_method_id="pm_card_chargeDeclined",
                    idempotency_key="k",
                )
        first, second = server.requests.all()
        assert [first.replayed, second.replayed] == [False, True]
        assert first.code == second.code == "card_declined"


def test_faults_leave_their_name_and_only_what_was_done_has_a_status() -> None:
    with MockServer() as server:
        for effect in ("drop_before", "drop_after_commit"):
            server.faults.add(effect)
            with pytest.raises(DroppedError):
                server.request("POST", INTENT, json_body=MONEY)
        server.faults.add(latency_s=2.5)
        server.request("POST", INTENT, json_body=MONEY)
        seen = [(entry.fault, entry.status) for entry in server.requests.all()]
        assert seen == [("drop_before", None), ("drop_after_commit", 201), ("latency", 201)]
        assert server.requests.last().latency_ms >= 2500


def test_filters_and_counts() -> None:
    with MockServer() as server:
        for user in ("alice", "bob"):
            server.request("GET", HISTORY, user=user)
            server.request("POST", INTENT, json_body=MONEY, user=user)
        server.request("POST", INTENT, json_body={}, user="bob")
        listed = _listed(server, "?limit=2")
        assert listed["counts"] == {
            "total": 5,
            "by_operation": {"create_intent": 3, "get_history": 2},
            "by_status": {"200": 2, "201": 2, "422": 1},
        }
        assert (len(listed["data"]), listed["has_more"], listed["next_since"]) == (2, True, 2)
        rest = _listed(server, "?since=2")
        assert [entry["sequence"] for entry in rest["data"]] == [3, 4, 5]
        for query, count in (
            ("?operation=create_intent&user=bob", 2),
            ("?status=4xx", 1),
            ("?status=422&code=invalid_amount", 1),
            ("?method=GET&path=/api/v1/payments/history", 2),
            ("?service=wallets", 0),
        ):
            assert _listed(server, query)["counts"]["total"] == count
        assert server.request("GET", "/_mock/requests?status=6xx").status == 422
        assert server.request("DELETE", "/_mock/requests").json() == {"cleared": 5}
        assert _listed(server)["data"] == []


def test_it_is_a_ring_of_10000_that_counts_what_it_dropped() -> None:
    journal = Journal()
    entry = Entry(START, "GET", "/", None, None, None, 200, None, "", 0.0, False, None, None, "", None)
    for _ in range(CAPACITY + 3):
        journal.add(entry)
    kept = journal.all()
    assert (len(kept), journal.dropped) == (10_000, 3)
    assert [kept[0].sequence, kept[-1].sequence] == [4, 10_003]
    journal.clear()
    assert (journal.dropped, journal.last) == (0, 10_003)


def test_a_long_body_is_not_kept() -> None:
    with MockServer() as server:
        metadata = {f"k{number}": "x" * 400 for number in range(30)}
        server.request("POST", INTENT, json_body={**MONEY, "metadata": metadata})
        assert len(json.dumps(metadata)) > MAX_KEPT_BODY_BYTES
        assert server.requests.last().body is None


SECRETS = (
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl",
    "pi_3Mabc_secret_XyZ123",
    "sk_live_51Habcdef",
    "Bearer user_456_token",
    "4242424242424242",
    "4242 4242 4242 4242",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_hidden_wherever_it_stands(secret: str) -> None:
    """Quality page, Security: secrets never in the journal."""
    with MockServer() as server:
        body = {**MONEY, "description": f"see {secret} there", "metadata": {"note": secret, secret[:38]: "x"}}
        server.request("POST", f"{INTENT}?q={secret.replace(' ', '%20')}", json_body=body)
        shown = json.dumps(_listed(server)) + repr(server.requests.all())
        assert secret not in shown
        assert HIDDEN in shown


@pytest.mark.parametrize(
    "name",
    ["client_secret", "token", "accessToken", "password", "Authorization", "cvc", "api_key", "card_number"],
)
def test_what_is_named_like_a_secret_is_hidden(name: str) -> None:
    assert redacted({"outer": [{name: "CANARY", "kept": 1}]}) == {"outer": [{name: HIDDEN, "kept": 1}]}
    assert redacted({name: None}) == {name: None}


def test_tokens_and_idempotency_keys_are_nowhere_in_it() -> None:
    with MockServer() as server:
        token = server.token("user_1")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "CANARY-KEY"}
        server.request("POST", INTENT, json_body=MONEY, headers=headers)
        shown = json.dumps(_listed(server)) + repr(server._runtime.journal.all())
        assert token not in shown
        assert "CANARY-KEY" not in shown


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-99, 99) | st.text("abc _", max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner),
        max_leaves=10,
    )
)
def test_what_holds_no_secret_is_shown_as_it_is(value: object) -> None:
    assert redacted(value) == value


def test_an_assertion_that_fails_shows_what_there_was() -> None:
    with MockServer() as server:
        server.client(SyncPaymentClient, user="alice").create_intent(amount=2999, currency="usd")
        server.requests.assert_called("create_intent", times=1, user="alice", status=201)
        server.requests.assert_not_called("refund")
        with pytest.raises(AssertionError) as caught:
            server.requests.assert_called("refund", user="alice")
        text = str(caught.value)
        assert "expected at least one request with operation=refund user=alice, saw 0" in text
        assert f"POST {INTENT} (create_intent) alice -> 201" in text
        with pytest.raises(
            AssertionError, match=r"expected 2 request\(s\) with operation=create_intent, saw 1"
        ):
            server.requests.assert_called("create_intent", times=2)
        with pytest.raises(AssertionError, match=r"expected 0 request\(s\)"):
            server.requests.assert_not_called("create_intent")
        with pytest.raises(AssertionError, match="saw 0"):
            server.requests.last(operation="refund")
        with pytest.raises(TypeError, match="no such filter: who"):
            server.requests.all(who="alice")


def test_an_empty_journal_says_so() -> None:
    with MockServer() as server, pytest.raises(AssertionError, match="Nothing was asked"):
        server.requests.assert_called("refund")


def test_a_claim_whose_evidence_was_dropped_fails_and_says_so() -> None:
    with MockServer() as server:
        server._runtime.journal = Journal(capacity=2)
        for _ in range(3):
            server.request("GET", HISTORY)
        server.requests.assert_called("get_history")
        with pytest.raises(AssertionError, match="saw 2"):
            server.requests.assert_called("get_history", times=1)
        for claim in (
            lambda: server.requests.assert_called("get_history", times=2),
            lambda: server.requests.assert_called("get_history", times=3),
            lambda: server.requests.assert_called("refund"),
            lambda: server.requests.assert_not_called("refund"),
            lambda: server.requests.count(operation="get_history"),
        ):
            with pytest.raises(EvidenceLostError, match="keeps 2 requests and has dropped the 1 before"):
                claim()
        server.requests.clear()
        server.requests.assert_not_called("refund")
