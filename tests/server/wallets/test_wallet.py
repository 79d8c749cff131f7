"""The wallet itself and its statement (rules W-1 to W-3, W-9, W-10)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.credits.wiring import seed_credits
from isa_mockserver.services.payments.wiring import charge_now
from isa_mockserver.services.wallets import service
from isa_mockserver.services.wallets.wiring import seed_wallet, set_frozen

from .bank import Bank


def _deposit(bank: Bank, amount: int, user: str = "alice") -> None:
    body = {"amount": amount, "currency": "usd", "payment_method_id": "pm_card_visa"}
    assert bank.post("/wallets/me/deposit", body, user=user).status == 201


def _transfer(bank: Bank, amount: int, to: str = "bob") -> None:
    body = {"to_user_id": to, "amount": amount, "currency": "usd"}
    assert bank.post("/wallets/transfer", body).status == 201


def _page(bank: Bank, query: str = "") -> dict[str, Any]:
    got = bank.get(f"/wallets/me/transactions{query}")
    assert got.status == 200, got.body
    found: dict[str, Any] = got.body
    return found


def test_w1_the_wallet_is_made_on_first_use_and_keeps_its_id(bank: Bank) -> None:
    first = bank.get("/wallets/me", user="carol")
    assert first.status == 200
    assert re.fullmatch(r"wallet_[A-Za-z0-9]{14,}", first.body["wallet_id"])
    assert (first.body["balances"], first.body["pending"]) == ({"usd": 0, "credits": 0}, {"usd": 0})
    bank.advance(days=1)
    assert bank.get("/wallets/me", user="carol").body == first.body
    assert bank.get("/wallets/me").body["wallet_id"] != first.body["wallet_id"]


def test_w3_the_wallet_mirrors_the_total_credits_held_ones_included(bank: Bank) -> None:
    """Invariant 29."""
    bank.give(500)
    bank.post("/credits/reserve", {"amount": 50, "reason": "job"})
    assert bank.get("/wallets/me").body["balances"]["credits"] == 500
    bank.post("/credits/consume", {"amount": 10, "reason": "x"})
    assert bank.get("/wallets/me").body["balances"]["credits"] == 490


def test_the_fixture_shows_the_printed_wallet(bank: Bank) -> None:
    """Heading "Get Wallet Balance": 15000 usd, 500 credits, nothing pending, and no event (WH-3b)."""

    def seed(unit: Any) -> None:
        seed_wallet(unit, owner="alice", wallet_id="wallet_123")
        service.deposit(
            unit,
            charge_now,
            owner="alice",
            amount=15000,
            currency="usd",
            payment_method_id="pm_card_visa",
        )
        seed_credits(unit, owner="alice")

    bank.do(seed, quiet=True)
    body = bank.get("/wallets/me").body
    assert body["wallet_id"] == "wallet_123"
    assert body["balances"] == {"usd": 15000, "credits": 500}
    assert body["pending"] == {"usd": 0}
    assert bank.world.events == []


def test_w9_the_completed_entries_form_an_unbroken_chain_that_ends_at_the_balance(bank: Bank) -> None:
    """Invariant 4."""
    for amount in (1000, 2500):
        _deposit(bank, amount)
    _transfer(bank, 700)
    _deposit(bank, 60)
    entries = _page(bank)["data"][::-1]
    assert [entry["amount"] for entry in entries] == [1000, 2500, -700, 60]
    assert [entry["balance_after"] for entry in entries] == [1000, 3500, 2800, 2860]
    assert [entry["balance_before"] for entry in entries] == [0, 1000, 3500, 2800]
    assert bank.get("/wallets/me").body["balances"]["usd"] == 2860


def test_w10_the_statement_is_filtered_by_type_currency_status_and_time(bank: Bank) -> None:
    _deposit(bank, 1000)
    bank.advance(days=1)
    _transfer(bank, 300)
    assert [entry["type"] for entry in _page(bank, "?type=deposit")["data"]] == ["deposit"]
    assert [entry["type"] for entry in _page(bank, "?type=transfer_out")["data"]] == ["transfer_out"]
    assert len(_page(bank, "?currency=USD")["data"]) == 2
    assert _page(bank, "?currency=eur")["data"] == []
    assert _page(bank, "?status=failed")["data"] == []
    assert len(_page(bank, "?status=completed")["data"]) == 2
    [late] = _page(bank, "?created_after=2024-02-02T00:00:00Z")["data"]
    [early] = _page(bank, "?created_before=2024-02-02T00:00:00Z")["data"]
    assert (late["type"], early["type"]) == ("transfer_out", "deposit")


def test_w10_pages_join_to_the_full_statement(bank: Bank) -> None:
    """Invariant 36."""
    for amount in (100, 200, 300, 400, 500):
        _deposit(bank, amount)
    found, query = [], "?limit=2"
    while True:
        page = _page(bank, query)
        found += [entry["amount"] for entry in page["data"]]
        if not page["has_more"]:
            break
        query = f"?limit=2&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert found == [500, 400, 300, 200, 100]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("type=gift", "invalid_value"),
        ("status=done", "invalid_value"),
        ("currency=xyz", "unsupported_currency"),
        ("limit=0", "invalid_limit"),
        ("limit=101", "invalid_limit"),
        ("cursor=nonsense", "invalid_cursor"),
        ("created_after=yesterday", "invalid_timestamp"),
        ("created_before=2024-02-01T00:00:00", "invalid_timestamp"),
    ],
)
def test_w10_a_bad_filter_is_refused(bank: Bank, query: str, code: str) -> None:
    got = bank.get(f"/wallets/me/transactions?{query}")
    assert (got.status, got.code) == (422, code)


def test_w10_a_new_user_has_an_empty_statement(bank: Bank) -> None:
    assert _page(bank) == {"data": [], "has_more": False, "next_cursor": None}


def test_nobody_sees_another_users_statement(bank: Bank) -> None:
    """Invariant 35."""
    _deposit(bank, 1000)
    assert bank.get("/wallets/me/transactions", user="bob").body["data"] == []
    assert bank.get("/wallets/me", user="bob").body["balances"]["usd"] == 0


def test_freezing_an_unknown_user_is_refused(bank: Bank) -> None:
    with pytest.raises(DomainError) as caught:
        bank.do(lambda unit: set_frozen(unit, "nobody", True))
    assert caught.value.code == "user_not_found"
