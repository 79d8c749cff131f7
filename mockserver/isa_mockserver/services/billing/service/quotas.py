"""How far a quota is used, and the notices on the way (rules 4.3)."""

from __future__ import annotations

from datetime import datetime

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.quota import Quota
from isa_mockserver.services.billing.model.usage import QUOTA_NOTICES, THRESHOLDS, QuotaNotice
from isa_mockserver.services.billing.views import quota_view
from isa_mockserver.services.ports.invoicing import QuotaPeriod, QuotaSpan

from .aggregation import month_of
from .collaborators import Collaborators
from .metering import series_of, used_in


def quota_at(unit: Unit, ports: Collaborators, owner: str, metric: str, at: datetime) -> Quota | None:
    """The quota in force at an instant, or None for a metric that has none (rules QU-6)."""
    period = ports.quota(unit, owner, metric, at)
    return None if period is None else quota_of(unit, owner, metric, at, period)


def quota_or_unlimited(unit: Unit, ports: Collaborators, owner: str, metric: str) -> Quota:
    """The quota in force now; a metric without one is unlimited, counted by UTC months."""
    found = quota_at(unit, ports, owner, metric, unit.now)
    if found:
        return found
    start, end = month_of(unit.now)
    used = used_in(unit, series_of(owner, metric), start, end)
    return Quota(metric=metric, limit=None, soft=False, used=used, start=start, end=end, closed=False)


def quota_of(unit: Unit, owner: str, metric: str, at: datetime, period: QuotaPeriod) -> Quota:
    """How the period's quota stands, by the limit that is in force at `at`."""
    series, span = series_of(owner, metric), span_at(period, at)
    return Quota(
        metric=metric,
        limit=span.limit,
        soft=span.unit_price is not None,
        used=sum(used_in(unit, series, each.start, each.end) for each in period.spans),
        start=period.start,
        end=period.end,
        closed=period.closed,
    )


def span_at(period: QuotaPeriod, at: datetime) -> QuotaSpan:
    """The stretch of the period that holds the instant."""
    return next(span for span in period.spans if span.start <= at < span.end)


def tell_crossings(unit: Unit, owner: str, quota: Quota) -> None:
    """Send each threshold's event at its first crossing in the period (rules QU-4)."""
    if quota.limit is None:
        return
    for event, per_cent in THRESHOLDS.items():
        notice_id = f"{series_of(owner, quota.metric)}|{quota.start.isoformat()}|{event}"
        reached = quota.used * 100 >= quota.limit * per_cent
        if reached and unit.get(QUOTA_NOTICES, notice_id) is None:
            unit.put(QUOTA_NOTICES, QuotaNotice(notice_id, owner, unit.now))
            unit.emit(event, owner, quota_view(quota))
