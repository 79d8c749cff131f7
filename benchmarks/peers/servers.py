"""Local servers: from the start of the process to the first answer, and writing and reading an object."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from typing import Any, NamedTuple

from benchmarks.load import BODY, PATH, headers
from benchmarks.measuring import Block, Effort, interleaved
from benchmarks.servers.processes import clean_environment
from benchmarks.servers.sockets import listening_socket

_LIMIT_S = 30.0
_PAUSE_S = 0.005
_PAIRS = 20
_FORM = {
    "authorization": f"Basic {b64encode(b'sk_test_12345:').decode()}",
    "content-type": "application/x-www-form-urlencoded",
}
_numbers = count()


class LocalServer(NamedTuple):
    """A server that stands in for a real one: how it is started, and one object written and read."""

    name: str
    command: Callable[[int], list[str]]
    ready: str
    create_and_get: Callable[[HTTPConnection], None]


def _ask(
    connection: HTTPConnection, method: str, path: str, body: bytes | None, head: Mapping[str, str]
) -> Any:
    connection.request(method, path, body, dict(head))
    answer = connection.getresponse()
    content = answer.read()
    if not 200 <= answer.status < 300:
        raise RuntimeError(f"{method} {path} was answered {answer.status}: {content[:200]!r}")
    return json.loads(content)


def _intent(connection: HTTPConnection) -> None:
    head = {**headers(), "content-type": "application/json"}
    made = _ask(connection, "POST", PATH, BODY, head)
    _ask(connection, "GET", f"{PATH}/{made['payment_intent_id']}", None, head)


def _customer(connection: HTTPConnection) -> None:
    made = _ask(connection, "POST", "/v1/customers", b"email=a%40example.com", _FORM)
    _ask(connection, "GET", f"/v1/customers/{made['id']}", None, _FORM)


def _parameter(connection: HTTPConnection) -> None:
    name = f"p{next(_numbers)}"
    _aws(connection, "PutParameter", {"Name": name, "Value": "v", "Type": "String"})
    _aws(connection, "GetParameter", {"Name": name})


def _aws(connection: HTTPConnection, action: str, body: Mapping[str, str]) -> None:
    credential = "Credential=a/20240101/us-east-1/ssm/aws4_request"
    head = {
        "authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=x",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": f"AmazonSSM.{action}",
    }
    _ask(connection, "POST", "/", json.dumps(body).encode(), head)


def _ours(port: int) -> list[str]:
    named = [f"--port={name}=0" for name in ("wallets", "billing", "subscriptions", "credits", "gateway")]
    return [
        "isa_mockserver",
        "serve",
        f"--port=payments={port}",
        *named,
        "--log-level=warning",
        "--seed=none",
    ]


SERVERS = (
    LocalServer("isa-mockserver", _ours, "/health", _intent),
    LocalServer(
        "localstripe", lambda port: ["localstripe", f"--port={port}"], "/js.stripe.com/v3/", _customer
    ),
    LocalServer("moto", lambda port: ["moto.server", f"-p{port}"], "/moto-api/data.json", _parameter),
)
"""Each writes and reads what is simplest of its own: an intent, a customer, a parameter."""


def starts(effort: Effort) -> dict[str, list[float]]:
    """Seconds from the start of each server to its first answer, round by round."""
    blocks: dict[str, Block] = {server.name: _start_block(server) for server in SERVERS}
    interleaved(blocks, 1)
    return interleaved(blocks, effort.rounds)


def pairs(effort: Effort) -> dict[str, list[float]]:
    """Seconds of each server for writing one object and reading it back, over one connection."""
    with running(SERVERS[0]) as ours, running(SERVERS[1]) as stripe, running(SERVERS[2]) as moto:
        connections = dict(zip(SERVERS, (ours, stripe, moto), strict=True))
        blocks = {server.name: _pair_block(server, made, effort) for server, made in connections.items()}
        interleaved(blocks, 1)
        return interleaved(blocks, effort.rounds * 2)


def _pair_block(server: LocalServer, connection: HTTPConnection, effort: Effort) -> Block:
    def block() -> float:
        times = effort.count(_PAIRS)
        started_s = time.perf_counter()
        for _ in range(times):
            server.create_and_get(connection)
        return (time.perf_counter() - started_s) / times

    return block


def _start_block(server: LocalServer) -> Block:
    def block() -> float:
        started_s = time.perf_counter()
        with running(server):
            return time.perf_counter() - started_s

    return block


@contextmanager
def running(server: LocalServer) -> Iterator[HTTPConnection]:
    """The server, answering, on a free port; a connection to it."""
    with listening_socket() as held:
        port: int = held.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", *server.command(port)],
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    connection = HTTPConnection("127.0.0.1", port, timeout=_LIMIT_S)
    try:
        _wait(connection, server, process)
        yield connection
    finally:
        connection.close()
        process.kill()
        process.wait()


def _wait(connection: HTTPConnection, server: LocalServer, process: subprocess.Popen[bytes]) -> None:
    deadline_s = time.perf_counter() + _LIMIT_S
    while process.poll() is None and time.perf_counter() < deadline_s:
        try:
            connection.request("GET", server.ready)
            connection.getresponse().read()
        except OSError:
            connection.close()
            time.sleep(_PAUSE_S)
        else:
            return
    raise RuntimeError(f"{server.name} does not answer")
