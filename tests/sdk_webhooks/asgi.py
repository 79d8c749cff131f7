"""Driving an ASGI app by hand: on an event loop, or by stepping its coroutine without one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from isa_user.webhooks import WebhookReceiver

Message = MutableMapping[str, Any]


@dataclass(frozen=True)
class Answered:
    """What the app sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        code: str = json.loads(self.body)["code"]
        return code


class Client:
    """One client of an app: what it will send, and what it got."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self._messages = iter(messages)
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        return next(self._messages)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def answer(self) -> Answered:
        start, *rest = self.sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answered(start["status"], headers, b"".join(part["body"] for part in rest))


def http_scope(headers: Mapping[str, str], method: str = "POST") -> dict[str, Any]:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": "/", "headers": raw}


def chunks(*parts: bytes) -> list[Message]:
    last = len(parts) - 1
    return [
        {"type": "http.request", "body": part, "more_body": number < last}
        for number, part in enumerate(parts)
    ]


async def post(
    receiver: WebhookReceiver, body: bytes, headers: Mapping[str, str], *, method: str = "POST"
) -> Answered:
    client = Client(chunks(body))
    await receiver(http_scope(headers, method), client.receive, client.send)
    return client.answer


def step(receiver: WebhookReceiver, body: bytes, headers: Mapping[str, str]) -> Answered:
    """The same without an event loop; fails when the app waits for anything."""
    coroutine = post(receiver, body, headers)
    try:
        coroutine.send(None)
    except StopIteration as stopped:
        answered: Answered = stopped.value
        return answered
    coroutine.close()
    raise AssertionError("the receiver suspended")
