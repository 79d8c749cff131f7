"""`/_mock/events`: what happened, oldest first (rules WH-12)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from isa_mockserver.kernel.clock import parse_time
from isa_mockserver.kernel.events import Event, envelope
from isa_mockserver.kernel.world import World
from isa_mockserver.web.fields import ErrorCode, QueryParams, refuse
from isa_mockserver.web.route import Reply

from .answers import EventPage
from .deliveries import KNOWN_TYPE
from .ledger import DEFAULT_LIMIT, MAX_LIMIT
from .onward import onward
from .route import ControlCall, ControlRoute


def _since(value: Any) -> int | datetime:
    try:
        return int(value) if value.isascii() and value.isdecimal() else parse_time(value)
    except (ValueError, OverflowError):
        raise refuse("invalid_value", "must be a sequence number or an RFC 3339 time") from None


_SINCE = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "format": "date-time"}]}


class EventQuery(QueryParams):
    """`since` is a sequence number (events after it) or a time (events at or after it)."""

    type: Annotated[str, KNOWN_TYPE] | None = None
    since: Annotated[
        int | datetime, BeforeValidator(_since), WithJsonSchema(_SINCE), ErrorCode("invalid_value")
    ] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT), ErrorCode("invalid_limit")] = DEFAULT_LIMIT


def list_events(call: ControlCall[None, EventQuery]) -> Reply:
    """The events after `since`, oldest first; `next_since` goes on where this page ends."""
    world, query = call.runtime.world, call.query
    with world.lock:
        world.catch_up()
        found = _found(world, query)
        last = world.event_sequence
    shown = found[: query.limit]
    has_more = len(found) > query.limit
    return Reply(
        200,
        {
            "data": [envelope(event) for event in shown],
            "has_more": has_more,
            "next_since": shown[-1].sequence if has_more else last,
        },
    )


def _found(world: World, query: EventQuery) -> list[Event]:
    """At most one more than the limit; sequence numbers are gapless from 1."""
    after = query.since if isinstance(query.since, int) else 0
    found: list[Event] = []
    for event in onward(world.events, after):
        if isinstance(query.since, datetime) and event.timestamp < query.since:
            continue
        if query.type in (None, event.type):
            found.append(event)
            if len(found) > query.limit:
                break
    return found


ROUTES = (
    ControlRoute(
        operation="list_events",
        method="GET",
        path="/_mock/events",
        handler=list_events,
        response=EventPage,
        query=EventQuery,
        summary="What happened, oldest first",
    ),
)
