# Made by scripts/sync_twin.py from _async/client.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""All control calls in one client."""

from __future__ import annotations

from .events import EventCalls
from .outside import OutsideCalls
from .tools import ToolCalls
from .worlds import WorldCalls

__all__ = ["SyncMockControl"]


class SyncMockControl(WorldCalls, ToolCalls, EventCalls, OutsideCalls):
    """The control API of a running server, as typed calls: one method a call; thread-safe.

    Example::

        control = SyncMockControl("http://localhost:8200", sandbox="checkout-tests")
        control.move_clock(advance=timedelta(days=31))

    Every call may raise ControlUnreachableError (nobody listens at the address), ControlRefusedError (the
    server refused; it has the code, the detail and the request id) and ControlError (another failure); what
    a method's own description names are codes of refusals. A call has a connection of its own, so there
    is nothing to close.

    Page: none; the mockserver page's "Control API".
    """
