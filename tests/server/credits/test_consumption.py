"""Spending in burn order, and giving spent credits back (rules CR-5, CR-8, CR-13)."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from isa_mockserver.services.credits.model import Allocation, Grant, allocate, burn_order
from isa_mockserver.services.credits.service.consumptions import last_spent
from tests.server.wallets.bank import START, Bank, Got

MARCH, JUNE = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)


def _grant(grant_id: str, amount: int, expires_at: datetime | None, cost_basis: int = 0) -> Grant:
    return Grant(
        id=grant_id,
        owner="alice",
        created_at=START,
        source="promo",
        amount=amount,
        remaining=amount,
        cost_basis=cost_basis,
        effective_at=START,
        expires_at=expires_at,
    )


def _consume(bank: Bank, amount: Any = 10, **change: Any) -> Got:
    return bank.post("/credits/consume", {"amount": amount, "reason": "x", **change})


def _refund(bank: Bank, consumption_id: str, amount: int | None = None, user: str = "alice") -> Got:
    body = None if amount is None else {"amount": amount}
    return bank.post(f"/credits/consumptions/{consumption_id}/refund", body, user=user)


def _remaining(bank: Bank, grant_id: str) -> int:
    return int(bank.world.tables["credit_grants"].rows[grant_id].remaining)


A, B = _grant("A", 100, MARCH), _grant("B", 200, JUNE, cost_basis=8)
C, D = _grant("C", 200, JUNE), _grant("D", 50, None)


def test_cr5_the_worked_example_burns_350_as_a100_c200_b50() -> None:
    """Left over: B 150, D 50."""
    expected = (Allocation("A", 100), Allocation("C", 200), Allocation("B", 50))
    for grants in permutations([A, B, C, D]):
        assert allocate(grants, 350) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_grant("z", 1, MARCH), _grant("a", 1, JUNE)),
        (_grant("z", 1, JUNE), _grant("a", 1, None)),
        (_grant("z", 1, MARCH, 9)._replace(priority=49), _grant("a", 1, MARCH)),
        (_grant("z", 1, MARCH, 0), _grant("a", 1, MARCH, 7)),
        (_grant("z", 1, None), _grant("a", 1, None)._replace(created_at=MARCH)),
        (_grant("a", 1, None), _grant("z", 1, None)),
    ],
    ids=["expiry", "never last", "priority", "free before paid", "older first", "id"],
)
def test_cr5_the_keys_of_the_burn_order(first: Grant, second: Grant) -> None:
    assert burn_order(first) < burn_order(second)


def test_cr5_held_credits_of_a_grant_are_passed_over() -> None:
    assert allocate([A.hold(60), D], 50) == (Allocation("A", 40), Allocation("D", 10))
    assert allocate([A.hold(99), D], 2) == (Allocation("A", 1), Allocation("D", 1))


def test_cr8_a_consumption_is_answered_with_where_it_came_from(bank: Bank) -> None:
    soon, later = bank.give(6, days=5), bank.give(100, days=50)
    got = bank.post(
        "/credits/consume",
        {"amount": 10, "reason": "api_premium_feature", "metadata": {"feature": "image_generation"}},
    )
    assert got.status == 200
    assert (got.body["amount"], got.body["reason"]) == (10, "api_premium_feature")
    assert got.body["metadata"] == {"feature": "image_generation"}
    assert got.body["allocations"] == [
        {"grant_id": soon, "amount": 6},
        {"grant_id": later, "amount": 4},
    ]
    assert (got.body["refunded"], got.body["balance"]) == (0, {"total": 96, "available": 96, "reserved": 0})
    assert bank.events("credits.consumed")[0].object == got.body


def test_cr8_spending_everything_is_allowed_and_one_more_is_not(bank: Bank) -> None:
    bank.give(100)
    got = _consume(bank, 101)
    assert (got.status, got.code) == (402, "insufficient_credits")
    assert got.body["context"] == {"required": 101, "available": 100, "shortfall": 1}
    assert _consume(bank, 99).body["balance"]["total"] == 1
    assert _consume(bank, 1).body["balance"]["total"] == 0


def test_cr8_a_grant_is_open_while_it_holds_credits_and_again_when_they_come_back(bank: Bank) -> None:
    """What was spent is not looked at again, however many grants a user had."""

    def listed() -> tuple[str, ...]:
        return tuple(bank.world.tables["credit_accounts"].rows["alice"].open_grants)

    first, second = bank.give(100, days=5), bank.give(100)
    consumption_id = _consume(bank, 150).body["consumption_id"]
    assert listed() == (second,)
    _consume(bank, 50)
    assert listed() == ()
    _refund(bank, consumption_id)
    assert sorted(listed()) == sorted((first, second))


def test_cr8_held_credits_do_not_count_as_available(bank: Bank) -> None:
    bank.give(100)
    bank.post("/credits/reserve", {"amount": 60, "reason": "x"})
    assert _consume(bank, 41).code == "insufficient_credits"
    assert _consume(bank, 40).body["balance"] == {"total": 60, "available": 0, "reserved": 60}


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amount": 0}, "invalid_amount", "amount"),
        ({"amount": -1}, "invalid_amount", "amount"),
        ({"amount": 1_000_001}, "amount_too_large", "amount"),
        ({"amount": 1.0}, "invalid_amount", "amount"),
        ({"reason": ""}, "invalid_value", "reason"),
        ({"reason": "x" * 256}, "too_long", "reason"),
        ({"reason": None}, "invalid_type", "reason"),
        ({"metadata": {"k": 1}}, "invalid_metadata", "metadata"),
    ],
)
def test_cr8_a_bad_consumption_is_refused_and_changes_nothing(
    bank: Bank, change: dict[str, Any], code: str, param: str
) -> None:
    bank.give(2_000_000)
    before = len(bank.world.ledger.transactions)
    got = _consume(bank, **change)
    assert (got.status, got.code, got.body["param"]) == (422, code, param)
    assert len(bank.world.ledger.transactions) == before


def test_cr8_a_reason_is_required(bank: Bank) -> None:
    got = bank.post("/credits/consume", {"amount": 1})
    assert (got.status, got.code, got.body["param"]) == (422, "missing_field", "reason")


def test_cr8_a_million_credits_can_be_spent_at_once(bank: Bank) -> None:
    bank.give(1_000_000)
    assert _consume(bank, 1_000_000).status == 200


def test_cr9_the_same_key_spends_once(bank: Bank) -> None:
    bank.give(100)
    body = {"amount": 10, "reason": "x"}
    first = bank.post("/credits/consume", body, key="k")
    assert bank.post("/credits/consume", body, key="k") == first
    assert bank.get("/credits/me").body["total_credits"] == 90


def test_cr13_the_last_spent_come_back_first() -> None:
    spent = [Allocation("A", 100), Allocation("C", 200), Allocation("B", 50)]
    assert list(last_spent(spent, 0, 60)) == [Allocation("B", 50), Allocation("C", 10)]
    assert list(last_spent(spent, 60, 200)) == [Allocation("C", 190), Allocation("A", 10)]
    assert list(last_spent(spent, 260, 90)) == [Allocation("A", 90)]
    assert list(last_spent(spent, 0, 1)) == [Allocation("B", 1)]


def test_cr13_refunds_return_to_their_grants_in_reverse_burn_order(bank: Bank) -> None:
    soon, later = bank.give(100, days=5), bank.give(100, days=50)
    consumption_id = _consume(bank, 150).body["consumption_id"]
    got = _refund(bank, consumption_id, 70)
    assert (got.status, got.body["refunded"]) == (200, 70)
    assert got.body["balance"] == {"total": 120, "available": 120, "reserved": 0}
    assert (_remaining(bank, soon), _remaining(bank, later)) == (20, 100)
    assert _refund(bank, consumption_id).body["refunded"] == 150
    assert (_remaining(bank, soon), _remaining(bank, later)) == (100, 100)
    assert [event.object["refunded"] for event in bank.events("credits.refunded")] == [70, 150]


def test_cr13_no_more_comes_back_than_was_spent(bank: Bank) -> None:
    bank.give(100)
    consumption_id = _consume(bank, 50).body["consumption_id"]
    _refund(bank, consumption_id, 30)
    got = _refund(bank, consumption_id, 21)
    assert (got.status, got.code, got.body["context"]) == (
        422,
        "refund_exceeds_remaining",
        {"remaining": 20},
    )
    assert _refund(bank, consumption_id, 20).status == 200
    assert _refund(bank, consumption_id).code == "refund_exceeds_remaining"
    assert _refund(bank, consumption_id, 0).code == "invalid_amount"


def test_cr13_credits_of_an_expired_grant_come_back_for_30_days(bank: Bank) -> None:
    expired, live = bank.give(100, days=5), bank.give(100, days=50)
    consumption_id = _consume(bank, 150).body["consumption_id"]
    bank.advance(days=6)
    assert _refund(bank, consumption_id).body["balance"]["total"] == 200
    assert (_remaining(bank, expired), _remaining(bank, live)) == (0, 100)
    assert bank.get("/credits/me").body["expiring_soon"] == {
        "amount": 100,
        "expires_at": "2024-03-08T00:00:00Z",
    }
    refund = bank.get("/credits/me/transactions?type=refund").body["data"][0]
    assert refund["amount"] == 150
    assert [part["amount"] for part in refund["allocations"]] == [50, 100]
    reborn = bank.world.tables["credit_grants"].rows[refund["allocations"][1]["grant_id"]]
    assert (reborn.source, reborn.amount, reborn.owner) == ("refund", 100, "alice")
    told = [event.object["grant_id"] for event in bank.events("credits.expiring_soon")]
    assert told == [expired, reborn.id]
    bank.advance(days=30)
    assert bank.get("/credits/me").body["total_credits"] == 100
    swept = bank.events("credits.expired")[-1]
    assert (swept.object["grant_id"], swept.object["remaining"]) == (reborn.id, 0)


def test_cr13_bought_credits_that_come_back_after_their_expiry_keep_their_cost(bank: Bank) -> None:
    """8000 cents for 1000 credits are 8 a credit (CR-3)."""
    bank.post("/credits/purchase", {"package": "credits_1000", "payment_method_id": "pm_card_visa"})
    consumption_id = _consume(bank, 10).body["consumption_id"]
    bank.advance(days=366)
    _refund(bank, consumption_id)
    reborn = list(bank.world.tables["credit_grants"].rows.values())[-1]
    assert (reborn.source, reborn.remaining, reborn.cost_basis) == ("refund", 10, 8)


def test_cr13_a_foreign_consumption_answers_as_an_unknown_one(bank: Bank) -> None:
    """Rules P4, CR-10."""
    bank.give(100)
    consumption_id = _consume(bank, 50).body["consumption_id"]
    foreign, unknown = _refund(bank, consumption_id, user="bob"), _refund(bank, "con_none", user="bob")
    assert (foreign.status, foreign.code) == (404, "consumption_not_found")
    assert {**foreign.body, "request_id": ""} == {**unknown.body, "request_id": ""}


def test_inv26_a_grant_counts_what_was_consumed_of_it_and_what_came_back(bank: Bank) -> None:
    bank.give(100)
    spent = bank.post("/credits/consume", {"amount": 30, "reason": "x"}).body["consumption_id"]
    bank.post(f"/credits/consumptions/{spent}/refund", {"amount": 10})
    [grant] = bank.world.tables["credit_grants"].rows.values()
    assert isinstance(grant, Grant)
    assert (grant.consumed, grant.refunded, grant.remaining) == (30, 10, 80)


def test_a_refund_of_more_than_can_ever_be_spent_is_too_large(bank: Bank) -> None:
    bank.give(100)
    spent = bank.post("/credits/consume", {"amount": 30, "reason": "x"}).body["consumption_id"]
    got = bank.post(f"/credits/consumptions/{spent}/refund", {"amount": 1_000_001})
    assert (got.status, got.code) == (422, "amount_too_large")


def test_cr3_a_granted_grant_is_told_whole(bank: Bank) -> None:
    grant_id = bank.give(100)
    assert bank.events("credits.granted")[-1].object == {
        "grant_id": grant_id,
        "source": "promo",
        "amount": 100,
        "remaining": 100,
        "reserved": 0,
        "cost_basis": 0,
        "priority": 50,
        "effective_at": "2024-02-01T00:00:00Z",
        "expires_at": None,
        "voided_at": None,
        "purchase_id": None,
        "created_at": "2024-02-01T00:00:00Z",
    }
