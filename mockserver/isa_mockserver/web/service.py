"""The routing of one port: paths to endpoints, with problem documents for 404 and 405."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from starlette.routing import compile_path

from isa_mockserver.kernel.clock import steady_s
from isa_mockserver.kernel.errors import DomainError

from .admission import admit
from .answers import answered, refusal
from .endpoint import Endpoint
from .lost import lost
from .noting import note
from .place import Place
from .route import Route
from .runtime import Runtime
from .wire import MAX_BODY_BYTES, Answer, Request, Responder


class Refusing:
    """Answers every request with an error, which may depend on its path."""

    def __init__(self, error_at: Callable[[str], DomainError], runtime: Runtime) -> None:
        self._error_at = error_at
        self._runtime = runtime

    def __call__(self, request: Request) -> Answer:
        """Answer with the error."""
        started_s = steady_s()
        admission = admit(self._runtime, request.headers)
        error = self._error_at(request.path)
        answer = answered(request, admission.runtime, lambda request_id: refusal(error, request_id))
        if not request.path.startswith("/_mock"):
            note(admission, request, answer, started_s)
        return answer


class ByMethod:
    """What answers at one path; another method is 405 with the full `Allow` header."""

    def __init__(self, place: Place, runtime: Runtime) -> None:
        self._methods = place.methods
        self.max_body_bytes = place.max_body_bytes
        allowed = ", ".join(sorted(place.methods))
        error = DomainError(
            "method_not_allowed", f"Only {allowed} is allowed here.", headers=[("Allow", allowed)]
        )
        self._refuse = Refusing(lambda _path: error, runtime)

    def __call__(self, request: Request) -> Answer:
        """Hand over to what answers the request's method."""
        return self._methods.get(request.method, self._refuse)(request)


class Router:
    """Finds what answers at a path: those without parameters by name, the others in their order."""

    def __init__(
        self,
        places: Sequence[Place],
        runtime: Runtime,
        elsewhere: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """`elsewhere` has the documented ports of the services that are not served here."""
        self._static = {
            place.path: ByMethod(place, runtime) for place in reversed(places) if "{" not in place.path
        }
        self._patterns = [
            (compile_path(place.path)[0], ByMethod(place, runtime)) for place in places if "{" in place.path
        ]
        self._missing = Refusing(lambda path: lost(path, elsewhere), runtime)

    def __call__(self, request: Request) -> Answer:
        """Answer; at every other path it is 404 `route_not_found`."""
        found = self._static.get(request.path)
        if found is not None:
            return found(request)
        found, parameters = self._find(request.path)
        if found is None:
            return self._missing(request)
        return found(request._replace(path_params=parameters))

    def max_body_bytes(self, path: str) -> int:
        """How large a body may be that is sent to this path."""
        found = self._static.get(path) or self._find(path)[0]
        return MAX_BODY_BYTES if found is None else found.max_body_bytes

    def _find(self, path: str) -> tuple[ByMethod | None, Mapping[str, str]]:
        for pattern, found in self._patterns:
            match = pattern.match(path)
            if match is not None:
                return found, match.groupdict()
        return None, {}


def endpoint_places(service: str, routes: Iterable[Route], runtime: Runtime) -> list[Place]:
    """The places of a service's endpoints; static segments come before parameters (rules 10)."""
    by_path: dict[str, dict[str, Responder]] = {}
    for route in routes:
        by_path.setdefault(route.path, {})[route.method] = Endpoint(service, route, runtime).answer
    return [Place(path, by_path[path]) for path in sorted(by_path, key=_specificity)]


def _specificity(path: str) -> list[bool]:
    return [segment.startswith("{") for segment in path.split("/")]
