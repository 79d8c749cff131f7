"""ISO 8601 durations: `POST /_mock/clock` {advance}."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from isa_mockserver.web.durations import Duration, parse_duration

START = datetime(2024, 1, 31, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("PT0S", "2024-01-31T10:00:00"),
        ("PT90S", "2024-01-31T10:01:30"),
        ("PT1H30M", "2024-01-31T11:30:00"),
        ("P1D", "2024-02-01T10:00:00"),
        ("P1W", "2024-02-07T10:00:00"),
        ("P31D", "2024-03-02T10:00:00"),
        ("P1M", "2024-02-29T10:00:00"),
        ("P2M", "2024-03-31T10:00:00"),
        ("P13M", "2025-02-28T10:00:00"),
        ("P1Y", "2025-01-31T10:00:00"),
        ("P1Y1M1DT1H1M1S", "2025-03-01T11:01:01"),
        ("P1M1D", "2024-03-01T10:00:00"),
        ("P11M", "2024-12-31T10:00:00"),
    ],
)
def test_a_duration_is_added_by_the_calendar(text: str, then: str) -> None:
    """Months keep the day of the month, or take the last one of a shorter month."""
    assert parse_duration(text).after(START) == datetime.fromisoformat(then + "+00:00")


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1", "1D", "31d", "P1DT", "-P1D", "P-1D", "P1.5D", "PT0.5S", "P1D ", " P1D", "p1d"),
        *("P1D1M", "PT1S1H", "P1H", "P١D", "P1DT1", "P9999999999D", "P1D\n"),
    ],
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P8000Y", "P999999999Y", "P999999999W", "PT999999999999S", "P999999999M"])
def test_a_duration_beyond_the_year_9999_overflows(text: str) -> None:
    with pytest.raises(OverflowError):
        parse_duration(text).after(START)


def test_minutes_and_months_are_told_apart() -> None:
    assert parse_duration("P1M") == Duration(months=1, days=0, seconds=0)
    assert parse_duration("PT1M") == Duration(months=0, days=0, seconds=60)
