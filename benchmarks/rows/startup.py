"""Row 10: from the start of the process to an answer on every port."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from benchmarks.measuring import Block, Effort, interleaved
from benchmarks.result import Result, compared
from benchmarks.servers.processes import clean_environment
from benchmarks.servers.sockets import listening_socket

_FIVE = ("payments", "wallets", "billing", "subscriptions", "credits")
_LIMIT_S = 20.0
_PAUSE_S = 0.002
_ASK = b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"


def five_ports(effort: Effort) -> Sequence[Result]:
    """Row 10."""
    ports = _free_ports(7)
    named = [f"{service}={port}" for service, port in zip((*_FIVE, "gateway"), ports, strict=False)]
    options = [part for name in named for part in ("--port", name)]
    quiet = ["--log-level", "warning", "--print-ports"]
    blocks = {
        "isa-mockserver": _start(["isa_mockserver", "serve", *options, *quiet], ports[:5]),
        "uvicorn and Starlette": _start(["benchmarks.servers.ready", str(ports[6])], ports[6:]),
    }
    interleaved(blocks, 1)
    costs = interleaved(blocks, effort.rounds)
    return [compared("10", costs, "isa-mockserver", "uvicorn and Starlette")]


def _free_ports(count: int) -> list[int]:
    opened = [listening_socket() for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in opened]
    for each in opened:
        each.close()
    return ports


def _start(command: list[str], ports: list[int]) -> Block:
    def block() -> float:
        started_s = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=clean_environment(), stdout=subprocess.DEVNULL
        )
        try:
            for port in ports:
                _wait_for(port, process, started_s)
            return time.perf_counter() - started_s
        finally:
            process.kill()
            process.wait()

    return block


def _wait_for(port: int, process: subprocess.Popen[bytes], started_s: float) -> None:
    while process.poll() is None and time.perf_counter() - started_s < _LIMIT_S:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=_LIMIT_S) as connection:
            connection.sendall(_ASK)
            if connection.recv(64).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(_PAUSE_S)
    raise RuntimeError(f"{process.args!r} does not answer on port {port}")
