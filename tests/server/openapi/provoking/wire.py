"""What only a socket can bring: bytes that are no request, and a head without end."""

from __future__ import annotations

import json
import socket

from isa_mockserver.testing import MockServer

from .recorder import OPERATIONS, Answer, Seen


def provoke(seen: Seen) -> None:
    """Send the request line of every operation, with a head that is not to be read."""
    with MockServer() as server, server.serve() as live:
        port = live.ports["gateway"]
        for operation in OPERATIONS.values():
            line = (
                f"{operation.method} {operation.path.replace('{', '').replace('}', '')} HTTP/1.1\r\n".encode()
            )
            for rest in (b"no colon here\r\n\r\n", b"x: " + b"a" * 70_000 + b"\r\n\r\n"):
                seen.take(operation.id, _exchange(port, line + rest))


def _exchange(port: int, request: bytes) -> Answer:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Answer(
        int(first.split()[1]),
        {name: headers[name] for name in headers if name != "connection"},
        json.loads(body),
    )
