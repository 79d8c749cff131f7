"""One POST over a real socket: time limit, redirects, proxies, what a bad receiver does (rules WH-6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from isa_mockserver.webhooks import http
from isa_mockserver.webhooks.adversary import Shipment
from isa_mockserver.webhooks.http import HttpSender
from isa_mockserver.webhooks.outbox import Parcel
from isa_mockserver.webhooks.outcome import TIMEOUT_S, Outcome

pytestmark = pytest.mark.asyncio

SHIPMENT = Shipment(
    b'{"id":"evt_1"}', {"webhook-id": "evt_1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}
)
Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def receiver(behave: Behave) -> AsyncIterator[str]:
    tasks: set[asyncio.Task[object]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield f"http://{host}:{port}/hook?x=1"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def send(url: str) -> Outcome:
    sender = HttpSender()
    try:
        return await sender.send(Parcel("evt_1:wh_1", "wh_1", url, datetime.now(UTC), (SHIPMENT,)), SHIPMENT)
    finally:
        await sender.aclose()
        assert not sender.is_open


async def read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(
        line.split(":")[1] for line in head.lower().splitlines() if line.startswith("content-length")
    )
    return head, await reader.readexactly(int(length))


def answering(head: bytes, body: bytes = b"") -> Behave:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            length = b"content-length: %d\r\n\r\n" % len(body)
            writer.write(b"HTTP/1.1 " + head + b"\r\n" + length + body)
            await writer.drain()

    return behave


async def test_it_is_a_post_of_the_body_as_signed() -> None:
    requests: list[tuple[str, bytes]] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await read_request(reader))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    async with receiver(behave) as url:
        outcome = await send(url)
    ((head, body),) = requests
    assert (outcome.status, outcome.ok, outcome.error) == (204, True, None)
    assert outcome.latency_ms is not None
    assert head.startswith("POST /hook?x=1 HTTP/1.1\r\n")
    assert body == SHIPMENT.body
    headers = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if line)
    assert headers["content-type"] == "application/json"
    assert {name: headers[name] for name in SHIPMENT.headers} == SHIPMENT.headers


async def test_a_redirect_is_not_followed() -> None:
    hits: list[bytes] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(await reader.read(1))

    async with receiver(elsewhere) as target:
        head = f"307 Temporary Redirect\r\nlocation: {target}".encode()
        async with receiver(answering(head)) as url:
            outcome = await send(url)
    assert (outcome.status, outcome.ok, hits) == (307, False, [])


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with receiver(answering(b"200 OK")) as url:
        assert (await send(url)).ok


async def test_retry_after_is_read() -> None:
    async with receiver(answering(b"503 Service Unavailable\r\nretry-after: 77")) as url:
        outcome = await send(url)
    assert (outcome.status, outcome.retry_after_s) == (503, 77)


async def test_nobody_listening_is_a_failure_with_words() -> None:
    async with receiver(answering(b"200 OK")) as url:
        pass
    outcome = await send(url)
    assert outcome.status is None
    assert (outcome.error or "").startswith("ConnectError")


async def test_what_is_no_http_is_a_failure_with_words() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"SSH-2.0-OpenSSH_9.0\r\n")

    async with receiver(behave) as url:
        outcome = await send(url)
    assert outcome.status is None
    assert (outcome.error or "").startswith("RemoteProtocolError")


async def test_a_receiver_has_15_seconds() -> None:
    assert TIMEOUT_S == 15


@pytest.mark.parametrize(
    "until_silent", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"]
)
async def test_who_does_not_finish_in_time_has_not_answered(
    monkeypatch: pytest.MonkeyPatch, until_silent: bytes
) -> None:
    monkeypatch.setattr(http, "TIMEOUT_S", 0.05)

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(until_silent)
        await asyncio.sleep(60)

    async with receiver(behave) as url:
        outcome = await send(url)
    assert (outcome.status, outcome.error) == (None, "no answer within 15 seconds")


async def test_an_answer_without_end_is_cut_off_and_counts_by_its_status() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
            await writer.drain()

    async with receiver(behave) as url:
        assert (await send(url)).ok


async def test_a_connection_is_kept_for_the_next() -> None:
    connections: list[int] = []
    answer = answering(b"200 OK", b"thanks")

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        await answer(reader, writer)

    async with receiver(behave) as url:
        sender = HttpSender()
        for _ in range(3):
            parcel = Parcel("evt_1:wh_1", "wh_1", url, datetime.now(UTC), (SHIPMENT,))
            assert (await sender.send(parcel, SHIPMENT)).ok
        await sender.aclose()
    assert len(connections) == 1
