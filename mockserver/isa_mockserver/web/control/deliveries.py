"""`/_mock/events/{id}`: how an event was delivered, and once more; and examples on demand (rules WH-12)."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import Field, StrictStr

from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.events import CATALOGUE, Event, envelope
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import World
from isa_mockserver.web.fields import Check, ErrorCode, RequestBody, Token, refuse
from isa_mockserver.web.route import Reply
from isa_mockserver.webhooks.model import DELIVERIES
from isa_mockserver.webhooks.redelivery import redeliver
from isa_mockserver.webhooks.trigger import MisfitError, trigger
from isa_mockserver.webhooks.views import delivery_view

from .answers import DeliveryList, DeliveryPage, EventBody
from .route import ControlCall, ControlRoute
from .users import Subject

DEFAULT_USER = "user_456"


def known_type(type_: str) -> str:
    """The type, if the catalogue has it; for validators."""
    if type_ not in CATALOGUE:
        near = get_close_matches(type_, CATALOGUE, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise refuse("unknown_event_type", f"is not an event type of the catalogue{hint}")
    return type_


KNOWN_TYPE = Check(known_type, "unknown_event_type", enum=list(CATALOGUE))


class Trigger(RequestBody):
    """An example event of `type` for `user`; `object` replaces fields of the example."""

    type: Annotated[StrictStr, KNOWN_TYPE, ErrorCode("unknown_event_type")]
    user: Subject = DEFAULT_USER
    object: dict[str, Any] = Field(default_factory=dict)


class Redeliver(RequestBody):
    """To one endpoint, or to all enabled ones that take the type."""

    webhook_id: Token | None = None


def show_event(call: ControlCall[None, None]) -> Reply:
    """One event."""
    return Reply(200, envelope(_find(call.runtime.world, call.path["id"])))


def list_deliveries(call: ControlCall[None, None]) -> Reply:
    """How an event was delivered: every endpoint, every attempt."""
    event = _find(call.runtime.world, call.path["id"])
    found = call.commit(lambda unit: unit.find(DELIVERIES, "event_id", event.id))
    shown = [delivery_view(delivery) for delivery in found]
    return Reply(200, {"data": shown, "has_more": False, "next_cursor": None})


def redeliver_event(call: ControlCall[Redeliver, None]) -> Reply:
    """Send an event once more: the same id, a new time and signature."""
    event = _find(call.runtime.world, call.path["id"])
    again = call.commit(lambda unit: redeliver(unit, event, call.body.webhook_id))
    return Reply(202, {"data": [delivery_view(each) for each in again]})


def trigger_event(call: ControlCall[Trigger, None]) -> Reply:
    """Send an example of any event; its object is stored nowhere."""
    wanted = call.body

    def work(unit: Unit) -> None:
        try:
            trigger(unit, wanted.type, wanted.user, wanted.object)
        except MisfitError as error:
            failure = Failure(f"object.{error.field}", "invalid_value", f"{error}.")
            raise DomainError.of_failures([failure]) from None

    world = call.runtime.world
    with world.lock:
        call.commit(work)
        return Reply(201, envelope(world.events[-1]))


def _find(world: World, event_id: str) -> Event:
    with world.lock:
        world.catch_up()
        found: Event | None = next((each for each in reversed(world.events) if each.id == event_id), None)
    if found is None:
        raise DomainError("event_not_found", "There is no such event.")
    return found


ROUTES = (
    ControlRoute(
        operation="trigger_event",
        method="POST",
        path="/_mock/events/trigger",
        handler=trigger_event,
        response=EventBody,
        statuses=(201,),
        errors=("invalid_value",),
        body=Trigger,
        summary="Send an example of any event",
    ),
    ControlRoute(
        operation="show_event",
        method="GET",
        path="/_mock/events/{id}",
        handler=show_event,
        response=EventBody,
        errors=("event_not_found",),
        summary="One event",
    ),
    ControlRoute(
        operation="list_deliveries",
        method="GET",
        path="/_mock/events/{id}/deliveries",
        handler=list_deliveries,
        response=DeliveryPage,
        errors=("event_not_found",),
        summary="How an event was delivered",
    ),
    ControlRoute(
        operation="redeliver_event",
        method="POST",
        path="/_mock/events/{id}/redeliver",
        handler=redeliver_event,
        response=DeliveryList,
        statuses=(202,),
        errors=("event_not_found", "webhook_endpoint_not_found", "invalid_value"),
        body=Redeliver,
        body_optional=True,
        summary="Send an event once more",
    ),
)
