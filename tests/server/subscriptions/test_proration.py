"""Proration as pure arithmetic (rules 5.4): expected numbers from the rules' examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.services.subscriptions.model.plans import Plan
from isa_mockserver.services.subscriptions.service.periods import after, seconds_between
from isa_mockserver.services.subscriptions.service.proration import (
    Running,
    direction,
    plan_change,
    unused_credit,
)

from .shop import CATALOGUE, ENTERPRISE, FREE, PLUS, PRO

START = datetime(2024, 1, 28, tzinfo=UTC)


def _running(plan_id: str = PRO, start: datetime = START, charged: int | None = None) -> Running:
    plan = CATALOGUE[plan_id]
    end = after(start, plan.interval, 1)
    return Running(
        plan=plan,
        anchor=start,
        period_number=1,
        start=start,
        end=end,
        charged=plan.price if charged is None else charged,
        charged_seconds=seconds_between(start, end),
    )


def _amounts(running: Running, new: str, at: datetime, *, prorate: bool = True) -> list[int]:
    change = plan_change(running, CATALOGUE[new], at, prorate=prorate)
    return [line.quantity * line.unit_price for line in change.lines]


@pytest.mark.parametrize(
    ("a_month", "a_year", "way"),
    [
        (30_000, 299_900, "downgrade"),
        (100, 1_199, "downgrade"),
        (100, 1_200, "lateral"),
        (100, 1_201, "upgrade"),
    ],
)
def test_ch11_a_change_goes_up_or_down_by_what_the_plans_cost_in_a_year(
    a_month: int, a_year: int, way: str
) -> None:
    """A month's price counts twelve times."""
    monthly = CATALOGUE[PRO]._replace(price=a_month)
    annual = CATALOGUE[ENTERPRISE]._replace(price=a_year)
    back = {"downgrade": "upgrade", "lateral": "lateral", "upgrade": "downgrade"}
    assert direction(monthly, annual) == way
    assert direction(annual, monthly) == back[way]


def test_ch1_half_a_period_gives_1500_back_and_costs_4950() -> None:
    half = datetime(2024, 2, 12, 12, tzinfo=UTC)
    assert _amounts(_running(), PLUS, half) == [-1500, 4950]


def test_ch1_the_lines_say_what_they_are_for() -> None:
    change = plan_change(_running(), CATALOGUE[PLUS], START + timedelta(days=1), prorate=True)
    assert [line.description for line in change.lines] == [
        "Unused time on Pro Monthly",
        "Remaining time on Plus",
    ]
    assert (change.period_start, change.period_end) == (START, datetime(2024, 2, 28, tzinfo=UTC))


def test_ch2_month_to_year_credits_1451_and_starts_a_year_now() -> None:
    at = datetime(2024, 2, 13, tzinfo=UTC)
    change = plan_change(_running(), CATALOGUE[ENTERPRISE], at, prorate=True)
    assert [line.unit_price for line in change.lines] == [-1451, 299_900]
    assert (change.anchor, change.period_start) == (at, at)
    assert change.period_end == datetime(2025, 2, 13, tzinfo=UTC)


def test_ch3_year_to_month_credits_160602() -> None:
    enterprise = _running(ENTERPRISE, datetime(2024, 2, 13, tzinfo=UTC))
    assert _amounts(enterprise, PRO, datetime(2024, 8, 1, tzinfo=UTC)) == [-160_602, 2_999]


def test_ch4_without_proration_the_same_interval_costs_nothing_now() -> None:
    change = plan_change(_running(), CATALOGUE[PLUS], START + timedelta(days=9), prorate=False)
    assert (change.lines, change.charged) == ((), None)


def test_ch4_without_proration_another_interval_costs_its_full_price() -> None:
    assert _amounts(_running(), ENTERPRISE, START + timedelta(days=9), prorate=False) == [299_900]


def test_ch8_to_free_from_monthly_keeps_the_period_and_only_credits() -> None:
    half = datetime(2024, 2, 12, 12, tzinfo=UTC)
    change = plan_change(_running(), CATALOGUE[FREE], half, prorate=True)
    assert [line.unit_price for line in change.lines] == [-1500]
    assert (change.anchor, change.period_start) == (START, START)


def test_ch9_in_the_first_second_the_whole_charge_comes_back() -> None:
    assert unused_credit(_running(), START) == 2_999


def test_ch9_in_the_last_second_nothing_comes_back() -> None:
    assert unused_credit(_running(), _running().end - timedelta(seconds=1)) == 0


def test_the_basis_is_what_was_really_charged() -> None:
    """Rules 5.4, RF-9: refunds and later charges change A; half of 1999 rounds away from zero."""
    assert unused_credit(_running(charged=1_999), datetime(2024, 2, 12, 12, tzinfo=UTC)) == 1_000
    assert unused_credit(_running(charged=0), START) == 0


def _plan(price: int, name: str) -> Plan:
    return Plan(id=name, name=name, price=price, interval="month", quota=None)


@given(price=st.integers(1, 99_999_999), second=st.integers(0, 2_678_399))
def test_the_credit_never_passes_the_charge_and_is_the_nearest_cent(price: int, second: int) -> None:
    """Invariant 22."""
    running = _running(charged=price)
    credit = unused_credit(running, START + timedelta(seconds=second))
    exact = Fraction(price * (2_678_400 - second), 2_678_400)
    assert 0 <= credit <= price
    assert abs(credit - exact) <= Fraction(1, 2)


@given(price=st.integers(1, 99_999_999), second=st.integers(0, 2_678_399))
def test_the_same_price_and_interval_nets_to_nothing(price: int, second: int) -> None:
    """Invariant 22."""
    running = Running(
        plan=_plan(price, "old"),
        anchor=START,
        period_number=1,
        start=START,
        end=after(START, "month", 1),
        charged=price,
        charged_seconds=2_678_400,
    )
    change = plan_change(running, _plan(price, "new"), START + timedelta(seconds=second), prorate=True)
    assert sum(line.unit_price for line in change.lines) == 0


@given(
    prices=st.lists(st.integers(1, 99_999_999), min_size=2, max_size=6),
    seconds=st.lists(st.integers(0, 2_678_399), min_size=6, max_size=6),
)
def test_repeated_changes_never_credit_more_than_was_charged(prices: list[int], seconds: list[int]) -> None:
    """Invariant 22: the sum of credits stays within the sum of charges, step by step."""
    end = after(START, "month", 1)
    running = Running(
        plan=_plan(prices[0], "0"),
        anchor=START,
        period_number=1,
        start=START,
        end=end,
        charged=prices[0],
        charged_seconds=2_678_400,
    )
    for number, (price, second) in enumerate(zip(prices[1:], sorted(seconds), strict=False), start=1):
        change = plan_change(
            running, _plan(price, str(number)), START + timedelta(seconds=second), prorate=True
        )
        assert 0 <= change.credit <= running.charged
        assert change.charged is not None
        running = Running(
            plan=_plan(price, str(number)),
            anchor=START,
            period_number=1,
            start=START,
            end=end,
            charged=change.charged,
            charged_seconds=change.seconds,
        )
