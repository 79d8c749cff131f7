"""Connections that each ask for the next thing as soon as the last one is answered, and note what came."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random
from typing import cast

from benchmarks.loads.mix import MIX, Operation, Person, chosen, learn, request

_LENGTH = b"content-length: "
_KEYS = count()


@dataclass(slots=True)
class Notes:
    """What all connections saw: seconds by operation, refusals that were expected, and what was wrong."""

    latencies_s: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    refused: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """All requests that were answered."""
        return sum(len(each) for each in self.latencies_s.values())


class Connection(asyncio.Protocol):
    """One user of one service."""

    def __init__(self, person: Person, operations: Sequence[Operation], notes: Notes) -> None:
        self.person = person
        self.asking = True
        self.finished = asyncio.get_running_loop().create_future()
        self._operations = operations
        self._notes = notes
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Note an answer once it is whole, and ask for the next thing."""
        self._seen += data
        head, end, body = self._seen.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.partition(_LENGTH)[2].partition(b"\r\n")[0]):
            return
        self._seen = b""
        self._note(int(head[9:12]), body)
        if self.asking:
            self._ask()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection that the server closes while it is used is an error."""
        if self.asking:
            self._notes.errors.append(f"{self._operation.name}: the connection was lost: {exc}")
        self.finished.set_result(None)

    def _ask(self) -> None:
        self._operation = chosen(self.person, self._operations)
        sent = request(self.person, self._operation, f"key-{next(_KEYS)}")
        self._sent_s = time.perf_counter()
        self.transport.write(sent)

    def _note(self, status: int, body: bytes) -> None:
        operation = self._operation
        self._notes.latencies_s[operation.name].append(time.perf_counter() - self._sent_s)
        if status not in operation.statuses:
            self._notes.errors.append(f"{operation.name}: {status} {body[:300]!r}")
        elif status >= 400:
            self._notes.refused[status] += 1
        learn(self.person, operation, status, body)


async def connect(ports: Mapping[str, int], connections: int, notes: Notes) -> list[Connection]:
    """So many connections, spread over the services; each starts to ask at once."""
    loop, services = asyncio.get_running_loop(), list(MIX)
    names = [f"user_{number}" for number in range(connections)]
    made: list[Connection] = []
    for number, name in enumerate(names):
        service = services[number % len(services)]
        others = [each for at, each in enumerate(names) if at % len(services) == number % len(services)]
        person = Person(name, [each for each in others if each != name] or names, Random(number))
        make = partial(Connection, person, MIX[service], notes)
        _, connection = await loop.create_connection(make, "127.0.0.1", ports[service])
        made.append(connection)
    return made


async def finish(connections: Sequence[Connection]) -> None:
    """Let each get the answer that it waits for, and hang up."""
    for connection in connections:
        connection.asking = False
    await asyncio.gather(*(connection.finished for connection in connections))
