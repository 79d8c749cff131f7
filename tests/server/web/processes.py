"""The real server in a process of its own, on free ports of the loopback addresses."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

SERVICES = ("payments", "wallets", "billing", "subscriptions", "credits", "gateway")
FREE_PORTS = [argument for service in SERVICES for argument in ("--port", f"{service}=0")]
LIMIT_S = 20


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "isa_mockserver", *arguments]


def environment(**variables: str) -> dict[str, str]:
    """The tests' own environment, without what would steer the server or its commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISA_")}
    return {**kept, **variables}


def run(*arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*arguments),
        env=environment(**variables),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


@dataclass(frozen=True)
class Running:
    """A server that answers, its ports by service, and what it said when it was ready."""

    process: subprocess.Popen[str]
    ports: Mapping[str, int]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ports['gateway']}"

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send the signal and give exit status, further output and log."""
        self.process.send_signal(number)
        out, log = self.process.communicate(timeout=LIMIT_S)
        return self.process.returncode, out, log


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[Running]:
    """Start a server on free ports, and end it if the test did not."""
    process = subprocess.Popen(
        command("--print-ports", *FREE_PORTS, *arguments),
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield Running(process, json.loads(line))
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def connect(port: int, address: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((address, port), timeout=LIMIT_S)


def exchange(port: int, raw: bytes, address: str = "127.0.0.1") -> bytes:
    """Send raw bytes and read until the server closes."""
    with connect(port, address) as connection:
        connection.sendall(raw)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    chunks = []
    while chunk := connection.recv(65_536):
        chunks.append(chunk)
    return b"".join(chunks)


def get(path: str, *, host: str = "localhost", headers: str = "") -> bytes:
    """A plain request that asks the server to close."""
    return f"GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n".encode("latin-1")
