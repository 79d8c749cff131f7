"""The calls that control the server, below `/_mock` on every port."""

from __future__ import annotations

from isa_mockserver.slices import control_calls
from isa_mockserver.web.control.mount import ROUTES
from scripts.tables.text import table


def control() -> str:
    """One row a call."""
    return table(
        ("call", "what it does"),
        ((f"`{route.method} {route.path}`", route.summary) for route in (*ROUTES, *control_calls())),
    )
