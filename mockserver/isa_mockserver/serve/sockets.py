"""Listening sockets for every service, on both loopback families where the machine has both."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from ipaddress import ip_address
from typing import NamedTuple

from .holder import holder_of

LOOPBACK = ("127.0.0.1", "::1")
BACKLOG = 2048
_FREE_PORT_TRIES = 20


class CannotListenError(Exception):
    """A socket cannot be opened; the text is one sentence for the person who started the server."""


class Listening(NamedTuple):
    """Open sockets, and the port of each service: the one asked for, or the free one that was found."""

    sockets: tuple[socket.socket, ...]
    ports: Mapping[str, int]

    def close(self) -> None:
        """Give the ports back."""
        for open_socket in self.sockets:
            open_socket.close()


def listen(host: str, ports: Mapping[str, int]) -> Listening:
    """Open all sockets or none. The default host and `localhost` mean both 127.0.0.1 and ::1.

    Raises:
        CannotListenError: a port is taken, or the host is not an address of this machine.
    """
    addresses = LOOPBACK if host in ("127.0.0.1", "localhost") else (host,)
    with ExitStack() as opened:
        sockets: list[socket.socket] = []
        chosen: dict[str, int] = {}
        for service, port in ports.items():
            own = _listen_on_all(addresses, service, port)
            for one in own:
                opened.callback(one.close)
            sockets += own
            chosen[service] = own[0].getsockname()[1]
        opened.pop_all()
        return Listening(tuple(sockets), chosen)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _listen_on_all(addresses: tuple[str, ...], service: str, port: int) -> list[socket.socket]:
    """Sockets on the same port of all addresses; a free port has to be free on each."""
    for tries_left in reversed(range(_FREE_PORT_TRIES)):
        try:
            return _same_port(addresses, port)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            if not (taken and port == 0 and tries_left):
                raise CannotListenError(_sentence(error, addresses, service, port)) from None
    raise AssertionError("unreachable")


def _same_port(addresses: tuple[str, ...], port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for number, address in enumerate(addresses):
            with suppress(_NoSuchFamilyError):
                sockets.append(_listen(address, port, optional=number > 0))
                port = sockets[0].getsockname()[1]
    except OSError:
        for one in sockets:
            one.close()
        raise
    return sockets


class _NoSuchFamilyError(Exception):
    """This machine does not have the address family, such as IPv6 in many containers."""


def _listen(address: str, port: int, *, optional: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        one = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        if optional:
            raise _NoSuchFamilyError from None
        raise
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address != "::"))
        one.bind((address, port))
        one.listen(BACKLOG)
        one.setblocking(False)
    except OSError as error:
        one.close()
        if optional and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            raise _NoSuchFamilyError from None
        raise
    return one


def _sentence(error: OSError, addresses: tuple[str, ...], service: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        holder = holder_of(port)
        by = f" by {holder}" if holder else ""
        return (
            f"Port {port} ({service}) is already in use{by}; stop it, or choose other ports with "
            f"--port-offset 10000 or --port {service}=N."
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} ({service}) may not be used by this user; choose another with --port {service}=N."
        )
    reason = error.strerror or str(error)
    return f"{addresses[0]} port {port} ({service}) cannot be listened on: {reason}."
