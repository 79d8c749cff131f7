"""Control calls that play the issuer, the chain and the operator (rules 2.3, CY-7, CR-3, W-5)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.testing import MockServer

ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.fixture
def server() -> MockServer:
    return MockServer(clock="2024-01-28T00:00:00Z", check_responses=True)


def post(server: MockServer, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = server.request("POST", path, json_body=body)
    assert answer.status < 300, answer.body
    result: dict[str, Any] = answer.json()
    return result


def intent_in_3ds(server: MockServer) -> str:
    body = {
        "amount": 2999,
        "currency": "usd",
        "payment_method_id": "pm_card_authenticationRequired",
        "confirm": True,
    }
    made = post(server, "/api/v1/payments/intent", body)
    assert made["status"] == "requires_action"
    return str(made["payment_intent_id"])


@pytest.mark.parametrize(
    ("outcome", "status"), [("success", "succeeded"), ("failure", "requires_payment_method")]
)
def test_2_3_the_customer_passes_or_fails_authentication(
    server: MockServer, outcome: str, status: str
) -> None:
    intent_id = intent_in_3ds(server)
    ended = post(server, f"/_mock/intents/{intent_id}/authenticate", {"outcome": outcome})
    assert ended["status"] == status
    assert ended["client_secret"] is None
    again = server.request("POST", f"/_mock/intents/{intent_id}/authenticate")
    assert (again.status, again.json()["code"]) == (409, "payment_intent_unexpected_state")
    assert server.ledger.check().ok


def test_cy7_a_chain_shows_confirms_and_drops_transfers(server: MockServer) -> None:
    body = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": ADDRESS}
    payment_id = post(server, "/api/v1/payments/crypto", body)["crypto_payment_id"]
    base = f"/_mock/crypto/{payment_id}"
    seen = post(server, f"{base}/transactions", {"tx_hash": "0x1", "amount": 60})
    assert (seen["status"], seen["amount_received"]) == ("pending", 60)
    post(server, f"{base}/transactions", {"tx_hash": "0x1", "amount": 60})
    seen = post(server, f"{base}/transactions", {"tx_hash": "0x2", "amount": 50})
    assert (seen["status"], seen["amount_received"]) == ("confirming", 110)
    dropped = server.request("DELETE", f"{base}/transactions/0x2").json()
    assert (dropped["status"], dropped["amount_received"]) == ("pending", 60)
    post(server, f"{base}/transactions", {"tx_hash": "0x3", "amount": 50})
    assert post(server, f"{base}/confirmations", {"confirmations": 11})["status"] == "confirming"
    done = post(server, f"{base}/confirmations", {"confirmations": 1})
    assert (done["status"], done["overpaid_amount"]) == ("confirmed", 10)
    assert server.ledger.check().ok


def test_2_6_an_operator_accepts_or_returns_what_came_short(server: MockServer) -> None:
    for resolution, status in (("accept", "confirmed"), ("refund", "refunded")):
        body = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": ADDRESS}
        payment_id = post(server, "/api/v1/payments/crypto", body)["crypto_payment_id"]
        post(server, f"/_mock/crypto/{payment_id}/transactions", {"tx_hash": "0x1", "amount": 60})
        server.clock.advance(hours=1)
        resolved = post(server, f"/_mock/crypto/{payment_id}/resolve", {"resolution": resolution})
        assert resolved["status"] == status
    assert server.ledger.check().ok


def test_cr3_credits_are_given_with_any_expiry(server: MockServer) -> None:
    promo = post(server, "/_mock/grants", {"user": "user_9", "amount": 100})
    assert promo["expires_at"] == "2024-04-27T00:00:00Z"
    never = post(server, "/_mock/grants", {"user": "user_9", "amount": 50, "expires_at": None})
    assert never["expires_at"] is None
    dated = {"user": "user_9", "amount": 5, "expires_at": "2024-02-01T00:00:00Z"}
    assert post(server, "/_mock/grants", dated)["expires_at"] == "2024-02-01T00:00:00Z"
    adjusted = server.request(
        "POST", "/_mock/grants", json_body={"user": "user_10", "amount": 7, "source": "adjustment"}
    )
    assert (adjusted.status, adjusted.json()["source"], adjusted.json()["expires_at"]) == (
        201,
        "adjustment",
        None,
    )
    balance = server.request("GET", "/api/v1/credits/me", user="user_9").json()
    assert balance["total_credits"] == 155
    past = server.request("POST", "/_mock/grants", json_body={**dated, "expires_at": "2024-01-01T00:00:00Z"})
    assert (past.status, past.json()["code"]) == (422, "invalid_value")


def test_w5_a_frozen_wallet_takes_no_part_in_transfers_until_it_thaws(server: MockServer) -> None:
    post(
        server,
        "/api/v1/wallets/me/deposit",
        {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_visa"},
    )
    wallet = server.request("GET", "/api/v1/wallets/me", user="user_2").json()
    transfer = {"to_user_id": "user_2", "amount": 100, "currency": "usd"}
    frozen = server.request("POST", "/_mock/wallets/user_2/freeze")
    assert frozen.status == 200
    assert frozen.json() == {"wallet_id": wallet["wallet_id"], "user_id": "user_2", "frozen": True}
    refused = server.request("POST", "/api/v1/wallets/transfer", json_body=transfer)
    assert (refused.status, refused.json()["code"]) == (409, "wallet_frozen")
    assert post(server, "/_mock/wallets/user_2/freeze", {"frozen": False})["frozen"] is False
    assert post(server, "/api/v1/wallets/transfer", transfer)["balance"] == 4900
    nobody = server.request("POST", "/_mock/wallets/user_404/freeze")
    refusal = nobody.json()
    assert (nobody.status, refusal["code"], refusal["param"]) == (404, "user_not_found", "user_id")


@pytest.mark.parametrize(
    "path", ["/_mock/intents/pi_x/authenticate", "/_mock/wallets/user_2/freeze", "/_mock/grants"]
)
def test_the_guard_stands_before_these_calls_too(server: MockServer, path: str) -> None:
    answer = server.request("POST", path, json_body={}, headers={"origin": "https://evil.example"})
    assert (answer.status, answer.json()["code"]) == (403, "forbidden_host")
