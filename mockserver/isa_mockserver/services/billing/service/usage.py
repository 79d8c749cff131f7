"""Recording usage: every event once, none ever refused for a quota (rules 4.2, QU-2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.quota import Quota
from isa_mockserver.services.billing.model.usage import (
    LATE_AFTER,
    MAX_AHEAD,
    METRICS,
    USAGE,
    UsageRecord,
)
from isa_mockserver.services.ports.invoicing import QuotaPeriod

from .collaborators import Collaborators
from .metering import add_to_sum, series_of
from .quotas import quota_at, quota_of, span_at, tell_crossings


class UsageEvent(NamedTuple):
    """Usage as it is reported. A negative quantity takes back part of the record that it `corrects`."""

    metric: str
    quantity: int
    metadata: Mapping[str, str]
    timestamp: datetime | None = None
    event_id: str | None = None
    subscription_id: str | None = None
    corrects: str | None = None


class Recorded(NamedTuple):
    """A usage record, the quota as it stands, and whether the event was known already."""

    record: UsageRecord
    quota: Quota | None
    duplicate: bool


def record_usage(unit: Unit, ports: Collaborators, owner: str, event: UsageEvent) -> Recorded:
    """Count the event, unless it is known already (rules US-1 to US-5).

    Raises:
        DomainError: `unknown_metric`, `timestamp_in_future`, `timestamp_too_old`, `usage_event_conflict`,
            `usage_record_not_found`, `invalid_quantity`.
    """
    check_metric(event.metric)
    known = _known(unit, owner, event)
    if known:
        return Recorded(known, quota_at(unit, ports, owner, known.metric, known.timestamp), True)
    _check(unit, ports, event)
    at = event.timestamp or unit.now
    period = ports.quota(unit, owner, event.metric, at)
    record = _new_record(unit, owner, event, at, late=_is_late(unit, at, period))
    if period:
        span = span_at(period, at)
        add_to_sum(unit, record, span.start, span.end)
    unit.put(USAGE, record)
    if period is None:
        return Recorded(record, None, False)
    quota = quota_of(unit, owner, event.metric, at, period)
    tell_crossings(unit, owner, quota)
    return Recorded(record, quota, False)


def owner_of_record(unit: Unit, usage_id: str) -> str:
    """Whose usage a record tells.

    Raises:
        DomainError: `usage_record_not_found`.
    """
    record = unit.get(USAGE, usage_id)
    if record is None:
        raise _no_record()
    return record.owner


def check_metric(metric: str) -> str:
    """A metric that can be recorded (rules US-2).

    Raises:
        DomainError: `unknown_metric`.
    """
    if metric not in METRICS:
        raise DomainError(
            "unknown_metric",
            f"There is no metric {metric!r}; use one of {', '.join(METRICS)}.",
            param="metric",
            context={"metrics": list(METRICS)},
        )
    return metric


def _check(unit: Unit, ports: Collaborators, event: UsageEvent) -> None:
    if event.timestamp and event.timestamp > unit.now + MAX_AHEAD:
        raise DomainError(
            "timestamp_in_future",
            f"The timestamp is more than 5 minutes ahead of {format_time(unit.now)}.",
            param="timestamp",
        )
    oldest = unit.now - ports.max_usage_age if ports.max_usage_age else None
    if event.timestamp and oldest and event.timestamp < oldest:
        raise DomainError(
            "timestamp_too_old", f"Usage before {format_time(oldest)} is refused.", param="timestamp"
        )
    if event.corrects is not None:
        _check_correction(unit, event.corrects, event)


def _check_correction(unit: Unit, corrected_id: str, event: UsageEvent) -> None:
    corrected = unit.get(USAGE, corrected_id)
    if corrected is None or corrected.metric != event.metric or corrected.corrects:
        raise _no_record()
    earlier = unit.find(USAGE, "corrects", corrected_id)
    if corrected.quantity + sum(each.quantity for each in earlier) + event.quantity < 0:
        raise DomainError("invalid_quantity", "More would be taken back than was recorded.", param="quantity")


def _no_record() -> DomainError:
    return DomainError(
        "usage_record_not_found", "There is no such usage record to correct.", param="corrects"
    )


def _known(unit: Unit, owner: str, event: UsageEvent) -> UsageRecord | None:
    if event.event_id is None:
        return None
    found = unit.find(USAGE, "event_key", _event_key(owner, event.event_id))
    if found and found[0].asked != _asked(event):
        raise DomainError(
            "usage_event_conflict",
            "This event_id was used for other usage; an event is recorded once.",
            param="event_id",
            context={"usage_id": found[0].id},
        )
    return found[0] if found else None


def _new_record(unit: Unit, owner: str, event: UsageEvent, at: datetime, *, late: bool) -> UsageRecord:
    return UsageRecord(
        id=unit.new_id("usage"),
        owner=owner,
        created_at=unit.now,
        series=series_of(owner, event.metric),
        metric=event.metric,
        quantity=event.quantity,
        timestamp=at,
        late=late,
        asked=_asked(event),
        event_id=event.event_id,
        event_key=_event_key(owner, event.event_id) if event.event_id else None,
        subscription_id=event.subscription_id,
        corrects=event.corrects,
        metadata=event.metadata,
    )


def _is_late(unit: Unit, at: datetime, period: QuotaPeriod | None) -> bool:
    return at < unit.now - LATE_AFTER or (period is not None and period.closed)


def _event_key(owner: str, event_id: str) -> str:
    """Of one user alone: both parts may hold any character, so the owner's length tells where it ends."""
    return f"{len(owner)}|{owner}|{event_id}"


def _asked(event: UsageEvent) -> str:
    stamp = format_time(event.timestamp) if event.timestamp else None
    asked = [
        event.metric,
        event.quantity,
        stamp,
        event.subscription_id,
        event.corrects,
        dict(event.metadata),
    ]
    return json.dumps(asked, sort_keys=True)
