"""Sums of recorded usage over stretches of time (rules 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.usage import (
    USAGE,
    USAGE_TOTALS,
    UsageRecord,
    UsageTotal,
    month_key,
)


def series_of(owner: str, metric: str) -> str:
    """The name under which one user's usage of one metric is found."""
    return f"{owner}|{metric}"


def used_in(unit: Unit, series: str, start: datetime, end: datetime) -> int:
    """The quantity used in [start, end): kept, or counted where no sum is kept for this stretch."""
    kept = unit.get(USAGE_TOTALS, _total_id(series, start, end))
    return kept.quantity if kept else _counted(unit, series, start, end)


def add_to_sum(unit: Unit, record: UsageRecord, start: datetime, end: datetime) -> None:
    """Add a record that lies in [start, end) to the kept sum of that stretch, before it is stored."""
    total_id = _total_id(record.series, start, end)
    kept = unit.get(USAGE_TOTALS, total_id) or UsageTotal(
        total_id, record.owner, unit.now, _counted(unit, record.series, start, end)
    )
    unit.put(USAGE_TOTALS, kept._replace(quantity=kept.quantity + record.quantity))


def records_in(unit: Unit, series: str, start: datetime, end: datetime) -> Iterator[UsageRecord]:
    """The records of [start, end), month by month: what lies outside of these months costs nothing."""
    for number in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        year, month = number // 12, number % 12 + 1
        for record in unit.find(USAGE, "series_month", month_key(series, year, month)):
            if start <= record.timestamp < end:
                yield record


def _counted(unit: Unit, series: str, start: datetime, end: datetime) -> int:
    return sum(record.quantity for record in records_in(unit, series, start, end))


def _total_id(series: str, start: datetime, end: datetime) -> str:
    return f"{series}|{format_time(start)}|{format_time(end)}"
