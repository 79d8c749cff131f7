"""Every answer waits for the disk: reads, replays and refusals too; and is a 503 once the disk has failed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from isa_mockserver.testing import MockServer
from isa_mockserver.web.durable import Durable
from isa_mockserver.web.wire import Message, Receive, Scope, Send

from .life import START, USER

HEADERS = [(b"x-request-id", b"req_1"), (b"content-type", b"application/json")]


class Disk:
    """How far the disk is, by hand."""

    def __init__(self) -> None:
        self.sequence = 0
        self.asked: list[int] = []
        self.outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def reached(self, sequence: int) -> bool:
        self.asked.append(sequence)
        return await self.outcome


async def answer(app: Durable) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "http"}, receive, send)
    return sent


@pytest.mark.asyncio
async def test_an_answer_waits_for_all_that_was_committed_when_it_was_computed() -> None:
    disk = Disk()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        disk.sequence = 7
        await send({"type": "http.response.start", "status": 404, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b"{}"})

    waiting = asyncio.ensure_future(answer(Durable(app, disk)))
    await asyncio.sleep(0)
    disk.sequence = 8
    assert (disk.asked, waiting.done()) == ([7], False)
    disk.outcome.set_result(True)
    assert [message["type"] for message in await waiting] == ["http.response.start", "http.response.body"]
    assert disk.asked == [7], "the body was computed with the head"


@pytest.mark.asyncio
async def test_each_piece_of_a_stream_waits_for_itself() -> None:
    disk = Disk()
    disk.outcome.set_result(True)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        for disk.sequence in (1, 2):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        disk.sequence = 3
        await send({"type": "http.response.body", "body": b""})

    await answer(Durable(app, disk))
    assert disk.asked == [0, 1, 2, 3]


@pytest.mark.asyncio
async def test_what_cannot_be_vouched_for_is_a_503_that_repeats_nothing_of_the_answer() -> None:
    disk = Disk()
    disk.outcome.set_result(False)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 201, "headers": [*HEADERS, (b"x-made", b"pi_1")]}
        )
        await send({"type": "http.response.body", "body": b'{"made": "pi_1"}'})

    start, body = await answer(Durable(app, disk))
    document = json.loads(body["body"])
    assert (start["status"], document["status"], document["code"]) == (503, 503, "service_unavailable")
    assert (document["request_id"], dict(start["headers"])[b"x-request-id"]) == ("req_1", b"req_1")
    assert b"pi_1" not in body["body"]
    assert b"x-made" not in dict(start["headers"])


REQUESTS: Mapping[str, tuple[str, str, Any]] = {
    "a write": ("POST", "/api/v1/payments/intent", {"amount": 2999, "currency": "usd"}),
    "a refused write": ("POST", "/api/v1/payments/intent", {"amount": -1, "currency": "usd"}),
    "a read": ("GET", "/api/v1/wallets/me", None),
    "an unknown path": ("GET", "/nowhere", None),
    "the control API": ("GET", "/_mock/clock", None),
    "health": ("GET", "/health", None),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_in_process_nothing_is_answered_any_more_once_the_disk_has_failed(tmp_path: Path, name: str) -> None:
    method, path, body = REQUESTS[name]
    with MockServer(seed="demo", clock=START, data=tmp_path / "state.db") as server:
        archive = server._application.archive
        assert archive is not None
        store = archive.writer._store  # type: ignore[attr-defined]
        store._connection.execute("PRAGMA query_only = ON")
        server.request("POST", "/api/v1/wallets/me/deposit", user=USER, json_body={})
        server.request("GET", "/api/v1/wallets/me", user="user_new")
        refused = server.request(method, path, user=USER, json_body=body)
        assert (refused.status, refused.json()["code"]) == (503, "service_unavailable")
        assert refused.headers["x-request-id"] == refused.json()["request_id"]
    with MockServer(data=tmp_path / "state.db") as server:
        assert server.request("GET", "/api/v1/wallets/me", user=USER).status == 200
        assert server.ledger.check().ok
