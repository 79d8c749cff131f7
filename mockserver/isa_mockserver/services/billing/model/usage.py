"""Recorded usage, and the sums kept beside it so that a quota is answered at once (rules 4.2, 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec

METRICS = ("api_calls", "storage_gb_hours", "compute_seconds", "bandwidth_mb", "tokens")
"""What can be metered; only `api_calls` has a quota and a price (rules US-2)."""

BILLED_METRIC = "api_calls"
MAX_AHEAD = timedelta(minutes=5)
"""How far in the future a timestamp may lie (rules US-5)."""
LATE_AFTER = timedelta(days=35)
"""From this age on, usage is marked late (rules US-5)."""

Window = Literal["hour", "day", "month"]
Threshold = Literal["usage.quota_warning", "usage.quota_exceeded"]
THRESHOLDS: Mapping[Threshold, int] = {"usage.quota_warning": 80, "usage.quota_exceeded": 100}
"""Event -> per cent of the quota at which it is sent (rules QU-4)."""


class UsageRecord(NamedTuple):
    """One accepted usage event. `series` is (owner, metric), `event_key` (owner, event_id).

    `asked` is what the request said, to tell a repetition from a conflict (rules US-4); `corrects` the
    record that a negative quantity takes back (rules US-3).
    """

    id: str
    owner: str
    created_at: datetime
    series: str
    metric: str
    quantity: int
    timestamp: datetime
    late: bool
    asked: str
    metadata: Mapping[str, str]
    event_id: str | None = None
    event_key: str | None = None
    subscription_id: str | None = None
    corrects: str | None = None

    @property
    def series_month(self) -> str:
        """Where it is found by its time: its series in its UTC month."""
        return month_key(self.series, self.timestamp.year, self.timestamp.month)


def month_key(series: str, year: int, month: int) -> str:
    """What the records of a series in one UTC month share."""
    return f"{series}|{year}-{month}"


class UsageTotal(NamedTuple):
    """The sum of one series over one span; `id` is made of these three."""

    id: str
    owner: str
    created_at: datetime
    quantity: int


class QuotaNotice(NamedTuple):
    """That a threshold of one period was told; `id` is (series, period start, event) (rules QU-4)."""

    id: str
    owner: str
    created_at: datetime


USAGE = TableSpec("usage_records", UsageRecord, ("series", "series_month", "event_key", "corrects"))
USAGE_TOTALS = TableSpec("usage_totals", UsageTotal)
QUOTA_NOTICES = TableSpec("quota_notices", QuotaNotice)
