"""Reservations, with every row of their state table (rules CR-10, CR-11)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.credits import service
from tests.server.wallets.bank import Bank, Got


def _reserve(bank: Bank, amount: Any = 50, **change: Any) -> Got:
    return bank.post("/credits/reserve", {"amount": amount, "reason": "job", **change})


def _commit(bank: Bank, reservation_id: str, amount: int | None = None, user: str = "alice") -> Got:
    body = None if amount is None else {"amount": amount}
    return bank.post(f"/credits/reservations/{reservation_id}/commit", body, user=user)


def _release(bank: Bank, reservation_id: str, user: str = "alice") -> Got:
    return bank.post(f"/credits/reservations/{reservation_id}/release", user=user)


def _held(bank: Bank, amount: int = 50) -> str:
    return str(_reserve(bank, amount).body["reservation_id"])


def _balance(bank: Bank) -> tuple[int, int, int]:
    body = bank.get("/credits/me").body
    return body["total_credits"], body["available_credits"], body["reserved_credits"]


def _history(bank: Bank) -> list[tuple[str, int]]:
    rows: list[dict[str, Any]] = bank.get("/credits/me/transactions").body["data"]
    return [(row["type"], row["amount"]) for row in rows[::-1]]


@pytest.fixture
def stocked(bank: Bank) -> Bank:
    """Alice has 100 credits that never expire."""
    bank.give(100)
    return bank


def test_a_reservation_holds_credits_and_says_until_when(stocked: Bank) -> None:
    got = _reserve(stocked)
    assert got.status == 201
    assert (got.body["amount"], got.body["status"], got.body["reason"]) == (50, "held", "job")
    assert (got.body["expires_at"], got.body["committed_amount"]) == ("2024-02-01T00:15:00Z", None)
    assert got.body["balance"] == {"total": 100, "available": 50, "reserved": 50}
    assert _balance(stocked) == (100, 50, 50)
    assert stocked.balance("credits:alice:reserved", "credits") == 50


def test_a_reservation_holds_what_would_burn_first(bank: Bank) -> None:
    """Rules CR-5, CR-12."""
    bank.give(400, days=60)
    soon = bank.give(100, days=29)
    _reserve(bank, 50)
    assert bank.world.tables["credit_grants"].rows[soon].reserved == 50
    assert bank.get("/credits/me").body["expiring_soon"]["amount"] == 50


def test_more_than_is_available_cannot_be_reserved(stocked: Bank) -> None:
    _held(stocked, 60)
    got = _reserve(stocked, 41)
    assert (got.status, got.code) == (402, "insufficient_credits")
    assert got.body["context"] == {"required": 41, "available": 40, "shortfall": 1}


def test_a_commit_without_an_amount_spends_all(stocked: Bank) -> None:
    got = _commit(stocked, _held(stocked))
    assert (got.status, got.body["status"], got.body["committed_amount"]) == (200, "committed", 50)
    assert got.body["balance"] == {"total": 50, "available": 50, "reserved": 0}
    assert _history(stocked) == [("grant", 100), ("reserve", -50), ("commit", -50)]


def test_a_commit_of_a_part_returns_the_rest(bank: Bank) -> None:
    soon, later = bank.give(40, days=5), bank.give(60, days=50)
    got = _commit(bank, _held(bank, 70), 45)
    assert (got.body["committed_amount"], got.body["amount"]) == (45, 70)
    assert _balance(bank) == (55, 55, 0)
    rows = bank.world.tables["credit_grants"].rows
    assert (rows[soon].remaining, rows[later].remaining) == (0, 55)
    assert _history(bank)[2:] == [("reserve", -70), ("commit", -45), ("release", 25)]


def test_a_commit_of_a_part_spends_what_burns_first_and_frees_the_other_grants(bank: Bank) -> None:
    soon, later = bank.give(40, days=5), bank.give(60, days=50)
    _commit(bank, _held(bank, 70), 10)
    rows = bank.world.tables["credit_grants"].rows
    assert (rows[soon].remaining, rows[later].remaining) == (30, 60)
    assert (rows[soon].reserved, rows[later].reserved) == (0, 0)


def test_more_than_is_held_cannot_be_committed(stocked: Bank) -> None:
    reservation_id = _held(stocked)
    got = _commit(stocked, reservation_id, 51)
    assert (got.status, got.code, got.body["param"]) == (422, "exceeds_reservation", "amount")
    assert got.body["context"] == {"held": 50, "required": 51}
    assert _balance(stocked) == (100, 50, 50)
    assert _commit(stocked, reservation_id, 50).status == 200


def test_a_release_returns_all(stocked: Bank) -> None:
    got = _release(stocked, _held(stocked))
    assert (got.status, got.body["status"], got.body["committed_amount"]) == (200, "released", None)
    assert _balance(stocked) == (100, 100, 0)
    assert _history(stocked) == [("grant", 100), ("reserve", -50), ("release", 50)]


def test_a_reservation_whose_time_is_up_returns_all_and_tells_of_it(stocked: Bank) -> None:
    reservation_id = _reserve(stocked, ttl_seconds=60).body["reservation_id"]
    stocked.advance(seconds=59)
    assert _balance(stocked) == (100, 50, 50)
    stocked.advance(seconds=1)
    assert _balance(stocked) == (100, 100, 0)
    [event] = stocked.events("credits.reservation_expired")
    assert (event.object["reservation_id"], event.object["status"]) == (reservation_id, "expired")
    assert event.object["balance"] == {"total": 100, "available": 100, "reserved": 0}


def test_the_same_commit_again_answers_the_same(stocked: Bank) -> None:
    reservation_id = _held(stocked)
    first = _commit(stocked, reservation_id, 30)
    stocked.post("/credits/consume", {"amount": 5, "reason": "x"})
    assert _commit(stocked, reservation_id, 30) == first
    assert _balance(stocked) == (65, 65, 0)


def test_another_commit_or_a_release_after_a_commit_is_refused(stocked: Bank) -> None:
    reservation_id = _held(stocked)
    _commit(stocked, reservation_id, 30)
    for got in (_commit(stocked, reservation_id, 31), _commit(stocked, reservation_id)):
        assert (got.status, got.code) == (409, "reservation_already_committed")
    released = _release(stocked, reservation_id)
    assert (released.status, released.code) == (409, "reservation_already_committed")
    assert _balance(stocked) == (70, 70, 0)


def test_a_second_release_answers_as_the_first(stocked: Bank) -> None:
    reservation_id = _held(stocked)
    first = _release(stocked, reservation_id)
    assert _release(stocked, reservation_id) == first
    assert _balance(stocked) == (100, 100, 0)


def test_a_released_reservation_cannot_be_committed(stocked: Bank) -> None:
    reservation_id = _held(stocked)
    _release(stocked, reservation_id)
    got = _commit(stocked, reservation_id)
    assert (got.status, got.code) == (409, "reservation_already_released")


@pytest.mark.parametrize("action", [_commit, _release])
def test_an_expired_reservation_can_neither_be_committed_nor_released(stocked: Bank, action: Any) -> None:
    reservation_id = _reserve(stocked, ttl_seconds=1).body["reservation_id"]
    stocked.advance(seconds=1)
    got = action(stocked, reservation_id)
    assert (got.status, got.code) == (409, "reservation_expired")


def test_cr10_time_that_is_up_counts_even_before_the_sweep(stocked: Bank) -> None:
    reservation_id = _held(stocked)
    with stocked.world.unit(now=stocked.at(days=1)) as unit, pytest.raises(DomainError) as caught:
        service.commit(unit, owner="alice", reservation_id=reservation_id, amount=None)
    assert caught.value.code == "reservation_expired"


def test_cr10_a_resolved_reservation_is_left_alone_when_its_time_is_up(stocked: Bank) -> None:
    """Invariant 28."""
    committed, released = _held(stocked), _held(stocked)
    _commit(stocked, committed)
    _release(stocked, released)
    stocked.advance(days=1)
    for reservation_id in (committed, released):
        stocked.do(partial(service.run_out, reservation_id=reservation_id))
    assert stocked.events("credits.reservation_expired") == []
    assert _balance(stocked) == (50, 50, 0)


@pytest.mark.parametrize("action", [_commit, _release])
def test_cr10_a_foreign_reservation_answers_as_an_unknown_one(stocked: Bank, action: Any) -> None:
    foreign, unknown = action(stocked, _held(stocked), user="bob"), action(stocked, "res_none", user="bob")
    assert (foreign.status, foreign.code) == (404, "reservation_not_found")
    assert {**foreign.body, "request_id": ""} == {**unknown.body, "request_id": ""}


def test_cr11_held_credits_outlive_their_grant_and_can_be_committed(bank: Bank) -> None:
    bank.give(100, days=1)
    reservation_id = _reserve(bank, 40, ttl_seconds=86_400).body["reservation_id"]
    bank.advance(seconds=1)
    reservation_id = _reserve(bank, 30, ttl_seconds=86_400).body["reservation_id"]
    bank.advance(seconds=86_399)
    assert _balance(bank) == (30, 0, 30)
    assert _commit(bank, reservation_id).status == 200
    assert _balance(bank) == (0, 0, 0)


def test_cr11_what_returns_after_its_grants_expiry_expires_at_once(bank: Bank) -> None:
    bank.give(100, days=1)
    reservation_id = bank.do(
        lambda unit: service.reserve(unit, owner="alice", amount=40, reason="x", ttl_s=None)
    ).id
    bank.advance(days=2)
    assert _balance(bank) == (40, 0, 40)
    got = _commit(bank, reservation_id, 15)
    assert got.body["balance"] == {"total": 0, "available": 0, "reserved": 0}
    assert _history(bank) == [
        ("grant", 100),
        ("reserve", -40),
        ("expire", -60),
        ("commit", -15),
        ("release", 25),
        ("expire", -25),
    ]


def test_ck1_a_hold_that_ends_with_its_grant_is_told_before_the_grant(bank: Bank) -> None:
    bank.give(100, days=1)
    _reserve(bank, 40, ttl_seconds=86_400)
    bank.advance(days=1)
    assert bank.event_types()[-2:] == ["credits.reservation_expired", "credits.expired"]
    assert len(bank.events("credits.expired")) == 1
    assert _balance(bank) == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amount": 0}, "invalid_amount", "amount"),
        ({"amount": 1_000_001}, "amount_too_large", "amount"),
        ({"ttl_seconds": 0}, "invalid_value", "ttl_seconds"),
        ({"ttl_seconds": 86_401}, "invalid_value", "ttl_seconds"),
        ({"ttl_seconds": 1.5}, "invalid_type", "ttl_seconds"),
        ({"reason": ""}, "invalid_value", "reason"),
    ],
)
def test_a_bad_reservation_is_refused(stocked: Bank, change: dict[str, Any], code: str, param: str) -> None:
    got = _reserve(stocked, **change)
    assert (got.status, got.code, got.body["param"]) == (422, code, param)
    assert _balance(stocked) == (100, 100, 0)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_cannot_be_committed(stocked: Bank, amount: int) -> None:
    assert _commit(stocked, _held(stocked), amount).code == "invalid_amount"


def _committed(bank: Bank, amount: int) -> list[int]:
    """Commit so much of 100 that lie in a grant of 60 and one of 40: what came from each."""
    bank.give(60, days=10)
    bank.give(40)
    _commit(bank, _held(bank, 100), amount)
    rows: list[dict[str, Any]] = bank.get("/credits/me/transactions").body["data"]
    [committed] = [row for row in rows if row["type"] == "commit"]
    return [part["amount"] for part in committed["allocations"]]


@pytest.mark.parametrize(
    ("amount", "parts"), [(1, [1]), (60, [60]), (61, [60, 1]), (99, [60, 39]), (100, [60, 40])]
)
def test_cr5_a_commit_takes_from_each_grant_to_the_credit(bank: Bank, amount: int, parts: list[int]) -> None:
    assert _committed(bank, amount) == parts
    assert _balance(bank) == (100 - amount, 100 - amount, 0)


def test_a_refusal_tells_what_the_reservation_is(stocked: Bank) -> None:
    reservation = _held(stocked)
    _release(stocked, reservation)
    assert _commit(stocked, reservation).body["context"] == {"status": "released"}


def test_a_commit_of_more_than_can_ever_be_held_is_too_large(stocked: Bank) -> None:
    got = _commit(stocked, _held(stocked), 1_000_001)
    assert (got.status, got.code) == (422, "amount_too_large")


def test_cr7_what_comes_back_and_expires_soon_is_announced_then(bank: Bank) -> None:
    """Nothing of the grant is free when its notice is due, 30 days before its end."""
    bank.give(100, days=40)
    reservation = str(_reserve(bank, 100, ttl_seconds=86_400).body["reservation_id"])
    bank.advance(seconds=86_399)
    assert bank.events("credits.expiring_soon") == []
    _release(bank, reservation)
    bank.advance(days=9)
    again = str(_reserve(bank, 100, ttl_seconds=86_400).body["reservation_id"])
    bank.advance(seconds=3_600)
    told = len(bank.events("credits.expiring_soon"))
    _release(bank, again)
    assert (told, len(bank.events("credits.expiring_soon"))) == (0, 1)
