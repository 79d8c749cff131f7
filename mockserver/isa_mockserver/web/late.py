"""Apps that are made when they are needed."""

from __future__ import annotations

from collections.abc import Callable

from .wire import ASGIApp, Receive, Scope, Send


class Late:
    """An app that is made at its first request: a server has many ports, and a test mostly uses one."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the app."""
        if self._app is None:
            self._app = self._make()
        await self._app(scope, receive, send)
