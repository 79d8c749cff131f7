"""`/_mock/users` and `/_mock/tokens`: make users known, and make tokens (rules W-7, AU-3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, StrictInt, StrictStr

from isa_mockserver.kernel.clock import format_time, wall_now
from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.users import USERS, User, is_known, register
from isa_mockserver.web.auth import DEFAULT_TTL_S, MAX_TTL_S
from isa_mockserver.web.fields import Check, RequestBody, matching, refuse
from isa_mockserver.web.route import Reply

from .answers import TokenBody, UserBody, UserList
from .route import ControlCall, ControlRoute
from .sandboxes import SandboxName

MAX_ROLES = 50


def _printable(value: str) -> str:
    if not 1 <= len(value) <= 255 or not value.isprintable():
        raise refuse("invalid_value", "must have 1 to 255 characters that can be printed")
    return value


def _few(value: list[str]) -> list[str]:
    if len(value) > MAX_ROLES:
        raise refuse("invalid_value", f"must have at most {MAX_ROLES} entries")
    return value


Subject = Annotated[StrictStr, Check(_printable, "invalid_value", minLength=1, maxLength=255)]
Role = Annotated[StrictStr, matching(r"[!-~]{1,64}", "must be one word of at most 64 ASCII characters")]
Roles = Annotated[list[Role], Check(_few, "invalid_value", maxItems=MAX_ROLES)]


class NewUser(RequestBody):
    """A user to be known from now on."""

    user_id: Subject


class NewToken(RequestBody):
    """A token for `sub`; `ttl` is in seconds of real time, negative for one that has expired."""

    sub: Subject
    roles: Roles = Field(default_factory=list)
    ttl: Annotated[StrictInt, Field(ge=-MAX_TTL_S, le=MAX_TTL_S)] = DEFAULT_TTL_S
    sandbox: SandboxName | None = None


def list_users(call: ControlCall[None, None]) -> Reply:
    """Everyone who is known, in the order in which they came."""
    users = call.commit(lambda unit: unit.scan(USERS))
    return Reply(200, {"data": [user_view(user) for user in users]})


def make_user(call: ControlCall[NewUser, None]) -> Reply:
    """Make a user known, as their first authentication would."""
    world = call.runtime.world
    with world.lock:
        world.catch_up()
        with world.unit() as unit:
            status = 200 if is_known(unit, call.body.user_id) else 201
            user = register(unit, call.body.user_id)
    return Reply(status, user_view(user))


def make_token(call: ControlCall[NewToken, None]) -> Reply:
    """Make a token that this server accepts."""
    wanted, mint = call.body, call.settings.mint
    if mint is None:
        failure = Failure(
            None, "invalid_value", "This server holds a public key only; ask the token's issuer for one."
        )
        raise DomainError.of_failures([failure])
    token = mint.token(wanted.sub, roles=wanted.roles, ttl_s=wanted.ttl, sandbox=wanted.sandbox)
    return Reply(
        201,
        {
            "token": token,
            "sub": wanted.sub,
            "roles": wanted.roles,
            "expires_at": format_time(wall_now() + timedelta(seconds=wanted.ttl)),
        },
    )


def user_view(user: User) -> dict[str, str]:
    """A user as the control API shows them."""
    return {"user_id": user.id, "created_at": format_time(user.created_at)}


ROUTES = (
    ControlRoute(
        operation="list_users",
        method="GET",
        path="/_mock/users",
        handler=list_users,
        response=UserList,
        summary="Everyone who is known",
    ),
    ControlRoute(
        operation="make_user",
        method="POST",
        path="/_mock/users",
        handler=make_user,
        response=UserBody,
        statuses=(200, 201),
        body=NewUser,
        summary="Make a user known",
    ),
    ControlRoute(
        operation="make_token",
        method="POST",
        path="/_mock/tokens",
        handler=make_token,
        response=TokenBody,
        statuses=(201,),
        errors=("invalid_value",),
        body=NewToken,
        summary="Make a token",
    ),
)
