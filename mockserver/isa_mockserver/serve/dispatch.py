"""One ASGI app for all sockets: the port that a connection came in on chooses the service."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from isa_mockserver.app import Application
from isa_mockserver.web.wire import ASGIApp, ClientGoneError, Receive, Scope, Send

from .ports import GATEWAY


class PortDispatch:
    """Hands a request to the app of the port that it arrived at (architecture, decision 9)."""

    def __init__(self, application: Application, ports: Mapping[str, int]) -> None:
        apps = {**application.services, GATEWAY: application.gateway}
        self._apps: dict[int, ASGIApp] = {port: apps[service] for service, port in ports.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over; a client that goes away before its request is complete has asked for nothing."""
        with suppress(ClientGoneError):
            await self._apps[scope["server"][1]](scope, receive, send)
