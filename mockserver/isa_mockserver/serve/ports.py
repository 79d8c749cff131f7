"""Which port each service and the gateway listens on: the documented ones, shifted or given one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isa_mockserver.naming import DOCUMENTED_PORTS, GATEWAY_PORT
from isa_mockserver.naming import GATEWAY as GATEWAY

DOCUMENTED: Mapping[str, int] = {**DOCUMENTED_PORTS, GATEWAY: GATEWAY_PORT}
"""Service (and `gateway`) -> its documented port."""

MAX_PORT = 65_535
OFFSETS = range(10_000, 50_001, 1_000)
"""The offsets by which a client tells a shifted payment port, and finds the subscription service from it."""


def choose_ports(overrides: Sequence[tuple[str, int]] = (), offset: int = 0) -> dict[str, int]:
    """Service -> port: the documented one plus `offset`, or what `overrides` says; 0 is any free port.

    Raises:
        ValueError: no such service, no such port or offset, or two services on one port.
    """
    if offset and offset not in OFFSETS:
        raise ValueError(
            f"the port offset {offset} is none of 10000, 11000, ... 50000, by which clients find the ports"
        )
    ports = {service: port + offset for service, port in DOCUMENTED.items()}
    for service, port in overrides:
        if service not in DOCUMENTED:
            from isa_mockserver.web.suggest import suggestion  # here, for few mistype a service

            raise ValueError(f"there is no service {service!r}{suggestion(service, DOCUMENTED)}")
        ports[service] = port
    taken: dict[int, str] = {}
    for service, port in ports.items():
        if not 0 <= port <= MAX_PORT:
            raise ValueError(f"{service} cannot listen on port {port}; a port is 0 to {MAX_PORT}")
        if port and port in taken:
            raise ValueError(f"{taken[port]} and {service} cannot both listen on port {port}")
        taken[port] = service
    return ports


def parse_override(text: str) -> tuple[str, int]:
    """Read `SERVICE=PORT`.

    Raises:
        ValueError: the text has another form.
    """
    service, separator, port = text.partition("=")
    if not separator or not (port.isascii() and port.isdecimal() and len(port) <= 5):
        raise ValueError(f"{text!r} is not of the form SERVICE=PORT, such as payments=9207")
    return service, int(port)
