"""The history of credits: every kind of entry, and that it adds up (rules CR-16)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.wallets.bank import Bank


@pytest.fixture
def story(bank: Bank) -> Bank:
    """Alice does everything once that leaves an entry."""
    intent_id = bank.post(
        "/credits/purchase", {"package": "credits_1000", "payment_method_id": "pm_card_visa"}
    ).body["payment_intent_id"]
    bank.give(100, days=1)
    consumed = bank.post("/credits/consume", {"amount": 30, "reason": "x"}).body["consumption_id"]
    bank.post(f"/credits/consumptions/{consumed}/refund", {"amount": 10})
    first, second = (
        bank.post("/credits/reserve", {"amount": 20, "reason": "x"}).body["reservation_id"] for _ in range(2)
    )
    bank.post(f"/credits/reservations/{first}/commit")
    bank.post(f"/credits/reservations/{second}/release")
    bank.advance(days=1)
    bank.post(f"/payments/{intent_id}/refund", {"amount": 2000})
    return bank


def _rows(bank: Bank, query: str = "") -> list[dict[str, Any]]:
    got = bank.get(f"/credits/me/transactions{query}")
    assert got.status == 200, got.body
    found: list[dict[str, Any]] = got.body["data"]
    return found


def test_cr16_every_kind_of_entry_is_listed_newest_first(story: Bank) -> None:
    """Left of the promotion before its expiry: 100 - 30 + 10 - 20 = 60."""
    assert [(row["type"], row["amount"]) for row in _rows(story)] == [
        ("revoke", -250),
        ("expire", -60),
        ("release", 20),
        ("commit", -20),
        ("reserve", -20),
        ("reserve", -20),
        ("refund", 10),
        ("consume", -30),
        ("grant", 100),
        ("purchase", 1000),
    ]


def test_cr16_the_entries_add_up_to_the_total(story: Bank) -> None:
    moves_total = {"purchase", "grant", "refund", "consume", "commit", "expire", "revoke"}
    total = sum(row["amount"] for row in _rows(story) if row["type"] in moves_total)
    assert total == story.get("/credits/me").body["total_credits"] == 750


def test_cr16_each_entry_shows_the_balance_that_it_left(story: Bank) -> None:
    after = [(row["balance_after"]["available"], row["balance_after"]["reserved"]) for row in _rows(story)]
    assert after[::-1] == [
        (1000, 0),
        (1100, 0),
        (1070, 0),
        (1080, 0),
        (1060, 20),
        (1040, 40),
        (1040, 20),
        (1060, 0),
        (1000, 0),
        (750, 0),
    ]


def test_cr16_the_allocations_of_an_entry_add_up_to_it(story: Bank) -> None:
    """Invariant 27."""
    for row in _rows(story):
        assert sum(part["amount"] for part in row["allocations"]) == abs(row["amount"])


def test_cr16_entries_name_what_they_belong_to(story: Bank) -> None:
    kinds = {row["type"]: row["reference"]["type"] for row in _rows(story)}
    assert kinds == {
        "purchase": "credit_purchase",
        "grant": "credit_grant",
        "consume": "credit_consumption",
        "refund": "credit_consumption",
        "reserve": "credit_reservation",
        "commit": "credit_reservation",
        "release": "credit_reservation",
        "expire": "credit_grant",
        "revoke": "credit_purchase",
    }


def test_cr16_the_history_is_filtered_by_type_and_time(story: Bank) -> None:
    assert [row["amount"] for row in _rows(story, "?type=reserve")] == [-20, -20]
    late = _rows(story, "?created_after=2024-02-02T00:00:00Z")
    assert [row["type"] for row in late] == ["revoke", "expire"]
    assert len(_rows(story, "?created_before=2024-02-02T00:00:00Z")) == 8


def test_cr16_pages_join_to_the_full_history(story: Bank) -> None:
    """Invariant 36."""
    first = story.get("/credits/me/transactions?limit=6").body
    rest = story.get(f"/credits/me/transactions?limit=6&cursor={first['next_cursor']}").body
    assert first["data"] + rest["data"] == _rows(story)
    assert (first["has_more"], rest["has_more"]) == (True, False)


@pytest.mark.parametrize(
    ("query", "code"),
    [("type=gift", "invalid_value"), ("limit=0", "invalid_limit"), ("cursor=x", "invalid_cursor")],
)
def test_cr16_a_bad_filter_is_refused(bank: Bank, query: str, code: str) -> None:
    got = bank.get(f"/credits/me/transactions?{query}")
    assert (got.status, got.code) == (422, code)


def test_nobody_sees_another_users_history(story: Bank) -> None:
    """Invariant 35."""
    assert story.get("/credits/me/transactions", user="bob").body["data"] == []
