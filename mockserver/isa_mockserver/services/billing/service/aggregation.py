"""Usage added up by calendar windows, zero-filled (rules US-7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.usage import Window

from .metering import records_in, series_of

MAX_WINDOWS = 1000


class WindowSum(NamedTuple):
    """The quantity used in [start, end)."""

    start: datetime
    end: datetime
    quantity: int


def add_up(
    unit: Unit, owner: str, metric: str, start: datetime, end: datetime, window: Window
) -> list[WindowSum]:
    """The user's usage in [start, end) by UTC hours, days or months; the outer ones are cut to fit.

    Raises:
        DomainError: `invalid_value` for an empty stretch or one of over 1000 windows.
    """
    edges = _edges(start, end, window)
    sums = [0] * (len(edges) - 1)
    for record in records_in(unit, series_of(owner, metric), start, end):
        sums[bisect_right(edges, record.timestamp) - 1] += record.quantity
    return [WindowSum(edges[i], edges[i + 1], quantity) for i, quantity in enumerate(sums)]


def month_of(moment: datetime) -> tuple[datetime, datetime]:
    """The UTC calendar month that holds the moment, as [start, end)."""
    start = moment.replace(day=1, hour=0, minute=0, second=0)
    return start, _next_month(start)


def _edges(start: datetime, end: datetime, window: Window) -> list[datetime]:
    if start >= end:
        raise DomainError("invalid_value", "'start' must be before 'end'.", param="start")
    edges = [start]
    while edges[-1] < end:
        if len(edges) > MAX_WINDOWS:
            raise DomainError("invalid_value", f"That is over {MAX_WINDOWS} windows.", param="window")
        edges.append(min(end, _NEXT[window](edges[-1])))
    return edges


def _next_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0) + timedelta(hours=1)


def _next_day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0) + timedelta(days=1)


def _next_month(moment: datetime) -> datetime:
    return (moment.replace(day=1, hour=0, minute=0, second=0) + timedelta(days=32)).replace(day=1)


_NEXT: Mapping[Window, Callable[[datetime], datetime]] = {
    "hour": _next_hour,
    "day": _next_day,
    "month": _next_month,
}
