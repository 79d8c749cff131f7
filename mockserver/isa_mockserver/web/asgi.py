"""The apps' ASGI face: for servers, test clients and middleware that are not this package's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio

from .wire import Answer, Request, begun, breaks_off, declared_bytes, headers_of, raw_headers

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class ClientGoneError(Exception):
    """The client went away before its request was complete; there is nothing to do and no one to answer."""


class DroppedError(ConnectionError):
    """A fault drops the connection: ASGI has no other way to tell its server."""


async def read_request(scope: Scope, receive: Receive, max_body_bytes: int) -> Request:
    """Read the request, giving up on the body once it passes the size limit.

    Raises:
        ClientGoneError: the client went away; half a body must not be taken for a short one.
    """
    headers = headers_of(scope["headers"])
    too_large = declared_bytes(headers) > max_body_bytes
    return Request(
        method=scope["method"],
        path=scope["path"],
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        path_params={},
        body=None if too_large else await _read_body(receive, max_body_bytes),
        raw_headers=scope["headers"],
    )


async def send_answer(send: Send, answer: Answer) -> None:
    """Write the answer, late or not at all where a fault says so.

    Raises:
        DroppedError: the connection is to be dropped.
    """
    delivery = answer.delivery
    if delivery and delivery.latency_s:
        await anyio.sleep(delivery.latency_s)
    if not breaks_off(answer):
        await _send(send, answer, answer.body)
        return
    if delivery and delivery.begun:
        await _send(send, answer, begun(answer), more_body=True)
    raise DroppedError("a fault drops the connection")


async def _send(send: Send, answer: Answer, body: bytes, *, more_body: bool = False) -> None:
    headers = raw_headers(answer)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more_body})


async def _read_body(receive: Receive, max_bytes: int) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > max_bytes:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
