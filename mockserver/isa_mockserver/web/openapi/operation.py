"""What the documents know of one call, be it of a service or of the control API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from isa_mockserver.web.route import Route

Access = Literal["user", "admin", "anyone"]
"""Who may call: a user with a token, only one with the role `admin`, or everyone on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call. `answers` are the success statuses with their schemas, None for one without a body.

    `errors` are the codes of the call's own; what any request can be refused for is added by `refusals`.
    `keyed` calls take an Idempotency-Key; a `closed` body has no fields but those of its schema.
    `heading` is the page's, None for an extension; calls of the server's own have no place on the page.
    """

    tag: str
    name: str
    method: str
    path: str
    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    description: str = ""
    body: type[BaseModel] | None = None
    body_optional: bool = False
    closed: bool = False
    query: type[BaseModel] | None = None
    errors: Sequence[str] = ()
    access: Access = "user"
    keyed: bool = False
    of_server: bool = False
    heading: str | None = None
    rules: Sequence[str] = ()

    @property
    def id(self) -> str:
        """Its name in a document of several services."""
        return f"{self.tag}_{self.name}"

    @property
    def path_parameters(self) -> list[str]:
        """The names between braces."""
        return re.findall(r"{(\w+)}", self.path)


def of_route(service: str, route: Route, *, closed: bool = False) -> Operation:
    """The operation of a service's endpoint; `closed` where the server refuses unknown fields."""
    return Operation(
        tag=service,
        name=route.operation,
        method=route.method,
        path=route.path,
        summary=route.summary,
        answers=dict.fromkeys(sorted(route.statuses), route.response),
        body=route.body,
        body_optional=route.body_optional,
        closed=closed,
        query=route.query,
        errors=route.errors,
        keyed=route.method == "POST",
        heading=route.heading,
        rules=route.rules,
    )
