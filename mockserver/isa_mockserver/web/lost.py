"""What is said about a path that is not there: the port is another service's, or the base URL too long."""

from __future__ import annotations

from collections.abc import Mapping

from isa_mockserver.kernel.errors import DomainError

API = "/api/v1"


def lost(path: str, elsewhere: Mapping[str, int]) -> DomainError:
    """`route_not_found` for a path; `elsewhere` has the documented ports of the other services."""
    return DomainError("route_not_found", f"There is no such path on this service{_reason(path, elsewhere)}.")


def _reason(path: str, elsewhere: Mapping[str, int]) -> str:
    if path.startswith(f"{API}{API}/"):
        return f": it has {API} twice, so leave it off the base URL"
    for service, port in elsewhere.items():
        if f"{path}/".startswith(f"{API}/{service}/"):
            return f": {API}/{service} is on port {port} (plus the port offset, where there is one)"
    return ""
