"""Which URLs belong to the services, and which port of the server in process stands for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from isa_mockserver.serve.ports import DOCUMENTED

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """One service's URL: its hosts, its port, what its paths begin with, and the documented port of it."""

    hosts: frozenset[str]
    port: int
    prefix: str
    local_port: int

    def fits(self, url: httpx.URL) -> bool:
        """Whether a request to `url` is for this service."""
        port = url.port or _DEFAULT_PORTS.get(url.scheme, 0)
        path = url.path
        below = path == self.prefix or path.startswith(f"{self.prefix}/")
        return port == self.port and url.host.lower().strip("[]") in self.hosts and below

    def local(self, url: httpx.URL) -> str:
        """The same request's URL on the server in process."""
        target = url.raw_path.decode("ascii")[len(self.prefix) :]
        return f"http://localhost:{self.local_port}{target}"


def documented() -> Iterator[Target]:
    """The five documented ports and the gateway's, by every name of this machine."""
    for port in DOCUMENTED.values():
        yield Target(_LOCAL, port, "", port)


def of_url(service: str, url: str) -> Target:
    """The URL of a service, or of a gateway that serves all of them.

    Raises:
        ValueError: there is no such service, or the URL is not one.
    """
    if service not in DOCUMENTED:
        raise ValueError(f"there is no service {service!r}; the services are {', '.join(DOCUMENTED)}")
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url!r} is not the http(s) URL of a service")
    hosts = _LOCAL if parts.hostname in _LOCAL else frozenset({parts.hostname.lower()})
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    return Target(hosts, port, parts.path.rstrip("/"), DOCUMENTED[service])
