"""Grants, expiry and what the balance shows (rules CR-3, CR-4, CR-6, CR-7, CR-12, CR-15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.users import is_known
from isa_mockserver.services.credits import service
from isa_mockserver.services.credits.wiring import give, seed_credits
from tests.server.wallets.bank import START, Bank


def _credits(bank: Bank) -> dict[str, Any]:
    found: dict[str, Any] = bank.get("/credits/me").body
    return found


def _consume(bank: Bank, amount: int) -> None:
    assert bank.post("/credits/consume", {"amount": amount, "reason": "x"}).status == 200


def test_a_new_user_has_no_credits(bank: Bank) -> None:
    """Rules CR-6, A8."""
    assert _credits(bank) == {
        "total_credits": 0,
        "available_credits": 0,
        "reserved_credits": 0,
        "expiring_soon": None,
    }


def test_cr12_the_fixture_shows_the_printed_credits(bank: Bank) -> None:
    """Heading "Get Credits": 150 expiring on 2024-03-01, 350 that never expire, 50 held."""
    bank.do(lambda unit: seed_credits(unit, owner="alice"), quiet=True)
    assert _credits(bank) == {
        "total_credits": 500,
        "available_credits": 450,
        "reserved_credits": 50,
        "expiring_soon": {"amount": 100, "expires_at": "2024-03-01T00:00:00Z"},
    }
    assert bank.world.events == []


def test_cr12_on_the_sample_date_the_same_grant_is_33_days_away_and_not_told(bank: Bank) -> None:
    early = Bank("alice", start=START - timedelta(days=4))
    early.give(150, days=33)
    assert _credits(early)["expiring_soon"] is None
    early.advance(days=3)
    assert _credits(early)["expiring_soon"] == {"amount": 150, "expires_at": "2024-03-01T00:00:00Z"}


def test_cr12_the_hold_of_the_fixture_has_no_end(bank: Bank) -> None:
    bank.do(lambda unit: seed_credits(unit, owner="alice"))
    bank.advance(days=400)
    assert _credits(bank)["reserved_credits"] == 50
    assert _credits(bank)["total_credits"] == 400


def test_cr4_a_grant_is_gone_at_the_second_of_its_expiry(bank: Bank) -> None:
    bank.give(100, days=1)
    bank.advance(seconds=86_399)
    assert _credits(bank)["available_credits"] == 100
    bank.advance(seconds=1)
    assert _credits(bank)["available_credits"] == 0


def test_cr4_an_expired_grant_does_not_count_even_before_the_sweep(bank: Bank) -> None:
    bank.give(100, days=1)
    with bank.world.unit(now=bank.at(days=1)) as unit:
        assert service.balance_of(unit, "alice").total == 0
        assert service.expiring_soon(unit, "alice") is None
        with pytest.raises(DomainError) as caught:
            service.consume(unit, owner="alice", amount=1, reason="x", metadata={})
        assert caught.value.code == "insufficient_credits"


def test_cr7_only_grants_with_exactly_the_earliest_expiry_are_told(bank: Bank) -> None:
    bank.give(30, days=10)
    bank.give(70, days=10)
    bank.give(500, days=11)
    assert _credits(bank)["expiring_soon"] == {"amount": 100, "expires_at": "2024-02-11T00:00:00Z"}


def test_cr7_the_notice_reaches_30_days_ahead_and_not_a_second_more(bank: Bank) -> None:
    bank.give(40, days=31)
    assert _credits(bank)["expiring_soon"] is None
    bank.advance(seconds=86_399)
    assert _credits(bank)["expiring_soon"] is None
    bank.advance(seconds=1)
    assert _credits(bank)["expiring_soon"] == {"amount": 40, "expires_at": "2024-03-03T00:00:00Z"}


def test_cr7_a_grant_without_free_credits_is_passed_over(bank: Bank) -> None:
    bank.give(30, days=5)
    bank.give(40, days=6)
    bank.post("/credits/reserve", {"amount": 30, "reason": "x"})
    assert _credits(bank)["expiring_soon"] == {"amount": 40, "expires_at": "2024-02-07T00:00:00Z"}


def test_cr7_the_event_comes_once_when_the_notice_period_begins(bank: Bank) -> None:
    grant_id = bank.give(100, days=40)
    bank.advance(days=9)
    assert bank.events("credits.expiring_soon") == []
    bank.advance(days=1)
    [event] = bank.events("credits.expiring_soon")
    assert (event.object["grant_id"], event.object["remaining"]) == (grant_id, 100)
    assert event.timestamp == START + timedelta(days=10)
    bank.advance(days=40)
    assert len(bank.events("credits.expiring_soon")) == 1


def test_cr7_a_grant_made_within_the_notice_period_is_told_of_at_once(bank: Bank) -> None:
    bank.give(100, days=29)
    assert bank.event_types() == ["credits.granted", "credits.expiring_soon"]
    bank.advance(days=28)
    assert len(bank.events("credits.expiring_soon")) == 1


def test_cr7_a_spent_grant_is_not_told_of(bank: Bank) -> None:
    bank.give(100, days=40)
    _consume(bank, 100)
    bank.advance(days=41)
    assert bank.events("credits.expiring_soon") == []
    assert bank.events("credits.expired") == []


def test_cr7_credits_that_come_back_within_the_notice_period_are_told_of(bank: Bank) -> None:
    bank.give(100, days=40)
    consumed = bank.post("/credits/consume", {"amount": 100, "reason": "x"}).body["consumption_id"]
    bank.advance(days=11)
    assert bank.events("credits.expiring_soon") == []
    bank.post(f"/credits/consumptions/{consumed}/refund", {"amount": 60})
    bank.post(f"/credits/consumptions/{consumed}/refund", {"amount": 40})
    assert bank.event_types()[2:] == ["credits.refunded", "credits.expiring_soon", "credits.refunded"]


def test_cr7_credits_that_are_released_within_the_notice_period_are_told_of(bank: Bank) -> None:
    grant_id = bank.give(100, days=30, source="adjustment")
    _consume(bank, 100)
    assert [event.object["grant_id"] for event in bank.events("credits.expiring_soon")] == [grant_id]
    later = bank.give(50, days=31)
    held = bank.post("/credits/reserve", {"amount": 50, "reason": "x", "ttl_seconds": 86_400}).body
    bank.advance(seconds=86_399)
    bank.advance(seconds=1)
    assert bank.event_types()[-2:] == ["credits.reservation_expired", "credits.expiring_soon"]
    assert bank.events("credits.expiring_soon")[-1].object["grant_id"] == later
    assert held["status"] == "held"


def test_cr15_the_sweep_books_the_rest_once_and_tells_of_it(bank: Bank) -> None:
    grant_id = bank.give(100, days=1)
    _consume(bank, 30)
    bank.advance(days=1)
    [event] = bank.events("credits.expired")
    assert (event.object["grant_id"], event.object["remaining"]) == (grant_id, 0)
    newest = bank.get("/credits/me/transactions").body["data"][0]
    assert (newest["type"], newest["amount"]) == ("expire", -70)
    assert newest["allocations"] == [{"grant_id": grant_id, "amount": 70}]
    assert bank.balance("credits:alice:available", "credits") == 0
    bank.do(lambda unit: service.sweep(unit, grant_id))
    assert len(bank.events("credits.expired")) == 1
    assert len(bank.get("/credits/me/transactions").body["data"]) == 3


def test_cr11_what_expires_in_two_parts_is_counted_whole(bank: Bank) -> None:
    """Invariant 26: what was free expires with the grant, what was held when it is released."""
    grant_id = bank.give(100, days=1)
    bank.advance(seconds=80_000)
    held = bank.post("/credits/reserve", {"amount": 30, "reason": "x", "ttl_seconds": 86_400}).body
    bank.advance(seconds=6_400)
    grants = bank.world.tables["credit_grants"].rows
    assert (grants[grant_id].expired, grants[grant_id].remaining, grants[grant_id].reserved) == (70, 30, 30)
    bank.post(f"/credits/reservations/{held['reservation_id']}/release")
    assert (grants[grant_id].expired, grants[grant_id].remaining, grants[grant_id].reserved) == (100, 0, 0)


def test_cr7_a_single_credit_expires_soon_too(bank: Bank) -> None:
    bank.give(1, days=5)
    assert _credits(bank)["expiring_soon"] == {"amount": 1, "expires_at": "2024-02-06T00:00:00Z"}


def test_ck1_one_long_step_does_what_many_short_ones_do() -> None:
    """Invariant 37."""
    histories = []
    for steps in ([60], [20, 20, 20], [1] * 60):
        bank = Bank("alice")
        bank.give(100, days=10)
        bank.give(100, days=45)
        for days in steps:
            bank.advance(days=days)
        histories.append((bank.event_types(), bank.get("/credits/me/transactions").body))
    assert histories[0] == histories[1] == histories[2]


def test_cr3_promotional_credits_live_for_90_days(bank: Bank) -> None:
    grant = bank.do(lambda unit: give(unit, user_id="alice", amount=10))
    assert (grant.source, grant.cost_basis, grant.priority) == ("promo", 0, 50)
    assert grant.expires_at == START + timedelta(days=90)


def test_a_grant_makes_its_user_known(bank: Bank) -> None:
    """Rules W-7: provisioned by a control endpoint."""
    bank.give(10, user="carol")
    assert bank.do(lambda unit: is_known(unit, "carol"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, "invalid_amount"),
        ({"amount": 100_000_000}, "amount_too_large"),
        ({"expires_at": START}, "invalid_value"),
        ({"expires_at": START - timedelta(days=1)}, "invalid_value"),
    ],
)
def test_a_bad_grant_is_refused(bank: Bank, change: dict[str, Any], code: str) -> None:
    order = {"user_id": "alice", "amount": 10, **change}
    with pytest.raises(DomainError) as caught:
        bank.do(lambda unit: give(unit, **order))
    assert (caught.value.code, caught.value.param) == (code, next(iter(change)))
    assert _credits(bank)["total_credits"] == 0
