"""A receiver that answers what it is told to, and keeps what it got."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from isa_mockserver.web.asgi import Receive, Scope, Send


@dataclass(frozen=True)
class Got:
    """One request: its raw body, and its headers with names in lower case."""

    body: bytes
    headers: Mapping[str, str]

    @property
    def event(self) -> Any:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def timestamp(self) -> int:
        return int(self.headers["webhook-timestamp"])


class Inbox:
    """An ASGI app: answers the statuses of `script` one after the other, then `then`."""

    def __init__(self, *script: int, then: int = 204, headers: Mapping[str, str] | None = None) -> None:
        self.script = list(script)
        self.then = then
        self.headers = dict(headers or {})
        self.got: list[Got] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.got.append(Got(await request.body(), dict(request.headers)))
        status = self.script.pop(0) if self.script else self.then
        await Response(status_code=status, headers=self.headers)(scope, receive, send)

    @property
    def types(self) -> list[str]:
        return [got.event["type"] for got in self.got]

    @property
    def ids(self) -> list[str]:
        return [got.id for got in self.got]

    @property
    def sequences(self) -> list[int]:
        return [got.event["sequence"] for got in self.got]


def seconds(moments: Iterable[Any], start: Any) -> list[int]:
    """How many seconds after `start` each of these was."""
    return [int((moment - start).total_seconds()) for moment in moments]
