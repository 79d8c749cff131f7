"""`GET /health` on every port, open to everyone (mockserver page, Start)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from starlette.routing import BaseRoute
from starlette.routing import Route as StarletteRoute

from isa_mockserver.kernel.clock import format_time

from .answers import answered
from .runtime import Runtime
from .service import ByMethod
from .wire import Answer, Receive, Request, Scope, Send, read_request, send_answer, to_json

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; no token is asked for."""
        request = await read_request(scope, receive)
        await send_answer(send, answered(request, self._runtime, lambda request_id: self._answer(request)))

    def _answer(self, request: Request) -> Answer:
        document = {
            "status": HEALTHY,
            "service": self._service,
            "version": server_version(),
            "dependencies": dict(self._dependencies),
            "timestamp": format_time(self._runtime.world.clock.now()),
        }
        return Answer(200, to_json(document))


def health_route(service: str, dependencies: Mapping[str, str], runtime: Runtime) -> BaseRoute:
    """The route of one app: `service` as the page names it, such as `payment_service`."""
    return StarletteRoute("/health", ByMethod({"GET": Health(service, dependencies, runtime)}, runtime))
