"""The usage and quota endpoints: parse, call the service, render (rules 4.2, 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.schemas.usage import (
    BatchBody,
    QuotaBody,
    QuotaQuery,
    RecordBatch,
    RecordUsage,
    SummaryBody,
    UsageBody,
    UsageQuery,
)
from isa_mockserver.services.billing.service.aggregation import add_up, month_of
from isa_mockserver.services.billing.service.collaborators import Collaborators
from isa_mockserver.services.billing.service.quotas import quota_or_unlimited
from isa_mockserver.services.billing.service.usage import (
    Recorded,
    UsageEvent,
    check_metric,
    owner_of_record,
    record_usage,
)
from isa_mockserver.services.billing.views import quota_view, usage_view
from isa_mockserver.web.route import Call, Principal, Reply, Route
from isa_mockserver.web.validation import validate


def record(call: Call[RecordUsage, None], *, ports: Collaborators) -> Reply:
    """Count one usage event."""
    recorded = _record(call.unit, ports, call.caller, call.body)
    view = usage_view(recorded.record, recorded.quota, duplicate=recorded.duplicate)
    return Reply(200 if recorded.duplicate else 201, view)


def record_batch(call: Call[RecordBatch, None], *, ports: Collaborators) -> Reply:
    """Count up to 100 usage events, each judged alone."""
    accepted = duplicates = 0
    rejected: list[dict[str, Any]] = []
    for index, event in enumerate(call.body.events):
        try:
            recorded = _record(call.unit, ports, call.caller, validate(RecordUsage, _object(event)))
        except DomainError as error:
            rejected.append({"index": index, "code": error.code, "detail": error.detail})
        else:
            duplicates += recorded.duplicate
            accepted += not recorded.duplicate
    return Reply(200, {"accepted": accepted, "duplicates": duplicates, "rejected": rejected})


def get_usage(call: Call[None, UsageQuery]) -> Reply:
    """Answer the caller's usage of one metric, added up by windows."""
    query = call.query
    metric = check_metric(query.metric)
    month_start, month_end = month_of(call.unit.now)
    start, end = query.start or month_start, query.end or month_end
    sums = add_up(call.unit, call.user_id, metric, start, end, query.window)
    return Reply(
        200,
        {
            "metric": metric,
            "start": format_time(start),
            "end": format_time(end),
            "window": query.window,
            "total": sum(each.quantity for each in sums),
            "data": [
                {"start": format_time(s.start), "end": format_time(s.end), "quantity": s.quantity}
                for s in sums
            ],
        },
    )


def get_quota(call: Call[None, QuotaQuery], *, ports: Collaborators) -> Reply:
    """Answer how a quota stands and whether so much more would fit; consumes nothing."""
    metric = check_metric(call.query.metric)
    quota = quota_or_unlimited(call.unit, ports, call.user_id, metric)
    return Reply(200, quota_view(quota, call.query.quantity))


def usage_routes(ports: Collaborators) -> tuple[Route, ...]:
    """The endpoints of usage and quotas, with the port that tells the plan in force."""
    too_old = () if ports.max_usage_age is None else ("timestamp_too_old",)
    return (
        Route(
            operation="record_usage",
            method="POST",
            path=_USAGE,
            handler=partial(record, ports=ports),
            body=RecordUsage,
            response=UsageBody,
            summary="Record usage; never refused for a quota",
            statuses=(201, 200),
            errors=(*_RECORD_ERRORS, *too_old),
            heading="Usage-Based Billing",
            rules=("US-1", "US-2", "US-3", "US-4", "US-5", "QU-1", "QU-2", "QU-4"),
        ),
        Route(
            operation="record_usage_batch",
            method="POST",
            path=f"{_USAGE}/batch",
            handler=partial(record_batch, ports=ports),
            body=RecordBatch,
            response=BatchBody,
            summary="Record up to 100 usage events, each judged alone",
            errors=("missing_field", "invalid_type", "invalid_value"),
            rules=("US-8",),
        ),
        Route(
            operation="get_usage",
            method="GET",
            path=_USAGE,
            handler=get_usage,
            query=UsageQuery,
            response=SummaryBody,
            summary="Usage of one metric, added up by UTC hours, days or months",
            errors=("missing_field", "unknown_metric", "invalid_timestamp", "invalid_value"),
            rules=("US-7",),
        ),
        Route(
            operation="get_quota",
            method="GET",
            path="/api/v1/billing/quota",
            handler=partial(get_quota, ports=ports),
            query=QuotaQuery,
            response=QuotaBody,
            summary="How a quota stands, and whether so much more would fit",
            errors=("unknown_metric", "invalid_quantity"),
            rules=("QU-1", "QU-2", "QU-7"),
        ),
    )


_USAGE = "/api/v1/billing/usage"
_RECORD_ERRORS = (
    "missing_field",
    "unknown_metric",
    "invalid_quantity",
    "invalid_timestamp",
    "timestamp_in_future",
    "usage_event_conflict",
    "usage_record_not_found",
    "permission_denied",
    "invalid_metadata",
)


def _record(unit: Unit, ports: Collaborators, caller: Principal, body: RecordUsage) -> Recorded:
    """Corrections are for admins, and belong to the owner of what they correct (rules US-3)."""
    owner = caller.user_id
    if body.corrects is not None:
        if not caller.is_admin:
            raise DomainError("permission_denied", "Only an admin may correct usage.", param="corrects")
        owner = owner_of_record(unit, body.corrects)
    event = UsageEvent(
        metric=body.metric,
        quantity=body.quantity,
        timestamp=body.timestamp,
        event_id=body.event_id,
        subscription_id=body.subscription_id,
        corrects=body.corrects,
        metadata=body.metadata,
    )
    return record_usage(unit, ports, owner, event)


def _object(event: Any) -> Mapping[str, Any]:
    if not isinstance(event, Mapping):
        raise DomainError("invalid_type", "An event must be an object.")
    return event
