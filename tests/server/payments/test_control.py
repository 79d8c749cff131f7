"""Playing the issuer and the chains over the control API (rules 2.3, 2.6, CY-7)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.testing import MockServer

PAYER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.fixture
def server() -> MockServer:
    """A fresh server."""
    return MockServer(check_responses=True, clock="2024-01-28T10:00:00Z")


def challenged(server: MockServer, method: str = "pm_card_authenticationRequired") -> dict[str, Any]:
    body = {"amount": 2999, "currency": "usd", "payment_method_id": method, "confirm": True}
    intent: dict[str, Any] = server.request("POST", "/api/v1/payments/intent", json_body=body).json()
    return intent


def crypto_payment(server: MockServer) -> str:
    body = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": PAYER}
    answer = server.request("POST", "/api/v1/payments/crypto", json_body=body)
    return f"/_mock/crypto/{answer.json()['crypto_payment_id']}"


def play(server: MockServer, method: str, path: str, body: Any = None) -> dict[str, Any]:
    answer = server.request(method, path, user=None, json_body=body)
    assert answer.status == 200, answer.body
    shown: dict[str, Any] = answer.json()
    return shown


def ending(intent: dict[str, Any]) -> str:
    """The call by which the customer answers."""
    return f"/_mock/intents/{intent['payment_intent_id']}/authenticate"


def test_2_3_the_customer_s_answer_ends_it(server: MockServer) -> None:
    intent = challenged(server)
    assert intent["status"] == "requires_action"
    done = play(server, "POST", ending(intent), {"outcome": "success"})
    assert (done["status"], done["next_action"], done["client_secret"]) == ("succeeded", None, None)


def test_2_3_a_failed_authentication_is_a_successful_call(server: MockServer) -> None:
    done = play(server, "POST", ending(challenged(server)), {"outcome": "failure"})
    assert done["status"] == "requires_payment_method"
    assert done["last_payment_error"]["code"] == "authentication_failed"
    assert server.events.types()[-1] == "payment.failed"


def test_2_3_a_decline_after_authentication_is_a_successful_call(server: MockServer) -> None:
    method = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    done = play(server, "POST", ending(challenged(server, method)))
    assert done["last_payment_error"]["decline_code"] == "insufficient_funds"


def test_2_3_authentication_ends_once(server: MockServer) -> None:
    url = ending(challenged(server))
    play(server, "POST", url)
    again = server.request("POST", url, user=None, json_body={"outcome": "success"})
    assert (again.status, again.json()["code"]) == (409, "payment_intent_unexpected_state")
    assert server.ledger.balance("platform:revenue:payments", "usd") == 2999


def test_w_4_a_deposit_by_3ds_reaches_the_wallet_after_authentication(server: MockServer) -> None:
    body = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_authenticationRequired"}
    waiting = server.request("POST", "/api/v1/wallets/me/deposit", json_body=body).json()
    play(server, "POST", f"/_mock/intents/{waiting['payment_intent_id']}/authenticate")
    wallet = server.request("GET", "/api/v1/wallets/me").json()
    assert wallet["balances"]["usd"] == 5000


def test_cy_7_a_chain_is_played_from_the_transfer_to_the_confirmation(server: MockServer) -> None:
    chain = crypto_payment(server)
    seen = play(server, "POST", f"{chain}/transactions", {"tx_hash": "0xaa", "amount": 120})
    assert (seen["status"], seen["amount_received"], seen["tx_hash"]) == ("confirming", 120, "0xaa")
    assert play(server, "POST", f"{chain}/confirmations", {"confirmations": 11})["status"] == "confirming"
    done = play(server, "POST", f"{chain}/confirmations", {"confirmations": 1})
    assert (done["status"], done["confirmations"], done["overpaid_amount"]) == ("confirmed", 12, 20)


def test_2_6_a_reorganisation_takes_the_transfer_away(server: MockServer) -> None:
    chain = crypto_payment(server)
    play(server, "POST", f"{chain}/transactions", {"tx_hash": "0xaa", "amount": 100})
    dropped = play(server, "DELETE", f"{chain}/transactions/0xaa")
    assert (dropped["status"], dropped["amount_received"], dropped["tx_hash"]) == ("pending", 0, None)


@pytest.mark.parametrize(("resolution", "status"), [("accept", "confirmed"), ("refund", "refunded")])
def test_2_6_a_late_payment_is_resolved(server: MockServer, resolution: str, status: str) -> None:
    chain = crypto_payment(server)
    server.clock.advance(hours=1)
    play(server, "POST", f"{chain}/transactions", {"tx_hash": "0xaa", "amount": 100})
    assert server.events.types()[-1] == "crypto_payment.late"
    assert play(server, "POST", f"{chain}/resolve", {"resolution": resolution})["status"] == status


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("transactions", {"tx_hash": "0xaa", "amount": 0}, "invalid_amount"),
        ("transactions", {"tx_hash": "0xaa", "amount": 1.5}, "invalid_amount"),
        ("confirmations", {"confirmations": 0}, "invalid_value"),
        ("resolve", {"resolution": "keep"}, "invalid_value"),
    ],
)
def test_control_calls_refuse_what_means_nothing(
    server: MockServer, path: str, body: dict[str, Any], code: str
) -> None:
    answer = server.request("POST", f"{crypto_payment(server)}/{path}", user=None, json_body=body)
    assert (answer.status, answer.json()["code"]) == (422, code)
