"""When attempts are made (rules WH-6, WH-7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.webhooks.outcome import answer
from isa_mockserver.webhooks.schedule import next_attempt

START = datetime(2024, 1, 28, 10, tzinfo=UTC)
MINUTE, HOUR = 60, 3600
DELAYS_S = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]


def test_wh7_ten_attempts_the_last_at_75_hours_35_minutes_and_5_seconds() -> None:
    at, made = START, [START]
    while (following := next_attempt(at, len(made), retry_after_s=None, jitter_of=None)) is not None:
        made.append(at := following)
    steps = [int((later - earlier).total_seconds()) for earlier, later in pairwise(made)]
    assert steps == DELAYS_S
    assert len(made) == 10
    assert made[-1] - START == timedelta(hours=75, minutes=35, seconds=5)


@given(tries=st.integers(1, 9), name=st.text(max_size=20))
def test_wh7_the_jitter_adds_up_to_a_tenth(tries: int, name: str) -> None:
    due = next_attempt(START, tries, retry_after_s=None, jitter_of=name)
    assert due is not None
    delay = DELAYS_S[tries - 1]
    assert delay <= (due - START).total_seconds() <= delay + delay / 10


def test_wh7_the_jitter_spreads_deliveries() -> None:
    dues = {next_attempt(START, 9, retry_after_s=None, jitter_of=f"evt_{n}:wh_1") for n in range(100)}
    assert len(dues) > 80


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(None, 300), (0, 300), (299, 300), (301, 301), (7200, 7200), (86_400, 86_400), (86_401, 86_400)],
)
def test_wh6_a_receiver_is_not_asked_again_before_the_time_it_names(asked: int | None, waits: int) -> None:
    """The schedule's own delay stays the least; 24 hours are the most that a receiver can ask for."""
    due = next_attempt(START, 2, retry_after_s=asked, jitter_of=None)
    assert due is not None
    assert (due - START).total_seconds() == waits


@pytest.mark.parametrize(
    ("status", "header", "expected"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, " 7 ", 7),
        (503, "Sun, 28 Jan 2024 10:02:00 GMT", 120),
        (503, "Sun, 28 Jan 2024 09:00:00 GMT", 0),
        (500, "120", None),
        (503, None, None),
        (503, "", None),
        (503, "soon", None),
        (503, "-5", None),
        (503, "1.5", None),
        (429, "9" * 400, 999_999_999),
    ],
)
def test_wh6_retry_after_counts_on_429_and_503_in_both_of_its_forms(
    status: int, header: str | None, expected: int | None
) -> None:
    assert answer(status, {} if header is None else {"retry-after": header}, START).retry_after_s == expected


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_wh6_any_2xx_is_a_success(status: int) -> None:
    assert answer(status, {}, START).ok


@pytest.mark.parametrize("status", [100, 199, 301, 302, 307, 308, 400, 404, 409, 410, 429, 500, 503])
def test_wh6_every_other_status_is_a_failure(status: int) -> None:
    assert not answer(status, {}, START).ok
