"""A route as data: what it is called, what it takes, what it answers, which rules it follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple

from pydantic import BaseModel
from typing_extensions import TypeVar

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit

from .site import Site

Body = TypeVar("Body", bound=BaseModel | None, default=Any)
Query = TypeVar("Query", bound=BaseModel | None, default=Any)


class Principal(NamedTuple):
    """Who is calling: the token's subject, its roles and the sandbox that it names."""

    user_id: str
    roles: frozenset[str] = frozenset()
    sandbox: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether the caller holds the role `admin` (rules AU-4)."""
        return "admin" in self.roles


class Call(NamedTuple, Generic[Body, Query]):
    """One authenticated, parsed request, with the Unit that it works in; `site` is what it called us."""

    unit: Unit
    caller: Principal
    body: Body
    query: Query
    path: Mapping[str, str]
    site: Site = Site()

    @property
    def user_id(self) -> str:
        """The calling user."""
        return self.caller.user_id


class Reply(NamedTuple):
    """What a handler answers: a status and the JSON object to send (None: no body)."""

    status: int
    body: Mapping[str, Any] | None


Handler = Callable[[Call[Any, Any]], Reply | DomainError]
"""A handler answers with a Reply, or *returns* a DomainError: a refusal that commits (rules P2)."""


class Route(NamedTuple):
    """One endpoint. `operation` is the SDK's method name; `heading` the page's, None for an extension.

    `statuses` are the success codes; `errors` the domain codes that the operation itself can answer.
    """

    operation: str
    method: str
    path: str
    handler: Handler
    response: type[BaseModel] | None
    summary: str
    body: type[BaseModel] | None = None
    body_optional: bool = False
    query: type[BaseModel] | None = None
    statuses: Sequence[int] = (200,)
    errors: Sequence[str] = ()
    heading: str | None = None
    rules: Sequence[str] = ()

    @property
    def extension(self) -> bool:
        """Whether the published page does not show this endpoint."""
        return self.heading is None
