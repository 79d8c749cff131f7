"""Money back, credits back (rules CR-14, RF-2, RF-5)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.services.credits.model import Grant
from tests.server.wallets.bank import START, Bank, Got


def _buy(bank: Bank, package: str = "credits_1000", method: str = "pm_card_visa") -> str:
    body = {"package": package, "payment_method_id": method}
    return str(bank.post("/credits/purchase", body).body["payment_intent_id"])


def _refund(bank: Bank, intent_id: str, amount: int | None = None) -> Got:
    return bank.post(f"/payments/{intent_id}/refund", None if amount is None else {"amount": amount})


def _total(bank: Bank) -> int:
    return int(bank.get("/credits/me").body["total_credits"])


def _history(bank: Bank) -> list[tuple[str, int]]:
    rows: list[dict[str, Any]] = bank.get("/credits/me/transactions").body["data"]
    return [(row["type"], row["amount"]) for row in rows]


def test_cr14_2000_of_8000_cents_take_back_250_of_1000_credits(bank: Bank) -> None:
    intent_id = _buy(bank)
    assert _refund(bank, intent_id, 2000).status == 201
    assert _total(bank) == 750
    assert _history(bank) == [("revoke", -250), ("purchase", 1000)]
    assert bank.balance("platform:revenue:credits", "usd") == 6000


def _bought(bank: Bank) -> Grant:
    [grant] = bank.world.tables["credit_grants"].rows.values()
    assert isinstance(grant, Grant)
    return grant


def test_cr14_a_grant_counts_what_was_taken_back_and_is_void_when_that_was_all(bank: Bank) -> None:
    """Invariant 26; CR-3 `voided_at`."""
    intent_id = _buy(bank)
    for money, revoked in ((2000, 250), (2000, 500)):
        _refund(bank, intent_id, money)
        grant = _bought(bank)
        assert (grant.revoked, grant.remaining, grant.voided_at) == (revoked, 1000 - revoked, None)
    _refund(bank, intent_id)
    assert (_bought(bank).revoked, _bought(bank).remaining) == (1000, 0)
    assert _bought(bank).voided_at == START


def test_rf2_a_refund_that_fails_leaves_the_grant_as_it_was(bank: Bank) -> None:
    intent_id = _buy(bank, method="pm_card_refundFail")
    before = _bought(bank)
    _refund(bank, intent_id)
    assert _bought(bank).voided_at == START
    bank.advance(days=1)
    assert _bought(bank) == before


@pytest.mark.parametrize(("money", "revoked"), [(1, 1), (8, 1), (9, 2), (7999, 1000), (8000, 1000)])
def test_cr14_a_part_of_a_credit_counts_as_a_whole_one(bank: Bank, money: int, revoked: int) -> None:
    """ceil(money * 1000 / 8000)."""
    _refund(bank, _buy(bank), money)
    assert _total(bank) == 1000 - revoked


def test_cr14_many_small_refunds_take_no_more_than_one_large_one(bank: Bank) -> None:
    intent_id = _buy(bank, "credits_100")
    for amount in (1, 1, 8, 5):
        assert _refund(bank, intent_id, amount).status == 201
    assert _total(bank) == 98
    assert _refund(bank, intent_id).status == 201
    assert _total(bank) == 0


def test_cr14_only_the_grant_of_that_purchase_is_touched(bank: Bank) -> None:
    intent_id = _buy(bank)
    bank.give(600)
    bank.post("/credits/consume", {"amount": 900, "reason": "x"})
    got = _refund(bank, intent_id, 2000)
    assert (got.status, got.code) == (409, "credits_already_consumed")
    assert got.body["context"] == {"required": 250, "available": 100}
    assert _refund(bank, intent_id, 800).status == 201
    assert _total(bank) == 600


def test_cr14_held_credits_cannot_be_taken_back(bank: Bank) -> None:
    intent_id = _buy(bank, "credits_100")
    reservation = bank.post("/credits/reserve", {"amount": 100, "reason": "x"}).body["reservation_id"]
    assert _refund(bank, intent_id, 10).code == "credits_already_consumed"
    assert bank.events("refund.created") == []
    bank.post(f"/credits/reservations/{reservation}/release")
    assert _refund(bank, intent_id).status == 201
    assert _total(bank) == 0


def test_cr14_a_purchase_that_expired_cannot_be_refunded(bank: Bank) -> None:
    """An expired grant has nothing left to take back; past 180 days RF-7 answers first."""
    intent_id = _buy(bank)
    bank.advance(days=366)
    assert _refund(bank, intent_id).status == 409


def test_rf2_a_refund_that_fails_gives_the_credits_back(bank: Bank) -> None:
    intent_id = _buy(bank, method="pm_card_refundFail")
    _refund(bank, intent_id, 2000)
    assert _total(bank) == 750
    bank.advance(days=1)
    assert _total(bank) == 1000
    assert _history(bank) == [("refund", 250), ("revoke", -250), ("purchase", 1000)]
    assert _refund(bank, intent_id, 2000).status == 201
    assert _total(bank) == 750


def test_rf2_a_pending_refund_takes_the_credits_at_once_and_once(bank: Bank) -> None:
    intent_id = _buy(bank, method="pm_card_pendingRefund")
    _refund(bank, intent_id, 2000)
    bank.advance(days=1)
    assert _total(bank) == 750


def test_cr14_the_refund_of_another_payment_takes_no_credits(bank: Bank) -> None:
    _buy(bank)
    intent = bank.post("/payments/intent", {"amount": 2000, "currency": "usd"}).body["payment_intent_id"]
    bank.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": "pm_card_visa"})
    _refund(bank, intent)
    assert _total(bank) == 1000


def test_cr14_after_a_failed_refund_the_next_one_is_counted_as_the_first(bank: Bank) -> None:
    """One cent stands for the eighth of a credit, and takes a whole one, each time that it is the first."""
    intent_id = _buy(bank, method="pm_card_refundFail")
    totals = []
    for _ in range(2):
        _refund(bank, intent_id, 1)
        totals.append(_total(bank))
        bank.advance(days=1)
        totals.append(_total(bank))
    assert totals == [999, 1000, 999, 1000]


def test_cr16_a_refund_that_took_no_credit_gives_none_back_and_writes_no_line(bank: Bank) -> None:
    """The second cent is paid for by the credit that the first one took."""
    intent_id = _buy(bank, method="pm_card_refundFail")
    _refund(bank, intent_id, 1)
    _refund(bank, intent_id, 1)
    bank.advance(days=1)
    assert _total(bank) == 1000
    assert sorted(amount for _, amount in _history(bank)) == [-1, 1, 1000]
