"""A control call as data, and what every control call shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.web.auth import Mint
from isa_mockserver.web.route import Body, Query, Reply
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.wire import MAX_BODY_BYTES, Answer

Result = TypeVar("Result")


class AnyObject(BaseModel):
    """A JSON object."""

    model_config = ConfigDict(extra="allow", defer_build=True)


@dataclass(frozen=True, slots=True)
class ControlSettings:
    """Who may use the control API, and how it makes tokens.

    `allowed_hosts` are names beside the loopback ones, in lower case. `admins_only` asks for a token with
    the role `admin` (where tokens are verified). `mint` is None where this server has no signing key.
    """

    allowed_hosts: frozenset[str] = frozenset()
    admins_only: bool = False
    mint: Mint | None = field(default_factory=Mint)


@dataclass(frozen=True, slots=True)
class ControlCall(Generic[Body, Query]):
    """One permitted, parsed control call."""

    runtime: Runtime
    settings: ControlSettings
    body: Body
    query: Query
    path: Mapping[str, str] = field(default_factory=dict)

    def commit(self, work: Callable[[Unit], Result]) -> Result:
        """Do the work in a Unit of the World, after what is due by now (rules CK-1)."""
        world = self.runtime.world
        with world.lock:
            world.catch_up()
            with world.unit() as unit:
                return work(unit)


ControlHandler = Callable[[ControlCall[Any, Any]], Reply | Answer]
"""A handler answers with what becomes JSON, or, for a page, with the answer itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRoute:
    """One endpoint of the control API. Unknown body fields are refused, unless the body is `open_ended`.

    `statuses` are the success codes, `response` what they carry (None: no body), `errors` the codes that the
    call itself can answer.
    """

    operation: str
    method: str
    path: str
    handler: ControlHandler
    summary: str
    response: type[BaseModel] | None = AnyObject
    statuses: Sequence[int] = (200,)
    errors: Sequence[str] = ()
    body: type[BaseModel] | None = None
    body_optional: bool = False
    open_ended: bool = False
    query: type[BaseModel] | None = None
    max_body_bytes: int = MAX_BODY_BYTES
