"""The calls that control the server, below `/_mock` on every port."""

from __future__ import annotations

from isa_mockserver.slices import control_calls
from isa_mockserver.web.control.mount import ROUTES
from scripts.tables.text import table


def control() -> str:
    """One row a call, with the method of `MockControl` that makes it."""
    return table(
        ("call", "what it does", "method"),
        (
            (f"`{route.method} {route.path}`", route.summary, f"`{route.operation}`")
            for route in (*ROUTES, *control_calls())
        ),
    )
