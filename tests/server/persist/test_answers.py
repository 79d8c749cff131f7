"""Every answer waits for the disk: reads, replays and refusals too; and is a 503 once the disk has failed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from isa_mockserver.testing import MockServer
from isa_mockserver.web.app import App
from isa_mockserver.web.asgi import Message
from isa_mockserver.web.service import Router
from isa_mockserver.web.wire import Answer, Request

from .life import START, USER

PROMISE = Answer(201, b'{"made": "pi_1"}', headers=[("X-Made", "pi_1")], request_id="req_1")


class Disk:
    """How far the disk is, by hand."""

    def __init__(self) -> None:
        self.sequence = 0
        self.asked: list[int] = []
        self.outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def when_reached(self, sequence: int, tell: Callable[[bool], object]) -> None:
        raise AssertionError("over ASGI it is awaited")

    async def reached(self, sequence: int) -> bool:
        self.asked.append(sequence)
        return await self.outcome


class Promising(Router):
    """Commits number 7, and answers."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def __call__(self, request: Request) -> Answer:
        self._disk.sequence = 7
        return PROMISE

    def max_body_bytes(self, path: str) -> int:
        return 0


async def answer(disk: Disk, **headers: str) -> list[Message]:
    """What leaves of the answer, over ASGI."""
    app = App(lambda: Promising(disk), disk)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await app({"method": "POST", "path": "/", "query_string": b"", "headers": raw}, receive, send)
    return sent


@pytest.mark.asyncio
async def test_an_answer_waits_for_all_that_was_committed_when_it_was_computed() -> None:
    disk = Disk()
    waiting = asyncio.ensure_future(answer(disk))
    await asyncio.sleep(0)
    disk.sequence = 8
    assert (disk.asked, waiting.done()) == ([7], False)
    disk.outcome.set_result(True)
    assert [message["type"] for message in await waiting] == ["http.response.start", "http.response.body"]
    assert disk.asked == [7]


@pytest.mark.asyncio
async def test_what_cannot_be_vouched_for_is_a_503_that_repeats_nothing_of_the_answer() -> None:
    disk = Disk()
    disk.outcome.set_result(False)
    start, body = await answer(disk, origin="http://shop.test")
    document, headers = json.loads(body["body"]), dict(start["headers"])
    assert (start["status"], document["status"], document["code"]) == (503, 503, "service_unavailable")
    assert (document["request_id"], headers[b"x-request-id"]) == ("req_1", b"req_1")
    assert b"pi_1" not in body["body"]
    assert b"x-made" not in headers
    assert headers[b"access-control-allow-origin"] == b"*", "a page has to be able to read it"


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
