"""A tiny real server on loopback that misbehaves as the first part of the path says."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.sdk.fakes import INTENT

BODY = json.dumps(INTENT).encode()
HEAD = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n"


@dataclass
class Received:
    """One request as it came in."""

    connection: int
    line: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


def _complete(body: bytes, *extra: str) -> bytes:
    more = "".join(f"{header}\r\n" for header in extra).encode()
    return HEAD + more + f"content-length: {len(body)}\r\n\r\n".encode() + body


class WireServer:
    """Runs in a thread of its own, so that clients of every colour can talk to it."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.received: list[Received] = []
        self.connections = 0
        self.open_connections = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._manners: dict[str, Callable[[asyncio.StreamWriter], Awaitable[None]]] = {
            "ok": self._ok,
            "gzip": self._gzip,
            "cookie": self._cookie,
            "cut": self._cut,
            "drop": self._drop,
            "drip": self._drip,
            "drip_head": self._drip_head,
            "hang": self._hang,
            "redirect": self._redirect,
        }

    def url(self, manner: str) -> str:
        """The base URL under which the server behaves so."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/{manner}"

    def __enter__(self) -> WireServer:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open_connections += 1
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await self._talk(self.connections, reader, writer)
        finally:
            self.open_connections -= 1
            self._tasks.discard(task)
            writer.close()

    async def _talk(
        self, connection: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while not writer.is_closing():
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *fields = head.strip().split("\r\n")
            headers = dict(text.split(": ", 1) for text in fields)
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.received.append(Received(connection, line, headers, body))
            await self._manners[line.split(" ")[1].split("/")[1]](writer)
            await writer.drain()

    async def _ok(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_complete(BODY))

    async def _gzip(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_complete(gzip.compress(BODY), "content-encoding: gzip"))

    async def _cookie(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_complete(BODY, "set-cookie: session=of-somebody; Path=/"))

    async def _redirect(self, writer: asyncio.StreamWriter) -> None:
        location = f"location: http://127.0.0.1:{self.port}/ok/stolen"
        writer.write(_complete(b"", location).replace(b"201 Created", b"307 Temporary Redirect"))

    async def _cut(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_complete(BODY)[: -len(BODY) // 2])
        writer.close()

    async def _drop(self, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def _hang(self, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        await _slowly(writer, HEAD + b"content-length: 100000\r\n\r\n", b" ")

    async def _drip_head(self, writer: asyncio.StreamWriter) -> None:
        await _slowly(writer, b"HTTP/1.1 201 Created\r\nx-long: ", b"a")


async def _slowly(writer: asyncio.StreamWriter, first: bytes, then: bytes) -> None:
    writer.write(first)
    while True:
        writer.write(then)
        await writer.drain()
        await asyncio.sleep(0.03)
