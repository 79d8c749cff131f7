"""Period arithmetic: always from the anchor, never from the period before (rules 5.2). Pure."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from datetime import datetime

from isa_mockserver.services.subscriptions.model.plans import Interval

_MONTHS: Mapping[Interval, int] = {"month": 1, "year": 12}
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def after(anchor: datetime, interval: Interval, count: int) -> datetime:
    """The anchor moved by `count` intervals; the day is cut to the length of the month (rules PE-1).

    The time of day is kept to the second.
    """
    months = anchor.year * 12 + anchor.month - 1 + count * _MONTHS[interval]
    year, month = divmod(months, 12)
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, _days_in(year, month)))


def _days_in(year: int, month: int) -> int:
    """The length of a month, of which January is 0."""
    return _DAYS[month] + (month == 1 and isleap(year))


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds from `start` to `end`."""
    delta = end - start
    return delta.days * 86_400 + delta.seconds
