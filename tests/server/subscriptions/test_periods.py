"""Period arithmetic (rules 5.2): expected dates from the rules' own examples."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.services.subscriptions.model.plans import Interval
from isa_mockserver.services.subscriptions.service.periods import after, seconds_between

from .shop import PRO, Shop


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("anchor", "interval", "ends"),
    [
        ("2024-01-31", "month", ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"]),
        ("2023-01-31", "month", ["2023-02-28", "2023-03-31"]),
        ("2024-02-29", "year", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2024-01-28", "month", ["2024-02-28"]),
        ("2024-12-15", "month", ["2025-01-15"]),
    ],
)
def test_pe2_periods_end_by_the_calendar_of_the_anchor(
    anchor: str, interval: Interval, ends: list[str]
) -> None:
    found = [after(_utc(anchor), interval, count) for count in range(1, len(ends) + 1)]
    assert found == [_utc(end) for end in ends]


def test_pe2_a_month_end_anchor_comes_back_to_the_31st_after_a_year() -> None:
    assert after(_utc("2024-01-31"), "month", 12) == _utc("2025-01-31")
    assert after(_utc("2024-01-31"), "month", 13) == _utc("2025-02-28")


def test_pe1_the_time_of_day_is_kept_to_the_second() -> None:
    anchor = datetime(2024, 1, 31, 13, 5, 59, tzinfo=UTC)
    assert after(anchor, "month", 1) == datetime(2024, 2, 29, 13, 5, 59, tzinfo=UTC)


@given(
    anchor=st.integers(0, 36_500 * 86_400).map(
        lambda seconds: _utc("2000-01-01") + timedelta(seconds=seconds)
    ),
    interval=st.sampled_from(["month", "year"]),
    count=st.integers(1, 60),
)
def test_pe1_periods_touch_and_only_grow(anchor: datetime, interval: Interval, count: int) -> None:
    """Invariant 21: every end is the next start, and none lies before the last."""
    ends = [after(anchor, interval, number) for number in range(count + 1)]
    assert ends[0] == anchor
    assert all(first < second for first, second in pairwise(ends))
    assert all(end.day == min(anchor.day, monthrange(end.year, end.month)[1]) for end in ends)


def test_the_seconds_of_the_rules_examples() -> None:
    """5.4: 2,678,400 in the sample period, 31,622,400 in a year with a leap day."""
    assert seconds_between(_utc("2024-01-28"), _utc("2024-02-28")) == 2_678_400
    assert seconds_between(_utc("2024-02-13"), _utc("2025-02-13")) == 31_622_400


def test_pe1_a_subscription_of_january_31_follows_the_anchor_through_its_renewals() -> None:
    shop = Shop(start=_utc("2024-01-31"))
    shop.subscribe(PRO)
    ends = [shop.subscription()["current_period_end"]]
    for _ in range(4):
        shop.move_to(ends[-1].replace("Z", "+00:00"))
        ends.append(shop.subscription()["current_period_end"])
    days = ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"]
    assert ends == [f"{day}T00:00:00Z" for day in days]


def test_pe3_the_instant_of_the_end_belongs_to_the_next_period(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to("2024-02-27T23:59:59+00:00")
    assert shop.subscription()["current_period_start"] == "2024-01-28T00:00:00Z"
    shop.advance(seconds=1)
    assert shop.subscription()["current_period_start"] == "2024-02-28T00:00:00Z"
