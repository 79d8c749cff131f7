"""Row 10: from the start of the process to an answer on every port, and to that of the first call."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from benchmarks.measuring import Block, Effort, interleaved, spread
from benchmarks.result import Result, compared
from benchmarks.servers.processes import clean_environment
from benchmarks.servers.sockets import listening_socket

_FIVE = ("payments", "wallets", "billing", "subscriptions", "credits")
_LIMIT_S = 20.0
_PAUSE_S = 0.002
_WARM_S = 2.0
"""After so long a server that nobody called has loaded what it needs for a call."""
_INTENT = b'{"amount":2999,"currency":"usd"}'
_CALL = (
    b"POST /api/v1/payments/intent HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer user_456\r\n"
    b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
) % (len(_INTENT), _INTENT)
_ASK = b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"


def five_ports(effort: Effort) -> Sequence[Result]:
    """Row 10."""
    ports = _free_ports(7)
    named = [f"{service}={port}" for service, port in zip((*_FIVE, "gateway"), ports, strict=False)]
    options = [part for name in named for part in ("--port", name)]
    quiet = ["--log-level", "warning", "--print-ports"]
    ours = ["isa_mockserver", "serve", *options, *quiet]
    blocks = {
        "isa-mockserver": _start(ours, ports[:5]),
        "uvicorn and Starlette": _start(["benchmarks.servers.ready", str(ports[6])], ports[6:]),
        "first call": _start(ours, ports[:5], _called),
        "call later": _start(ours, ports[:5], _called_later),
    }
    interleaved(blocks, 1)
    costs = interleaved(blocks, effort.rounds)
    result = compared("10", costs, "isa-mockserver", "uvicorn and Starlette")
    return [replace(result, details={**result.details, **_first_calls(costs)})]


def _first_calls(costs: Mapping[str, list[float]]) -> dict[str, str]:
    """What the ratio does not tell: /health is there before what a call needs."""
    at_once, later = (spread(costs[name]).median * 1000 for name in ("first call", "call later"))
    return {
        "start to the answer of a first call, asked as soon as the ports answer": f"{at_once:.0f} ms",
        f"that call on a server that was left alone for {_WARM_S:g} s": f"{later:.1f} ms",
    }


def _free_ports(count: int) -> list[int]:
    opened = [listening_socket() for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in opened]
    for each in opened:
        each.close()
    return ports


def _start(command: list[str], ports: list[int], then: Callable[[int, float], float] | None = None) -> Block:
    """The seconds until all ports answer, or what `then` makes of the first port and the start."""

    def block() -> float:
        started_s = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=clean_environment(), stdout=subprocess.DEVNULL
        )
        try:
            for port in ports:
                _wait_for(port, process, started_s)
            return time.perf_counter() - started_s if then is None else then(ports[0], started_s)
        finally:
            process.kill()
            process.wait()

    return block


def _called(port: int, since_s: float) -> float:
    """Make an intent; the seconds since then."""
    if not _answer(port, _CALL).startswith(b"HTTP/1.1 201"):
        raise RuntimeError("the first call was refused")
    return time.perf_counter() - since_s


def _called_later(port: int, _: float) -> float:
    """The seconds that the call takes once the server had time."""
    time.sleep(_WARM_S)
    return _called(port, time.perf_counter())


def _answer(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=_LIMIT_S) as connection:
        connection.sendall(request)
        return connection.recv(64)


def _wait_for(port: int, process: subprocess.Popen[bytes], started_s: float) -> None:
    while process.poll() is None and time.perf_counter() - started_s < _LIMIT_S:
        with suppress(OSError):
            if _answer(port, _ASK).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(_PAUSE_S)
    raise RuntimeError(f"{process.args!r} does not answer on port {port}")
