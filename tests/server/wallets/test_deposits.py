"""Deposits: credited once, when the money is there (rules W-3, W-4, W-11)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .bank import Bank, Got


def _deposit(bank: Bank, amount: Any = 5000, currency: str = "usd", method: str = "pm_card_visa") -> Got:
    body = {"amount": amount, "currency": currency, "payment_method_id": method}
    return bank.post("/wallets/me/deposit", body)


def _wallet(bank: Bank, user: str = "alice") -> tuple[dict[str, int], dict[str, int]]:
    body = bank.get("/wallets/me", user=user).body
    return body["balances"], body["pending"]


def _entries(bank: Bank, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bank.get(f"/wallets/me/transactions{query}").body["data"]
    return found


def test_w4_a_card_deposit_is_there_at_once(bank: Bank) -> None:
    got = _deposit(bank)
    assert got.status == 201
    assert (got.body["status"], got.body["amount"], got.body["currency"]) == ("completed", 5000, "usd")
    assert (got.body["balance"], got.body["client_secret"]) == (5000, None)
    [entry] = _entries(bank)
    assert entry["transaction_id"] == got.body["transaction_id"]
    assert (entry["type"], entry["status"], entry["amount"]) == ("deposit", "completed", 5000)
    assert (entry["balance_before"], entry["balance_after"]) == (0, 5000)
    assert entry["reference"] == {"type": "payment_intent", "id": got.body["payment_intent_id"]}
    assert _wallet(bank) == ({"usd": 5000, "credits": 0}, {"usd": 0})


def test_w9_the_entry_of_a_card_deposit_is_completed_when_it_is_made(bank: Bank) -> None:
    _deposit(bank)
    [entry] = _entries(bank)
    assert entry["completed_at"] == entry["created_at"] == "2024-02-01T00:00:00Z"
    assert re.fullmatch(r"tx_[A-Za-z0-9]{14,}", entry["transaction_id"])


def test_w1_a_currency_is_listed_while_its_first_deposit_waits_for_the_customer(bank: Bank) -> None:
    assert _deposit(bank, currency="eur", method="pm_card_authenticationRequired").status == 202
    assert _wallet(bank) == ({"usd": 0, "eur": 0, "credits": 0}, {"usd": 0, "eur": 0})


def test_w9_only_a_deposit_that_goes_to_the_bank_is_announced(bank: Bank) -> None:
    """A payment by bank is no deposit; a deposit that waits for the customer again is not on its way."""
    plain = bank.post("/payments/intent", {"amount": 2999, "currency": "usd"}).body["payment_intent_id"]
    bank.post(f"/payments/intent/{plain}/confirm", {"payment_method_id": "pm_bank_success"})
    waiting = _deposit(bank, method="pm_card_authenticationRequired").body["payment_intent_id"]
    bank.authenticate(waiting, "failure")
    again = {"payment_method_id": "pm_card_authenticationRequired"}
    assert bank.post(f"/payments/intent/{waiting}/confirm", again).body["status"] == "requires_action"
    assert _entries(bank) == []


def test_w4_a_card_deposit_is_posted_from_the_card_to_the_wallet(bank: Bank) -> None:
    _deposit(bank)
    assert bank.balance("external:card", "usd") == -5000
    assert bank.balance("wallet:alice:available", "usd") == 5000


def test_w11_a_deposit_tells_of_its_payment_and_of_the_money(bank: Bank) -> None:
    got = _deposit(bank)
    assert bank.event_types() == ["payment.created", "payment.succeeded", "wallet.deposited"]
    [event] = bank.events("wallet.deposited")
    assert event.object == {key: value for key, value in got.body.items() if key != "client_secret"}
    assert event.owner == "alice"


def test_w4_a_declined_deposit_leaves_the_wallet_untouched(bank: Bank) -> None:
    got = _deposit(bank, method="pm_card_chargeDeclined")
    assert (got.status, got.code, got.body["decline_code"]) == (402, "card_declined", "generic_decline")
    assert got.body["context"]["payment_intent_id"].startswith("pi_")
    assert _wallet(bank) == ({"usd": 0, "credits": 0}, {"usd": 0})
    assert _entries(bank) == []
    assert bank.event_types() == ["payment.created", "payment.failed"]


def test_w4_a_3ds_deposit_waits_for_the_customer_and_is_credited_then(bank: Bank) -> None:
    got = _deposit(bank, method="pm_card_authenticationRequired")
    assert (got.status, got.body["status"], got.body["transaction_id"]) == (202, "requires_action", None)
    assert got.body["client_secret"].startswith(got.body["payment_intent_id"])
    assert _wallet(bank)[0]["usd"] == 0
    bank.authenticate(got.body["payment_intent_id"], "success")
    assert _wallet(bank)[0]["usd"] == 5000
    assert [entry["amount"] for entry in _entries(bank)] == [5000]
    assert bank.event_types()[-2:] == ["payment.succeeded", "wallet.deposited"]


def test_w4_a_3ds_deposit_that_fails_can_still_be_paid_with_another_card(bank: Bank) -> None:
    intent_id = _deposit(bank, method="pm_card_authenticationRequired").body["payment_intent_id"]
    bank.authenticate(intent_id, "failure")
    assert (_wallet(bank)[0]["usd"], _entries(bank)) == (0, [])
    bank.post(f"/payments/intent/{intent_id}/confirm", {"payment_method_id": "pm_card_visa"})
    assert _wallet(bank)[0]["usd"] == 5000
    assert len(bank.events("wallet.deposited")) == 1


def test_w4_a_bank_deposit_is_pending_and_settles_after_three_days(bank: Bank) -> None:
    got = _deposit(bank, method="pm_bank_success")
    assert (got.status, got.body["status"]) == (202, "pending")
    assert (got.body["balance"], got.body["client_secret"]) == (0, None)
    assert _wallet(bank) == ({"usd": 0, "credits": 0}, {"usd": 5000})
    bank.advance(days=3)
    assert _wallet(bank) == ({"usd": 5000, "credits": 0}, {"usd": 0})
    assert bank.balance("external:bank", "usd") == -5000


def test_w9_a_bank_deposit_is_one_entry_from_pending_to_completed(bank: Bank) -> None:
    deposited = _deposit(bank, method="pm_bank_success").body
    [pending] = _entries(bank, "?status=pending")
    assert pending["transaction_id"] == deposited["transaction_id"]
    assert (pending["amount"], pending["balance_before"], pending["balance_after"]) == (5000, 0, 0)
    assert pending["completed_at"] is None
    bank.advance(days=1)
    _deposit(bank, 1000)
    bank.advance(days=2)
    assert _entries(bank, "?status=pending") == []
    newest, oldest = _entries(bank)
    assert (newest["amount"], newest["balance_before"], newest["balance_after"]) == (1000, 0, 1000)
    assert oldest == {
        **pending,
        "status": "completed",
        "balance_before": 1000,
        "balance_after": 6000,
        "completed_at": "2024-02-04T00:00:00Z",
    }
    [told] = [event for event in bank.events("wallet.deposited") if event.object["amount"] == 5000]
    assert told.object["transaction_id"] == pending["transaction_id"]


def test_w9_a_returned_bank_debit_fails_the_entry_that_was_pending(bank: Bank) -> None:
    deposited = _deposit(bank, method="pm_bank_fail").body
    [pending] = _entries(bank)
    bank.advance(days=3)
    assert _entries(bank) == [{**pending, "status": "failed"}]
    assert pending["transaction_id"] == deposited["transaction_id"]


def test_w4_a_deposit_that_its_customer_pays_by_bank_in_the_end_is_pending_too(bank: Bank) -> None:
    intent_id = _deposit(bank, method="pm_card_authenticationRequired").body["payment_intent_id"]
    bank.post(f"/payments/intent/{intent_id}/confirm", {"payment_method_id": "pm_bank_success"})
    [pending] = _entries(bank)
    assert (pending["status"], pending["amount"]) == ("pending", 5000)
    assert _wallet(bank) == ({"usd": 0, "credits": 0}, {"usd": 5000})
    bank.advance(days=3)
    [completed] = _entries(bank)
    assert (completed["transaction_id"], completed["status"]) == (pending["transaction_id"], "completed")


def test_w9_a_returned_debit_that_is_tried_again_is_a_new_entry(bank: Bank) -> None:
    intent_id = _deposit(bank, method="pm_bank_fail").body["payment_intent_id"]
    bank.advance(days=3)
    bank.post(f"/payments/intent/{intent_id}/confirm", {"payment_method_id": "pm_bank_success"})
    bank.advance(days=3)
    assert [entry["status"] for entry in _entries(bank)] == ["completed", "failed"]
    assert bank.balance("wallet:alice:pending", "usd") == 0


def test_w4_a_returned_bank_debit_leaves_a_failed_entry_and_no_money(bank: Bank) -> None:
    _deposit(bank, method="pm_bank_fail")
    bank.advance(days=3)
    assert _wallet(bank) == ({"usd": 0, "credits": 0}, {"usd": 0})
    [entry] = _entries(bank)
    assert (entry["status"], entry["amount"]) == ("failed", 5000)
    assert (entry["balance_before"], entry["balance_after"]) == (0, 0)
    assert bank.balance("external:bank", "usd") == 0
    assert bank.events("wallet.deposited") == []


def test_w4_a_deposit_that_a_bank_returned_can_be_paid_by_card(bank: Bank) -> None:
    intent_id = _deposit(bank, method="pm_bank_fail").body["payment_intent_id"]
    bank.advance(days=3)
    bank.post(f"/payments/intent/{intent_id}/confirm", {"payment_method_id": "pm_card_visa"})
    assert _wallet(bank) == ({"usd": 5000, "credits": 0}, {"usd": 0})


def test_w1_a_currency_once_held_stays_in_the_wallet(bank: Bank) -> None:
    _deposit(bank, 700, "EUR")
    assert _wallet(bank) == ({"usd": 0, "eur": 700, "credits": 0}, {"usd": 0, "eur": 0})
    body = {"to_user_id": "bob", "amount": 700, "currency": "eur"}
    bank.post("/wallets/transfer", body)
    assert _wallet(bank) == ({"usd": 0, "eur": 0, "credits": 0}, {"usd": 0, "eur": 0})


def test_w1_money_on_its_way_in_a_new_currency_is_shown(bank: Bank) -> None:
    _deposit(bank, 700, "eur", "pm_bank_success")
    assert _wallet(bank) == ({"usd": 0, "eur": 0, "credits": 0}, {"usd": 0, "eur": 700})


@pytest.mark.parametrize(
    ("change", "status", "code", "param"),
    [
        ({"currency": "credits"}, 422, "currency_not_supported_for_operation", "currency"),
        ({"currency": "Credits"}, 422, "currency_not_supported_for_operation", "currency"),
        ({"currency": "xyz"}, 422, "unsupported_currency", "currency"),
        ({"amount": 49}, 422, "amount_too_small", "amount"),
        ({"amount": 0}, 422, "invalid_amount", "amount"),
        ({"amount": -5000}, 422, "invalid_amount", "amount"),
        ({"amount": 29.0}, 422, "invalid_amount", "amount"),
        ({"amount": "5000"}, 422, "invalid_amount", "amount"),
        ({"amount": True}, 422, "invalid_amount", "amount"),
        ({"amount": None}, 422, "invalid_amount", "amount"),
        ({"amount": 100_000_000}, 422, "amount_too_large", "amount"),
        ({"payment_method_id": "pm_none"}, 404, "payment_method_not_found", "payment_method_id"),
        ({"payment_method_id": "pm_wallet"}, 422, "invalid_value", "payment_method_id"),
        ({"payment_method_id": None}, 422, "invalid_type", "payment_method_id"),
    ],
)
def test_a_bad_deposit_is_refused_and_changes_nothing(
    bank: Bank, change: dict[str, Any], status: int, code: str, param: str
) -> None:
    """Rules W-3, M-1, M-4, M-5, M-6, 2.1; invariant 32."""
    body = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_visa", **change}
    got = bank.post("/wallets/me/deposit", body)
    assert (got.status, got.code, got.body["param"]) == (status, code, param)
    assert bank.world.ledger.transactions == []
    assert bank.world.events == []


def test_w3_the_refusal_of_credits_names_the_way_to_buy_them(bank: Bank) -> None:
    assert "/credits/purchase" in _deposit(bank, currency="credits").body["detail"]


def test_a_deposit_without_a_method_is_refused(bank: Bank) -> None:
    got = bank.post("/wallets/me/deposit", {"amount": 5000, "currency": "usd"})
    assert (got.status, got.code, got.body["param"]) == (422, "missing_field", "payment_method_id")


def test_id2_the_same_key_deposits_once(bank: Bank) -> None:
    """Invariant 31."""
    body = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_visa"}
    first = bank.post("/wallets/me/deposit", body, key="k")
    assert bank.post("/wallets/me/deposit", body, key="k") == first
    assert _wallet(bank)[0]["usd"] == 5000
    assert bank.event_types() == ["payment.created", "payment.succeeded", "wallet.deposited"]
