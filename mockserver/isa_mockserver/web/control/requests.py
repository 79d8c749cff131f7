"""`/_mock/requests`: what was asked and answered, for assertions and for finding out (rules AD-1)."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from pydantic import Field

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.web.fields import ErrorCode, QueryParams, matching
from isa_mockserver.web.journal import Entry, Wanted
from isa_mockserver.web.route import Reply

from .answers import ClearedBody
from .ledger import DEFAULT_LIMIT, MAX_LIMIT
from .route import ControlCall, ControlRoute
from .tool_answers import RequestPage

_STATUS = matching(r"[1-5]([0-9][0-9]|xx)|none", "must be a status such as 402, a class such as 4xx, or none")


class RequestQuery(QueryParams):
    """Filters; `status` may be a class such as `4xx`, `since` is a sequence number."""

    operation: str | None = None
    service: str | None = None
    user: str | None = None
    status: Annotated[str, _STATUS] | None = None
    code: str | None = None
    method: str | None = None
    path: str | None = None
    fault: str | None = None
    since: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT), ErrorCode("invalid_limit")] = DEFAULT_LIMIT


def list_requests(call: ControlCall[None, RequestQuery]) -> Reply:
    """The requests that fit, oldest first, counts of all that fit, and how many the journal dropped."""
    journal, query = call.runtime.journal, call.query
    wanted = Wanted(**query.model_dump(include=set(Wanted._fields)))
    kept = journal.all()
    fitting = wanted.among(entry for entry in kept if entry.sequence > query.since)
    shown = fitting[: query.limit]
    has_more = len(fitting) > query.limit
    return Reply(
        200,
        {
            "data": [entry_view(entry) for entry in shown],
            "has_more": has_more,
            "next_since": shown[-1].sequence if has_more else journal.last,
            "counts": counts_of(fitting),
            "kept": len(kept),
            "dropped": journal.dropped,
        },
    )


def clear_requests(call: ControlCall[None, None]) -> Reply:
    """Forget what was asked so far."""
    return Reply(200, {"cleared": call.runtime.journal.clear()})


def counts_of(entries: list[Entry]) -> dict[str, Any]:
    """How many, altogether and by operation and status."""
    return {
        "total": len(entries),
        "by_operation": _sorted_counts(entry.operation or "none" for entry in entries),
        "by_status": _sorted_counts(str(entry.status or "none") for entry in entries),
    }


def entry_view(entry: Entry) -> dict[str, Any]:
    """A request as the control API shows it, redacted."""
    return {
        "sequence": entry.sequence,
        "at": format_time(entry.at),
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "service": entry.service,
        "operation": entry.operation,
        "user": entry.user,
        "status": entry.status,
        "code": entry.code,
        "request_id": entry.request_id,
        "latency_ms": round(entry.latency_ms, 3),
        "replayed": entry.replayed,
        "warning": entry.warning,
        "fault": entry.fault,
        "body": entry.body,
    }


def _sorted_counts(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


ROUTES = (
    ControlRoute(
        operation="list_requests",
        method="GET",
        path="/_mock/requests",
        handler=list_requests,
        response=RequestPage,
        query=RequestQuery,
        summary="What was asked and answered, oldest first, with counts",
    ),
    ControlRoute(
        operation="clear_requests",
        method="DELETE",
        path="/_mock/requests",
        handler=clear_requests,
        response=ClearedBody,
        summary="Forget what was asked so far",
    ),
)
