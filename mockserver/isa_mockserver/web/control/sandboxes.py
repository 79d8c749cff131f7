"""`/_mock/sandboxes`: isolated Worlds in one server, for tests that run side by side."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StrictStr

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.users import USERS
from isa_mockserver.web.fields import RequestBody, Timestamp, matching
from isa_mockserver.web.route import Reply
from isa_mockserver.web.runtime import Runtime, SandboxStart
from isa_mockserver.web.sandboxes import NAME_PATTERN, NAME_WORDS

from .answers import DroppedBody, SandboxBody, SandboxList
from .clock import clock_view
from .route import ControlCall, ControlRoute

SandboxName = Annotated[StrictStr, matching(NAME_PATTERN, NAME_WORDS)]


class NewSandbox(RequestBody):
    """A sandbox to be made, with the fixture that `seed` names: `server` is the default sandbox's.

    Without `clock` it starts at the time that the server started with.
    """

    name: SandboxName
    seed: Literal["none", "demo", "server"] = "none"
    clock: Timestamp | None = None


def list_sandboxes(call: ControlCall[None, None]) -> Reply:
    """Every sandbox, the default one first."""
    return Reply(200, {"data": [sandbox_view(runtime) for runtime in call.runtime.sandboxes.all()]})


def make_sandbox(call: ControlCall[NewSandbox, None]) -> Reply:
    """Make a sandbox, with a fixture and a frozen clock where they are given.

    Raises:
        DomainError: `sandbox_exists` or `too_many_sandboxes`.
    """
    wanted, sandboxes = call.body, call.runtime.sandboxes
    with sandboxes.changing:
        if sandboxes.find(wanted.name) is not None:
            raise DomainError("sandbox_exists", f"There is a sandbox {wanted.name!r} already.", param="name")
        made = call.runtime.make_sandbox(SandboxStart(wanted.name, wanted.seed, wanted.clock))
    return Reply(201, sandbox_view(made))


def drop_sandbox(call: ControlCall[None, None]) -> Reply:
    """Forget one sandbox and all it holds; the default one stays.

    Raises:
        DomainError: `sandbox_not_found`.
    """
    if not call.runtime.sandboxes.drop(call.path["name"]):
        raise DomainError("sandbox_not_found", "There is no such sandbox to delete.")
    return Reply(204, None)


def drop_sandboxes(call: ControlCall[None, None]) -> Reply:
    """Forget every sandbox but the default one."""
    sandboxes = call.runtime.sandboxes
    dropped = sum(sandboxes.drop(runtime.sandbox) for runtime in sandboxes.all())
    return Reply(200, {"dropped": dropped})


def sandbox_view(runtime: Runtime) -> dict[str, Any]:
    """A sandbox as the control API shows it."""
    world = runtime.world
    return {
        "name": runtime.sandbox,
        "clock": clock_view(world),
        "users": len(world.tables[USERS.name].rows),
        "events": len(world.events),
    }


ROUTES = (
    ControlRoute(
        operation="list_sandboxes",
        method="GET",
        path="/_mock/sandboxes",
        handler=list_sandboxes,
        response=SandboxList,
        summary="Every sandbox",
    ),
    ControlRoute(
        operation="make_sandbox",
        method="POST",
        path="/_mock/sandboxes",
        handler=make_sandbox,
        response=SandboxBody,
        statuses=(201,),
        errors=("sandbox_exists", "too_many_sandboxes"),
        body=NewSandbox,
        summary="Make a sandbox, with a fixture or a frozen clock",
    ),
    ControlRoute(
        operation="drop_sandboxes",
        method="DELETE",
        path="/_mock/sandboxes",
        handler=drop_sandboxes,
        response=DroppedBody,
        summary="Forget every sandbox but the default one",
    ),
    ControlRoute(
        operation="drop_sandbox",
        method="DELETE",
        path="/_mock/sandboxes/{name}",
        handler=drop_sandbox,
        response=None,
        statuses=(204,),
        errors=("sandbox_not_found",),
        summary="Forget one sandbox",
    ),
)
