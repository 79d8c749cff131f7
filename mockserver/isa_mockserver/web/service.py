"""The ASGI app of one service: Starlette's router over endpoints, with problem documents for 404 and 405."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from starlette.routing import BaseRoute, Router
from starlette.routing import Route as StarletteRoute

from isa_mockserver.kernel.clock import steady_s
from isa_mockserver.kernel.errors import DomainError

from .admission import admit
from .answers import answered, refusal
from .endpoint import Endpoint
from .lost import lost
from .noting import note
from .route import Route
from .runtime import Runtime
from .wire import ASGIApp, Receive, Scope, Send, read_request, send_answer


class ByMethod:
    """The endpoints of one path; another method is 405 with the full `Allow` header."""

    def __init__(self, endpoints: Mapping[str, ASGIApp], runtime: Runtime) -> None:
        self._endpoints = endpoints
        allowed = ", ".join(sorted(endpoints))
        error = DomainError(
            "method_not_allowed", f"Only {allowed} is allowed here.", headers=[("Allow", allowed)]
        )
        self._refuse = Refusing(lambda _path: error, runtime)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over to the endpoint of the request's method."""
        await self._endpoints.get(scope["method"], self._refuse)(scope, receive, send)


class StaticFirst:
    """Hands a path without parameters straight to its app; Starlette's router looks through all others."""

    def __init__(self, router: Router) -> None:
        self._router = router
        routes = [route for route in router.routes if isinstance(route, StarletteRoute)]
        self._apps = {route.path: route.app for route in reversed(routes) if not route.param_convertors}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over."""
        await self._apps.get(scope["path"], self._router)(scope, receive, send)


class Refusing:
    """An ASGI app that answers every request with an error, which may depend on its path."""

    def __init__(self, error_at: Callable[[str], DomainError], runtime: Runtime) -> None:
        self._error_at = error_at
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the error."""
        started_s = steady_s()
        request = await read_request(scope, receive)
        admission = admit(self._runtime, request.headers)
        error = self._error_at(request.path)
        answer = answered(request, admission.runtime, lambda request_id: refusal(error, request_id))
        if not request.path.startswith("/_mock"):
            note(admission, request, answer, started_s)
        await send_answer(send, answer)


def endpoint_routes(service: str, routes: Iterable[Route], runtime: Runtime) -> list[BaseRoute]:
    """Starlette routes for a service's endpoints; static segments come before parameters (rules 10)."""
    by_path: dict[str, dict[str, ASGIApp]] = {}
    for route in routes:
        by_path.setdefault(route.path, {})[route.method] = Endpoint(service, route, runtime)
    return [
        StarletteRoute(path, ByMethod(by_path[path], runtime)) for path in sorted(by_path, key=_specificity)
    ]


def build_app(
    routes: Sequence[BaseRoute], runtime: Runtime, elsewhere: Mapping[str, int] = MappingProxyType({})
) -> ASGIApp:
    """A router over `routes` whose every other path is 404 `route_not_found`.

    `elsewhere` has the documented ports of the services that are not served here.
    """
    missing = Refusing(lambda path: lost(path, elsewhere), runtime)
    return StaticFirst(Router(routes, redirect_slashes=False, default=missing))


def _specificity(path: str) -> list[bool]:
    return [segment.startswith("{") for segment in path.split("/")]
