"""`GET /health` on every port, open to everyone (mockserver page, Start)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.version import server_version

from .numbering import Numbering, request_id_of
from .place import Place
from .wire import Answer, Request

PATH = "/health"
HEALTHY = "healthy"


class Pulse(Numbering, Protocol):
    """What has to be there of a server that says how it is."""

    def now(self) -> datetime:
        """The server's time."""
        ...


class Health:
    """Says that a service is up, and how what it depends on is doing."""

    def __init__(self, service: str, dependencies: Mapping[str, str], pulse: Pulse) -> None:
        self._service = service
        self._dependencies = dependencies
        self._pulse = pulse

    def __call__(self, request: Request) -> Answer:
        """Answer; no token is asked for."""
        request_id = request_id_of(request, self._pulse)
        document = {
            "status": HEALTHY,
            "service": self._service,
            "version": server_version(),
            "dependencies": dict(self._dependencies),
            "timestamp": format_time(self._pulse.now()),
        }
        body = json.dumps(document, separators=(",", ":")).encode() + b"\n"
        return Answer(200, body, headers=[("X-Request-Id", request_id)])


def health_place(service: str, dependencies: Mapping[str, str], pulse: Pulse) -> Place:
    """Where it is on one port: `service` as the page names it, such as `payment_service`."""
    return Place(PATH, {"GET": Health(service, dependencies, pulse)})
