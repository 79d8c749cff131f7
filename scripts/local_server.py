"""A reference server as a process of its own, started and stopped by whoever needs real ports."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

DOCUMENTED_PORTS: Mapping[str, int] = {
    "gateway": 8200,
    "payments": 8207,
    "wallets": 8208,
    "billing": 8216,
    "subscriptions": 8228,
    "credits": 8229,
}
# Whole thousands, which the SDK knows as offsets of the documented ports.
OFFSETS = (0, *range(10_000, 50_001, 1_000))
START_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 10.0
_SDK_SERVICES = {
    "payments": "PAYMENT",
    "wallets": "WALLET",
    "billing": "BILLING",
    "subscriptions": "SUBSCRIPTION",
    "credits": "CREDIT",
}


class ServerDidNotStartError(RuntimeError):
    """The server ended, or stayed silent, before it was ready; the message is its last words."""

    @property
    def port_taken(self) -> bool:
        """Whether another program holds one of the ports."""
        return "in use" in str(self)


@dataclass(frozen=True)
class LocalServer:
    """A running server: its process id and the port of each service."""

    process: subprocess.Popen[bytes]
    ports: Mapping[str, int]

    def url(self, service: str) -> str:
        """Base URL of one service, or of the `gateway`."""
        return f"http://localhost:{self.ports[service]}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead the SDK's clients here."""
        return {f"ISA_USER_{name}_URL": self.url(service) for service, name in _SDK_SERVICES.items()}

    def localise(self, text: str) -> str:
        """The text with each documented `localhost` port replaced by the one in use."""
        services = {port: service for service, port in DOCUMENTED_PORTS.items()}

        def replace(found: re.Match[str]) -> str:
            service = services.get(int(found[1]))
            return f"localhost:{self.ports[service]}" if service else found[0]

        return re.sub(r"localhost:(\d+)", replace, text)

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Calls the control API (`/_mock`); its JSON answer, empty where there is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = Request(f"{self.url('gateway')}/_mock{path}", data=data, headers=headers, method=method)
        with urlopen(request, timeout=30) as answer:  # nosec B310
            answered: dict[str, Any] = json.loads(answer.read() or b"{}")
        return answered


@contextmanager
def local_server(*options: str) -> Iterator[LocalServer]:
    """Starts `isa-mockserver` with these options and stops it by its process id at the end.

    Raises ServerDidNotStartError when it is not ready within START_TIMEOUT_S seconds.
    """
    with tempfile.TemporaryFile() as output:
        command = [sys.executable, "-m", "isa_mockserver", "serve", "--print-ports", *options]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield LocalServer(process, _wait_for_ports(process, output))
        finally:
            stop(process)


@contextmanager
def server_at_an_offset(*options: str, offsets: Sequence[int] = OFFSETS) -> Iterator[LocalServer]:
    """Starts the server on the documented ports, or at the first offset of them that is free.

    Raises ServerDidNotStartError when none is.
    """
    with ExitStack() as stack:
        for offset in offsets:
            try:
                server = stack.enter_context(local_server("--port-offset", str(offset), *options))
            except ServerDidNotStartError as error:
                if not error.port_taken or offset == offsets[-1]:
                    raise
            else:
                yield server
                return


def stop(process: subprocess.Popen[bytes]) -> int:
    """Asks the process to end and waits for it; its exit status."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _wait_for_ports(process: subprocess.Popen[bytes], output: Any) -> dict[str, int]:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        ended = process.poll() is not None
        output.seek(0)
        text = output.read().decode(errors="replace")
        if ports := _find_ports(text):
            return ports
        if ended or time.monotonic() > deadline:
            stop(process)
            raise ServerDidNotStartError(text.strip() or "isa-mockserver said nothing")
        time.sleep(0.02)


def _find_ports(text: str) -> dict[str, int] | None:
    for line in text.splitlines(keepends=True):
        if line.startswith("{") and line.endswith("\n"):
            ports: dict[str, int] = json.loads(line)
            return ports
    return None
