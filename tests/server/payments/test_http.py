"""The payment endpoints over HTTP: statuses, bodies, secrets, replays (rules 8.2, 8.3, PI-3)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.services.payments.routes import ROUTES
from isa_mockserver.testing import MockServer, RawAnswer

API = "/api/v1/payments"
PAYER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
CRYPTO = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": PAYER}


@pytest.fixture
def server() -> MockServer:
    """A fresh server that holds every answer against its schema."""
    return MockServer(check_responses=True, clock="2024-01-28T10:00:00Z")


def post(server: MockServer, path: str, body: Any = None, **more: Any) -> RawAnswer:
    return server.request("POST", API + path, json_body=body, **more)


def get(server: MockServer, path: str, **more: Any) -> RawAnswer:
    return server.request("GET", API + path, **more)


def create(server: MockServer, **more: Any) -> dict[str, Any]:
    answer = post(server, "/intent", {"amount": 2999, "currency": "usd", **more})
    assert answer.status == 201
    intent: dict[str, Any] = answer.json()
    return intent


def pay(server: MockServer, method: str = "pm_card_visa") -> str:
    intent_id: str = create(server)["payment_intent_id"]
    post(server, f"/intent/{intent_id}/confirm", {"payment_method_id": method})
    return intent_id


def test_create_payment_intent_as_the_page_shows_it(server: MockServer) -> None:
    body = {
        "amount": 2999,
        "currency": "usd",
        "description": "Pro Plan - Monthly",
        "metadata": {"product_id": "prod_123", "user_id": "user_456"},
    }
    answer = post(server, "/intent", body)
    assert answer.status == 201
    shown = answer.json()
    assert shown["client_secret"].startswith(shown["payment_intent_id"] + "_secret_")
    assert (shown["amount"], shown["currency"], shown["status"]) == (2999, "usd", "requires_payment_method")
    assert shown["metadata"] == body["metadata"]


def test_a_declined_confirmation_is_a_problem_document_and_stays(server: MockServer) -> None:
    intent_id = create(server)["payment_intent_id"]
    answer = post(server, f"/intent/{intent_id}/confirm", {"payment_method_id": "pm_card_chargeDeclined"})
    assert answer.status == 402
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:isa:problem:card_error"
    assert (problem["code"], problem["decline_code"]) == ("card_declined", "generic_decline")
    assert problem["context"] == {"payment_intent_id": intent_id}
    stored = get(server, f"/intent/{intent_id}").json()
    assert stored["status"] == "requires_payment_method"
    assert stored["last_payment_error"]["code"] == "card_declined"


def test_confirm_takes_an_empty_body(server: MockServer) -> None:
    intent_id = create(server, payment_method_id="pm_card_visa")["payment_intent_id"]
    answer = post(server, f"/intent/{intent_id}/confirm")
    assert (answer.status, answer.json()["status"]) == (200, "succeeded")


def test_refund_takes_an_empty_body(server: MockServer) -> None:
    answer = post(server, f"/{pay(server)}/refund")
    assert (answer.status, answer.json()["amount"]) == (201, 2999)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (None, "invalid_amount"),
        (29.0, "invalid_amount"),
        ("2999", "invalid_amount"),
        (True, "invalid_amount"),
    ],
)
def test_m_1_amounts_are_integers(server: MockServer, amount: Any, code: str) -> None:
    intent_id = pay(server)
    for path, body in (
        ("/intent", {"amount": amount, "currency": "usd"}),
        (f"/{intent_id}/refund", {"amount": amount}),
        ("/crypto", {**CRYPTO, "amount": amount}),
    ):
        answer = post(server, path, body)
        assert (answer.status, answer.json()["code"]) == (422, code)
    assert get(server, f"/intent/{intent_id}").json()["amount_refunded"] == 0


def test_m_1_a_missing_amount_is_an_invalid_one(server: MockServer) -> None:
    answer = post(server, "/intent", {"currency": "usd"})
    assert (answer.status, answer.json()["code"], answer.json()["param"]) == (422, "invalid_amount", "amount")


def test_pi_3_the_secret_is_in_create_get_and_confirm_only(server: MockServer) -> None:
    intent = create(server, payment_method_id="pm_card_visa", capture_method="manual")
    path, secret = f"/intent/{intent['payment_intent_id']}", intent["client_secret"]
    assert get(server, path).json()["client_secret"] == secret
    assert post(server, f"{path}/confirm").json()["client_secret"] == secret
    updated = server.request("PATCH", API + path, json_body={"description": "x"})
    captured = post(server, f"{path}/capture", {"amount": 1000})
    canceled = post(server, f"/intent/{create(server)['payment_intent_id']}/cancel")
    for answer in (updated, captured, canceled):
        assert (answer.status, answer.json()["client_secret"]) == (200, None)
    assert secret.encode() not in get(server, "/history").body


def test_pi_7_the_reasons_to_cancel(server: MockServer) -> None:
    for reason in ("duplicate", "fraudulent", "requested_by_customer", "abandoned"):
        path = f"/intent/{create(server)['payment_intent_id']}/cancel"
        answer = post(server, path, {"cancellation_reason": reason})
        assert (answer.status, answer.json()["cancellation_reason"]) == (200, reason)
    path = f"/intent/{create(server)['payment_intent_id']}/cancel"
    refused = post(server, path, {"cancellation_reason": "because"})
    assert (refused.status, refused.json()["code"]) == (422, "invalid_value")


def test_pi_9_a_foreign_intent_answers_exactly_as_an_unknown_one(server: MockServer) -> None:
    intent_id = create(server)["payment_intent_id"]
    foreign, unknown = get(server, f"/intent/{intent_id}", user="user_2"), get(server, "/intent/pi_unknown")
    assert foreign.status == unknown.status == 404
    assert {**foreign.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}


def test_id_2_a_repeated_payment_with_its_key_is_made_once(server: MockServer) -> None:
    body = {"amount": 2999, "currency": "usd", "payment_method_id": "pm_card_visa", "confirm": True}
    key = {"Idempotency-Key": "order-1"}
    first, second = post(server, "/intent", body, headers=key), post(server, "/intent", body, headers=key)
    assert first.body == second.body
    assert second.headers["idempotent-replayed"] == "true"
    assert server.events.types() == ["payment.created", "payment.succeeded"]
    assert server.ledger.balance("platform:revenue:payments", "usd") == 2999


def test_id_4_a_decline_replays_as_a_decline(server: MockServer) -> None:
    path = f"/intent/{create(server)['payment_intent_id']}/confirm"
    key = {"Idempotency-Key": "try-1"}
    for _ in range(2):
        answer = post(server, path, {"payment_method_id": "pm_card_chargeDeclined"}, headers=key)
        assert answer.status == 402
    assert server.events.types().count("payment.failed") == 1


def test_rf_8_refunds_of_one_payment_never_pass_what_was_received(server: MockServer) -> None:
    intent_id = pay(server)
    statuses = [post(server, f"/{intent_id}/refund", {"amount": 1000}).status for _ in range(4)]
    assert statuses == [201, 201, 422, 422]
    assert post(server, f"/{intent_id}/refund", {"amount": 999}).status == 201
    assert post(server, f"/{intent_id}/refund", {"amount": 1}).status == 409


def test_refunds_are_listed_newest_first_and_read_one_by_one(server: MockServer) -> None:
    intent_id = pay(server)
    made = [post(server, f"/{intent_id}/refund", {"amount": 1}).json() for _ in range(3)]
    first = get(server, f"/{intent_id}/refunds?limit=2").json()
    rest = get(server, f"/{intent_id}/refunds?limit=2&cursor={first['next_cursor']}").json()
    assert first["data"] + rest["data"] == made[::-1]
    assert (first["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)
    assert get(server, f"/refunds/{made[0]['refund_id']}").json() == made[0]
    assert get(server, f"/refunds/{made[0]['refund_id']}", user="user_2").status == 404
    assert get(server, f"/{intent_id}/refunds", user="user_2").status == 404


def test_rf_3_a_reason_of_255_characters_is_kept_and_one_more_refused(server: MockServer) -> None:
    intent_id = pay(server)
    kept = post(server, f"/{intent_id}/refund", {"amount": 1, "reason": "x" * 255})
    assert kept.json()["reason"] == "x" * 255
    refused = post(server, f"/{intent_id}/refund", {"amount": 1, "reason": "x" * 256})
    assert (refused.status, refused.json()["code"]) == (422, "too_long")


def test_cryptocurrency_support_with_a_real_address(server: MockServer) -> None:
    answer = post(server, "/crypto", CRYPTO)
    assert answer.status == 201
    path = f"/crypto/{answer.json()['crypto_payment_id']}"
    assert get(server, path).json() == answer.json()
    assert get(server, path, user="user_2").status == 404
    canceled = post(server, f"{path}/cancel")
    assert (canceled.status, canceled.json()["status"]) == (200, "canceled")
    assert post(server, f"{path}/cancel").json()["code"] == "crypto_payment_unexpected_state"


def test_cy_1_the_pages_placeholder_is_refused(server: MockServer) -> None:
    answer = post(server, "/crypto", {**CRYPTO, "wallet_address": "0x..."})
    assert (answer.status, answer.json()["code"]) == (422, "invalid_wallet_address")


def test_2_1_an_unknown_method_names_its_parameter(server: MockServer) -> None:
    path = f"/intent/{create(server)['payment_intent_id']}/confirm"
    answer = post(server, path, {"payment_method_id": "pm_unknown"})
    assert (answer.status, answer.json()["code"]) == (404, "payment_method_not_found")
    assert answer.json()["param"] == "payment_method_id"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
def test_au_1_every_endpoint_needs_a_token(server: MockServer, route: Any) -> None:
    path = route.path.replace("{", "").replace("}", "")
    assert server.request(route.method, path, user=None).status == 401


def test_the_first_five_endpoints_are_the_pages() -> None:
    assert [route.heading for route in ROUTES if not route.extension] == [
        "Create Payment Intent",
        "Confirm Payment",
        "Get Payment History",
        "Process Refund",
        "Cryptocurrency Support",
    ]


def test_m3_a_card_moves_three_decimal_money_in_steps_of_ten_both_ways(server: MockServer) -> None:
    """Charge, refund and capture; the wallet, which is no card, moves single units."""
    held = create(server, amount=5120, currency="kwd", payment_method_id="pm_card_visa", confirm=True)
    refused = post(server, f"/{held['payment_intent_id']}/refund", {"amount": 15})
    assert (refused.status, refused.json()["code"]) == (422, "invalid_amount")
    assert post(server, f"/{held['payment_intent_id']}/refund", {"amount": 20}).status == 201
    manual = {"payment_method_id": "pm_card_visa", "confirm": True, "capture_method": "manual"}
    capture = f"/intent/{create(server, amount=5120, currency='kwd', **manual)['payment_intent_id']}/capture"
    refused = post(server, capture, {"amount": 5115})
    assert (refused.status, refused.json()["code"]) == (422, "invalid_amount")
    assert post(server, capture, {"amount": 5110}).json()["amount_received"] == 5110
