"""Sockets of the peers."""

from __future__ import annotations

import socket


def listening_socket() -> socket.socket:
    """An open socket on a free port of the loopback address."""
    return socket.create_server(("127.0.0.1", 0), backlog=2048)
