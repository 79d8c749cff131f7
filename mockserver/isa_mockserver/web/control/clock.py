"""`/_mock/clock`: look at time, move it, stop it (rules CK-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.world import Ran, World
from isa_mockserver.web.durations import DURATION_PATTERN, Duration, parse_duration
from isa_mockserver.web.fields import Flag, Refuses, RequestBody, Timestamp, refuse
from isa_mockserver.web.route import Reply

from .answers import ClockBody, MovedBody
from .route import ControlCall, ControlRoute


def _advance(value: Any) -> Duration | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return Duration(months=0, days=0, seconds=value)
    if not isinstance(value, str):
        raise refuse("invalid_type", "must be whole seconds or an ISO 8601 duration")
    try:
        return parse_duration(value)
    except ValueError:
        raise refuse(
            "invalid_value", "must be an ISO 8601 duration of whole numbers, such as P31D, P1M or PT1H30M"
        ) from None


_ADVANCE = {
    "anyOf": [
        {"type": "integer", "description": "Seconds"},
        {"type": "string", "description": "ISO 8601, whole numbers", "pattern": DURATION_PATTERN},
        {"type": "null"},
    ],
    "examples": ["P31D", 3600],
}


class MoveClock(RequestBody):
    """`advance` is seconds or an ISO 8601 duration; `to` sets the time and freezes it there."""

    advance: Annotated[
        Duration | None, BeforeValidator(_advance), WithJsonSchema(_ADVANCE), Refuses("invalid_value")
    ] = None
    to: Timestamp | None = None
    freeze: Flag = False
    unfreeze: Flag = False


def show_clock(call: ControlCall[None, None]) -> Reply:
    """The World's time, and whether it stands still."""
    world = call.runtime.world
    world.catch_up()
    return Reply(200, clock_view(world))


def move_clock(call: ControlCall[MoveClock, None]) -> Reply:
    """Move the clock, run what falls due on the way, and tell what was run."""
    world, move = call.runtime.world, call.body
    _check_combination(move)
    with world.lock:
        ran = world.catch_up()
        target = _target(world, move)
        if target is not None:
            ran += world.move_to(target)
        _set_mode(world, move, target)
        world.announce()
        return Reply(200, {**clock_view(world), "ran": ran_view(ran)})


def clock_view(world: World) -> dict[str, Any]:
    """The clock as the control API shows it."""
    return {"now": format_time(world.clock.now()), "frozen": world.clock.frozen}


def ran_view(ran: Sequence[Ran]) -> list[dict[str, str]]:
    """The jobs that were run, in order."""
    return [{"due": format_time(job.due), "kind": job.kind, "id": job.id} for job in ran]


def _check_combination(move: MoveClock) -> None:
    if move.advance is not None and move.to is not None:
        raise _not_both("to", "advance")
    if move.freeze and move.unfreeze:
        raise _not_both("unfreeze", "freeze")


def _not_both(name: str, other: str) -> DomainError:
    return DomainError.of_failures([Failure(name, "invalid_value", f"Give '{other}' or '{name}', not both.")])


def _target(world: World, move: MoveClock) -> datetime | None:
    if move.advance is None:
        return move.to
    try:
        return move.advance.after(world.clock.now())
    except OverflowError:
        if move.advance.seconds < 0:
            raise DomainError("clock_backwards", "The clock only moves forward.", param="advance") from None
        raise DomainError(
            "clock_step_too_large", "The clock does not move that far in one step.", param="advance"
        ) from None


def _set_mode(world: World, move: MoveClock, target: datetime | None) -> None:
    if move.freeze or (move.to is not None and not move.unfreeze):
        world.clock.freeze()
        if target is not None:
            world.clock.move(target)  # real time may have ticked since the move
    elif move.unfreeze:
        world.clock.unfreeze()


ROUTES = (
    ControlRoute(
        operation="get_clock",
        method="GET",
        path="/_mock/clock",
        handler=show_clock,
        response=ClockBody,
        summary="The time, and whether it stands still",
    ),
    ControlRoute(
        operation="move_clock",
        method="POST",
        path="/_mock/clock",
        handler=move_clock,
        response=MovedBody,
        errors=("invalid_value", "clock_backwards", "clock_step_too_large"),
        body=MoveClock,
        body_optional=True,
        summary="Move, freeze or unfreeze the clock; due work runs in order",
    ),
)
