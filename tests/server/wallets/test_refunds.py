"""What refunds and wallet payments leave in the wallet (rules RF-2, RF-5, 2.1)."""

from __future__ import annotations

from typing import Any

import pytest

from .bank import Bank


def _deposit(bank: Bank, method: str = "pm_card_visa", amount: int = 5000) -> str:
    body = {"amount": amount, "currency": "usd", "payment_method_id": method}
    return str(bank.post("/wallets/me/deposit", body).body["payment_intent_id"])


def _entries(bank: Bank) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bank.get("/wallets/me/transactions").body["data"]
    return found


def _usd(bank: Bank) -> int:
    return int(bank.get("/wallets/me").body["balances"]["usd"])


def test_rf5_the_refund_of_a_deposit_is_taken_out_of_the_wallet(bank: Bank) -> None:
    intent_id = _deposit(bank)
    got = bank.post(f"/payments/{intent_id}/refund", {"amount": 2000})
    assert got.status == 201
    refund, deposit = _entries(bank)
    assert (refund["type"], refund["amount"]) == ("refund", -2000)
    assert (refund["balance_before"], refund["balance_after"]) == (5000, 3000)
    assert refund["reference"] == {"type": "refund", "id": got.body["refund_id"]}
    assert deposit["type"] == "deposit"
    assert _usd(bank) == 3000
    assert bank.balance("external:card", "usd") == -3000


def test_rf5_a_deposit_that_was_spent_cannot_be_refunded(bank: Bank) -> None:
    intent_id = _deposit(bank)
    bank.post("/wallets/transfer", {"to_user_id": "bob", "amount": 4000, "currency": "usd"})
    got = bank.post(f"/payments/{intent_id}/refund", {"amount": 1001})
    assert (got.status, got.code) == (402, "insufficient_funds")
    assert got.body["context"] == {"available": 1000, "required": 1001, "shortfall": 1}
    assert bank.events("refund.created") == []
    assert _usd(bank) == 1000
    assert bank.post(f"/payments/{intent_id}/refund", {"amount": 1000}).status == 201


def test_rf2_a_refund_that_fails_brings_the_money_back_into_the_wallet(bank: Bank) -> None:
    intent_id = _deposit(bank, "pm_card_refundFail")
    refund_id = bank.post(f"/payments/{intent_id}/refund", {"amount": 2000}).body["refund_id"]
    bank.advance(days=1)
    assert _usd(bank) == 5000
    assert _entries(bank)[0]["reference"] == {"type": "refund", "id": refund_id}
    assert [(entry["type"], entry["amount"]) for entry in _entries(bank)] == [
        ("adjustment", 2000),
        ("refund", -2000),
        ("deposit", 5000),
    ]


@pytest.fixture
def paid(bank: Bank) -> tuple[Bank, str]:
    """Alice paid 2000 of her 5000 usd by `pm_wallet`."""
    _deposit(bank)
    intent = bank.post("/payments/intent", {"amount": 2000, "currency": "usd"}).body["payment_intent_id"]
    got = bank.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": "pm_wallet"})
    assert got.body["status"] == "succeeded"
    return bank, intent


def test_a_payment_by_wallet_is_listed(paid: tuple[Bank, str]) -> None:
    """Rules 2.1, `pm_wallet`."""
    bank, intent = paid
    payment = _entries(bank)[0]
    assert (payment["type"], payment["amount"], payment["balance_after"]) == ("payment", -2000, 3000)
    assert payment["reference"] == {"type": "payment_intent", "id": intent}
    assert _usd(bank) == 3000


def test_the_refund_of_a_payment_by_wallet_comes_back(paid: tuple[Bank, str]) -> None:
    """Rules 2.1, RF-4."""
    bank, intent = paid
    got = bank.post(f"/payments/{intent}/refund", {"amount": 500})
    refund = _entries(bank)[0]
    assert (refund["type"], refund["amount"], refund["balance_after"]) == ("refund", 500, 3500)
    assert refund["reference"] == {"type": "refund", "id": got.body["refund_id"]}


def test_the_refund_of_a_plain_card_payment_does_not_touch_the_wallet(bank: Bank) -> None:
    intent = bank.post("/payments/intent", {"amount": 2000, "currency": "usd"}).body["payment_intent_id"]
    bank.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": "pm_card_visa"})
    assert bank.post(f"/payments/{intent}/refund").status == 201
    assert (_usd(bank), _entries(bank)) == (0, [])
