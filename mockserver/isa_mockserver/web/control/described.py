"""The control API's calls as the documents know them."""

from __future__ import annotations

from isa_mockserver.web.openapi import Operation

from .route import ControlRoute


def of_control(route: ControlRoute, *, admins_only: bool) -> Operation:
    """The operation of a control call; `admins_only` where tokens are verified."""
    return Operation(
        tag="control",
        name=route.operation,
        method=route.method,
        path=route.path,
        summary=route.summary,
        answers=dict.fromkeys(sorted(route.statuses), route.response),
        body=route.body,
        body_optional=route.body_optional,
        closed=not route.open_ended,
        query=route.query,
        errors=route.errors,
        access="admin" if admins_only else "anyone",
        of_server=True,
    )
