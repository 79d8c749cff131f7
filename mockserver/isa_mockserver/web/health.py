"""`GET /health` on every port, open to everyone (mockserver page, Start)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from isa_mockserver.kernel.clock import format_time

from .answers import answered
from .runtime import Runtime
from .service import Place
from .wire import Answer, Request, to_json

HEALTHY = "healthy"


@cache
def server_version() -> str:
    """The version of the installed distribution; `0+unknown` where the source runs uninstalled."""
    try:
        return version("isa-user")
    except PackageNotFoundError:
        return "0+unknown"


class Health:
    """Says that a service is up, and how what it depends on is doing."""

    def __init__(self, service: str, dependencies: Mapping[str, str], runtime: Runtime) -> None:
        self._service = service
        self._dependencies = dependencies
        self._runtime = runtime

    def __call__(self, request: Request) -> Answer:
        """Answer; no token is asked for."""
        return answered(request, self._runtime, lambda _: self._answer())

    def _answer(self) -> Answer:
        document = {
            "status": HEALTHY,
            "service": self._service,
            "version": server_version(),
            "dependencies": dict(self._dependencies),
            "timestamp": format_time(self._runtime.world.clock.now()),
        }
        return Answer(200, to_json(document))


def health_place(service: str, dependencies: Mapping[str, str], runtime: Runtime) -> Place:
    """Where it is on one port: `service` as the page names it, such as `payment_service`."""
    return Place("/health", {"GET": Health(service, dependencies, runtime)})
