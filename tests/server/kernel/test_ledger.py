"""The ledger, rules L-1 and L-2, through the Unit that writes it."""

from __future__ import annotations

import pytest

from isa_mockserver.kernel import chart
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Ledger, LedgerError, LedgerTransaction, Posting, Reference
from isa_mockserver.kernel.money import MAX_TOTAL

from .worlds import START, empty_world

ALICE = chart.wallet_available("alice")
BOB = chart.wallet_available("bob")


def deposit(amount: int) -> Posting:
    return Posting(chart.EXTERNAL_CARD, ALICE, amount, "usd")


def test_l2_balances_are_inflow_minus_outflow_and_sum_to_zero() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.post(Reference("deposit", "1"), deposit(5000))
        unit.post(Reference("transfer", "1"), Posting(ALICE, BOB, 1000, "usd"))
        assert unit.balance(ALICE, "usd") == 4000
    assert world.ledger.balance(chart.EXTERNAL_CARD, "usd") == -5000
    assert world.ledger.balance(BOB, "usd") == 1000
    report = world.ledger.check()
    assert (report.ok, report.currencies) == (True, {"usd": 0})


@pytest.mark.parametrize("amount", [0, -1])
def test_l1_a_posting_moves_a_positive_amount(amount: int) -> None:
    with pytest.raises(LedgerError), empty_world().unit() as unit:
        unit.post(Reference("deposit", "1"), deposit(amount))


def test_l1_a_posting_has_two_accounts() -> None:
    with pytest.raises(LedgerError), empty_world().unit() as unit:
        unit.post(Reference("transfer", "1"), Posting(ALICE, ALICE, 1, "usd"))


def test_l1_a_reference_posts_once_within_a_unit_and_over_units() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.post(Reference("deposit", "1"), deposit(1))
        with pytest.raises(LedgerError):
            unit.post(Reference("deposit", "1"), deposit(1))
    with pytest.raises(LedgerError), world.unit() as unit:
        unit.post(Reference("deposit", "1"), deposit(1))
    assert world.ledger.balance(ALICE, "usd") == 1


def test_wallets_never_fall_below_zero_but_the_outside_world_may() -> None:
    world = empty_world()
    with pytest.raises(LedgerError), world.unit() as unit:
        unit.post(Reference("transfer", "1"), Posting(ALICE, BOB, 1, "usd"))
    assert world.ledger.transactions == []


def test_several_postings_are_one_atomic_movement() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.post(Reference("pass-through", "1"), deposit(100), Posting(ALICE, BOB, 100, "usd"))
    assert [world.ledger.balance(account, "usd") for account in (ALICE, BOB)] == [0, 100]
    assert len(world.ledger.transactions) == 1


def test_m7_a_balance_that_json_cannot_carry_is_refused() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.post(Reference("deposit", "1"), deposit(MAX_TOTAL))
    with pytest.raises(DomainError) as caught, world.unit() as unit:
        unit.post(Reference("deposit", "2"), deposit(1))
    assert caught.value.code == "amount_overflow"


def broken(*transactions: LedgerTransaction) -> Ledger:
    ledger = Ledger()
    ledger.transactions = list(transactions)
    return ledger


@pytest.mark.parametrize(
    ("ledger", "complaint"),
    [
        (
            broken(LedgerTransaction(1, START, Reference("a", "1"), (Posting(ALICE, BOB, 5, "usd"),))),
            "falls to -5 usd",
        ),
        (
            broken(LedgerTransaction(1, START, Reference("a", "1"), (Posting(ALICE, BOB, 1, "usd"),))),
            "falls to -1 usd",
        ),
        (broken(LedgerTransaction(1, START, Reference("a", "1"), (deposit(0),))), "not a movement"),
        (broken(LedgerTransaction(2, START, Reference("a", "1"), (deposit(5),))), "is numbered 2"),
        (broken(LedgerTransaction(1, START, Reference("a", "1"), (deposit(-5),))), "not a movement"),
        (broken(*[LedgerTransaction(1, START, Reference("a", "1"), (deposit(5),))] * 2), "posted twice"),
        (broken(LedgerTransaction(1, START, Reference("a", "1"), (deposit(5),))), "kept 0, postings give 5"),
    ],
)
def test_the_check_finds_each_kind_of_damage(ledger: Ledger, complaint: str) -> None:
    report = ledger.check()
    assert not report.ok
    assert any(complaint in violation for violation in report.violations)


def test_the_check_finds_a_currency_that_does_not_sum_to_zero() -> None:
    ledger = Ledger()
    ledger.balances = {(ALICE, "usd"): 7}
    assert "usd: accounts sum to 7" in ledger.check().violations


def test_the_check_says_what_is_kept_where_no_posting_is() -> None:
    ledger = Ledger()
    ledger.balances = {(ALICE, "usd"): 7, (BOB, "usd"): -7}
    assert f"{ALICE} usd: kept 7, postings give 0" in ledger.check().violations


def test_an_account_that_holds_nothing_may_be_kept_or_not() -> None:
    passed_through = (deposit(5), Posting(ALICE, BOB, 5, "usd"))
    ledger = Ledger.of([LedgerTransaction(1, START, Reference("a", "1"), passed_through)])
    del ledger.balances[ALICE, "usd"]
    ledger.balances[chart.wallet_available("carol"), "usd"] = 0
    assert ledger.check().violations == ()
