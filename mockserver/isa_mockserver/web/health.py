"""`GET /health` on every port, open to everyone (mockserver page, Start)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.version import server_version

from .numbering import Numbering, request_id_of
from .place import Place
from .wire import Answer, Request

if TYPE_CHECKING:
    from .runtime import Runtime

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
        return self.answer()._replace(request_id=request_id_of(request, self._pulse))

    def answer(self) -> Answer:
        """What is answered, without the id of the request."""
        document = {
            "status": HEALTHY,
            "service": self._service,
            "version": server_version(),
            "dependencies": dict(self._dependencies),
            "timestamp": format_time(self._pulse.now()),
        }
        return Answer(200, json.dumps(document, separators=(",", ":")).encode() + b"\n")


def health_place(service: str, dependencies: Mapping[str, str], runtime: Runtime) -> Place:
    """Where it is on one port: `service` as the page names it, such as `payment_service`."""
    from .answers import answered  # here, for it takes a while to load

    health = Health(service, dependencies, runtime)
    return Place(PATH, {"GET": lambda request: answered(request, runtime, lambda _: health.answer())})
