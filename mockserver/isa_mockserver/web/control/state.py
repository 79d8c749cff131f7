"""`/_mock/reset` and `/_mock/state`: start over, save everything, load it again."""

from __future__ import annotations

from pydantic import StrictInt

from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.state import dump, load_proved
from isa_mockserver.web.fields import RequestBody
from isa_mockserver.web.route import Reply

from .answers import ClockBody, StateBody
from .clock import clock_view
from .route import ControlCall, ControlRoute

MAX_STATE_BYTES = 64 * 1_048_576


class StateDocument(RequestBody):
    """What `GET /_mock/state` gave; its parts are the kernel's to judge."""

    version: StrictInt


def reset(call: ControlCall[None, None]) -> Reply:
    """Back to start-up: fixture, clock and ids."""
    call.runtime.reset()
    return Reply(200, clock_view(call.runtime.world))


def save_state(call: ControlCall[None, None]) -> Reply:
    """Everything the World holds, secrets included."""
    world = call.runtime.world
    with world.lock:
        world.catch_up()
        return Reply(200, dump(world))


def load_state(call: ControlCall[StateDocument, None]) -> Reply:
    """Replace everything in the World, or change nothing."""
    document = {"version": call.body.version, **(call.body.model_extra or {})}
    world = call.runtime.world
    try:
        load_proved(world, document)
    except ValueError as error:
        failure = Failure(None, "invalid_value", f"The state cannot be loaded: {error}.")
        raise DomainError.of_failures([failure]) from None
    return Reply(200, clock_view(world))


ROUTES = (
    ControlRoute(
        operation="reset",
        method="POST",
        path="/_mock/reset",
        handler=reset,
        response=ClockBody,
        summary="Back to start-up: fixture, clock and ids",
    ),
    ControlRoute(
        operation="save_state",
        method="GET",
        path="/_mock/state",
        handler=save_state,
        response=StateBody,
        summary="The whole state as one document",
    ),
    ControlRoute(
        operation="load_state",
        method="PUT",
        path="/_mock/state",
        handler=load_state,
        response=ClockBody,
        errors=("invalid_value",),
        body=StateDocument,
        open_ended=True,
        max_body_bytes=MAX_STATE_BYTES,
        summary="Replace the whole state",
    ),
)
