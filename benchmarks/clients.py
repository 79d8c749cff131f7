"""A small load generator: raw connections that each send a request as soon as the last one is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import count
from typing import cast

from benchmarks.load import BODY, PATH, TOKEN

_HEAD = (
    f"POST {PATH} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\n"
    f"content-type: application/json\r\ncontent-length: {len(BODY)}\r\nidempotency-key: "
).encode()
_LENGTH = b"content-length: "


class _Connection(asyncio.Protocol):
    """Asks again and again; every write has an idempotency key of its own, as the SDK's writes have."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._seen = b""
        self.answered = 0
        self.refused = 0
        self.asking = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def ask(self) -> None:
        self.transport.write(b"%bkey-%d\r\n\r\n%b" % (_HEAD, next(self._numbers), BODY))

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, end, body = self._seen.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.partition(_LENGTH)[2].partition(b"\r\n")[0]):
            return
        self._seen = b""
        self.answered += 1
        self.refused += not head.startswith(b"HTTP/1.1 20")
        if self.asking:
            self.ask()


class Load:
    """So many connections to one port."""

    def __init__(self, runner: asyncio.Runner, port: int, connections: int) -> None:
        self._runner = runner
        self._numbers = count()
        self._connections = runner.run(self._connect(port, connections))

    def run(self, seconds: float) -> float:
        """Requests answered in a second; raises RuntimeError where the server refused one."""
        return self._runner.run(self._run(seconds))

    async def _connect(self, port: int, connections: int) -> list[_Connection]:
        loop = asyncio.get_running_loop()
        made = []
        for _ in range(connections):
            _, connection = await loop.create_connection(
                lambda: _Connection(self._numbers), "127.0.0.1", port
            )
            made.append(connection)
        return made

    async def _run(self, seconds: float) -> float:
        before, started_s = self._answered(), time.perf_counter()
        for connection in self._connections:
            connection.asking = True
            connection.ask()
        await asyncio.sleep(seconds)
        if self._answered() == before:  # a busy machine, and a block of a few milliseconds
            await asyncio.sleep(1.0)
        answered, took_s = self._answered() - before, time.perf_counter() - started_s
        for connection in self._connections:
            connection.asking = False
        await asyncio.sleep(0.05)
        if any(connection.refused for connection in self._connections):
            raise RuntimeError("the server refused requests")
        return answered / took_s

    def _answered(self) -> int:
        return sum(connection.answered for connection in self._connections)

    def close(self) -> None:
        """Hang up."""
        for connection in self._connections:
            connection.transport.close()
