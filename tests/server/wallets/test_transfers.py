"""Transfers, with every row of the table of W-5 (rules W-5 to W-8)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.services.wallets.wiring import set_frozen

from .bank import Bank, Got


def _transfer(bank: Bank, amount: Any = 1000, *, user: str = "alice", **change: Any) -> Got:
    body = {"to_user_id": "bob", "amount": amount, "currency": "usd", **change}
    return bank.post("/wallets/transfer", body, user=user)


def _usd(bank: Bank, user: str) -> int:
    return int(bank.get("/wallets/me", user=user).body["balances"]["usd"])


@pytest.fixture
def funded(bank: Bank) -> Bank:
    """Alice has 5000 usd."""
    body = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_visa"}
    bank.post("/wallets/me/deposit", body)
    return bank


def test_w5_a_transfer_is_answered_with_all_that_the_sender_may_know(funded: Bank) -> None:
    got = _transfer(funded, note="Payment for services")
    assert got.status == 201
    assert got.body["transfer_id"].startswith("tr_")
    assert (got.body["from_user_id"], got.body["to_user_id"]) == ("alice", "bob")
    assert (got.body["amount"], got.body["currency"], got.body["status"]) == (1000, "usd", "completed")
    assert (got.body["note"], got.body["balance"]) == ("Payment for services", 4000)


def test_w9_a_transfer_makes_two_opposite_entries_that_share_its_id(funded: Bank) -> None:
    """Invariant 5."""
    got = _transfer(funded, note="thanks")
    [sent] = funded.get("/wallets/me/transactions?type=transfer_out").body["data"]
    [received] = funded.get("/wallets/me/transactions", user="bob").body["data"]
    assert sent["reference"] == received["reference"] == {"type": "transfer", "id": got.body["transfer_id"]}
    assert sent["transaction_id"] == got.body["transaction_id"] != received["transaction_id"]
    assert sent["transfer_id"] == received["transfer_id"] == got.body["transfer_id"]
    assert (sent["amount"], received["amount"]) == (-1000, 1000)
    assert (sent["counterparty_user_id"], received["counterparty_user_id"]) == ("bob", "alice")
    assert (sent["note"], received["note"]) == ("thanks", "thanks")
    assert (received["type"], received["balance_before"], received["balance_after"]) == (
        "transfer_in",
        0,
        1000,
    )
    assert (_usd(funded, "alice"), _usd(funded, "bob")) == (4000, 1000)


def test_w9_neither_party_is_told_the_others_balance(funded: Bank) -> None:
    _transfer(funded)
    to_alice, to_bob = funded.events("wallet.transferred")
    assert (to_alice.owner, to_alice.object["balance"]) == ("alice", 4000)
    assert (to_bob.owner, to_bob.object["balance"]) == ("bob", 1000)
    assert to_alice.object["transfer_id"] == to_bob.object["transfer_id"]
    assert to_alice.object["transaction_id"] != to_bob.object["transaction_id"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount": 0}, 422, "invalid_amount"),
        ({"amount": -1}, 422, "invalid_amount"),
        ({"amount": 1.5}, 422, "invalid_amount"),
        ({"amount": 100_000_000}, 422, "amount_too_large"),
        ({"currency": "credits"}, 422, "currency_not_supported_for_operation"),
        ({"currency": "usdx"}, 422, "unsupported_currency"),
        ({"note": "x" * 501}, 422, "too_long"),
        ({"to_user_id": "alice"}, 422, "self_transfer_not_allowed"),
        ({"to_user_id": "nobody"}, 404, "recipient_not_found"),
        ({"amount": 5001}, 402, "insufficient_funds"),
    ],
)
def test_w5_a_refused_transfer_changes_nothing(
    funded: Bank, change: dict[str, Any], status: int, code: str
) -> None:
    """Invariant 32."""
    before = (len(funded.world.ledger.transactions), len(funded.world.events))
    got = _transfer(funded, **change)
    assert (got.status, got.code) == (status, code)
    assert got.body.get("param") == (None if status == 402 else next(iter(change)))
    assert (len(funded.world.ledger.transactions), len(funded.world.events)) == before
    assert _usd(funded, "alice") == 5000


def test_w5_a_shortfall_is_told_in_numbers(funded: Bank) -> None:
    got = _transfer(funded, 5600)
    assert got.body["context"] == {"available": 5000, "required": 5600, "shortfall": 600}


def test_w5_the_checks_come_in_their_order(funded: Bank) -> None:
    """Of several faults the first row of the table is answered."""
    funded.do(lambda unit: set_frozen(unit, "alice", True))
    assert _transfer(funded, 0, to_user_id="alice").code == "invalid_amount"
    assert _transfer(funded, 9999, to_user_id="alice").code == "self_transfer_not_allowed"
    assert _transfer(funded, 9999, to_user_id="nobody").code == "recipient_not_found"
    assert _transfer(funded, 9999).code == "wallet_frozen"


@pytest.mark.parametrize("frozen", ["alice", "bob"])
def test_w5_a_frozen_wallet_neither_sends_nor_receives_until_it_is_thawed(funded: Bank, frozen: str) -> None:
    funded.do(lambda unit: set_frozen(unit, frozen, True))
    got = _transfer(funded)
    assert (got.status, got.code) == (409, "wallet_frozen")
    funded.do(lambda unit: set_frozen(unit, frozen, False))
    assert _transfer(funded).status == 201


def test_w6_one_cent_can_be_transferred_and_so_can_everything(funded: Bank) -> None:
    assert _transfer(funded, 1).body["balance"] == 4999
    assert _transfer(funded, 4999).body["balance"] == 0
    assert _usd(funded, "bob") == 5000


def test_w7_whoever_called_any_service_once_can_be_paid(funded: Bank) -> None:
    assert _transfer(funded, to_user_id="carol").code == "recipient_not_found"
    funded.get("/credits/me", user="carol")
    assert _transfer(funded, to_user_id="carol").status == 201
    assert _usd(funded, "carol") == 1000


def test_w8_of_two_transfers_of_800_out_of_1000_one_goes_through(funded: Bank) -> None:
    _transfer(funded, 4000)
    assert [_transfer(funded, 800).status for _ in range(2)] == [201, 402]
    assert _usd(funded, "alice") == 200


def test_w8_transfers_leave_the_sum_over_all_users_unchanged(funded: Bank) -> None:
    _transfer(funded, 1200)
    _transfer(funded, 500, user="bob", to_user_id="alice")
    assert _usd(funded, "alice") + _usd(funded, "bob") == 5000


def test_id4_a_refused_transfer_is_replayed_as_refused_under_its_key(funded: Bank) -> None:
    body = {"to_user_id": "bob", "amount": 6000, "currency": "usd"}
    assert funded.post("/wallets/transfer", body, key="k").status == 402
    topped = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_visa"}
    funded.post("/wallets/me/deposit", topped)
    assert funded.post("/wallets/transfer", body, key="k").status == 402
    assert funded.post("/wallets/transfer", body, key="other").status == 201


def test_m7_a_balance_that_json_cannot_carry_is_refused(funded: Bank) -> None:
    largest = 2**53 - 1
    posting = Posting("external:bank", "wallet:bob:available", largest, "usd")
    funded.do(lambda unit: unit.post(Reference("test", "bob"), posting))
    got = _transfer(funded, 1)
    assert (got.status, got.code) == (422, "amount_overflow")
    assert (_usd(funded, "alice"), _usd(funded, "bob")) == (5000, largest)
