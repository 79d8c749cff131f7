"""Sums of recorded usage over stretches of time (rules 4.2)."""

from __future__ import annotations

from datetime import datetime

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.usage import USAGE, USAGE_TOTALS, UsageRecord, UsageTotal


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


def _counted(unit: Unit, series: str, start: datetime, end: datetime) -> int:
    records = unit.find(USAGE, "series", series)
    return sum(record.quantity for record in records if start <= record.timestamp < end)


def _total_id(series: str, start: datetime, end: datetime) -> str:
    return f"{series}|{format_time(start)}|{format_time(end)}"
