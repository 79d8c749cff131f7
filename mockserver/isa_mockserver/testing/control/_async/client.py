"""All control calls in one client."""

from __future__ import annotations

from .events import EventCalls
from .outside import OutsideCalls
from .tools import ToolCalls
from .worlds import WorldCalls

__all__ = ["MockControl"]


class MockControl(WorldCalls, ToolCalls, EventCalls, OutsideCalls):
    """The control API of a running server, as typed calls: one method a call, on asyncio or trio.

    Example::

        control = MockControl("http://localhost:8200", sandbox="checkout-tests")
        await control.move_clock(advance=timedelta(days=31))

    Every call may raise ControlUnreachableError (nobody listens at the address), ControlRefusedError (the
    server refused; it has the code, the detail and the request id) and ControlError (another failure); what
    a method's own description names are codes of refusals. A call has a connection of its own, so there
    is nothing to close.

    Page: none; the mockserver page's "Control API".
    """
