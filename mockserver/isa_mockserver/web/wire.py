"""Requests and answers as plain values, and the few lines that read and write them over ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

import pydantic_core

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1_048_576
JSON = "application/json"


class Request(NamedTuple):
    """One HTTP request, read in full. `body` is None when it passed the size limit."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    path_params: Mapping[str, str]
    body: bytes | None


DELIVERY = "isa.delivery"
"""Key of an ASGI message that starts an answer: its `Delivery`, for the fault gate."""
DROP = "isa.drop"
WAIT = "isa.wait"
"""Keys of the scope's extensions: how the carrier drops the connection, and how it lets time pass."""


class Delivery(NamedTuple):
    """What a fault does to an answer on its way; `worked` tells whether the request's work was done.

    `drop` closes the connection instead; where the answer has `begun` then, half of its body has left.
    """

    fault: str
    drop: bool = False
    begun: bool = False
    latency_s: float = 0.0
    worked: bool = True


class Answer(NamedTuple):
    """One HTTP answer: status, content type, body, and headers beside the usual ones.

    `code` is that of a refusal; `delivery` is set where a fault strikes.
    """

    status: int
    body: bytes
    content_type: str = JSON
    headers: Sequence[tuple[str, str]] = ()
    code: str | None = None
    delivery: Delivery | None = None


def to_json(document: Any) -> bytes:
    """Compact UTF-8 JSON on a line of its own, so that a terminal's prompt does not stick to it."""
    return pydantic_core.to_json(document, inf_nan_mode="strings") + b"\n"


class ClientGoneError(Exception):
    """The client went away before its request was complete; there is nothing to do and no one to answer."""


async def read_request(scope: Scope, receive: Receive, *, max_body_bytes: int = MAX_BODY_BYTES) -> Request:
    """Read the request, giving up on the body once it passes the size limit.

    Raises:
        ClientGoneError: the client went away; half a body must not be taken for a short one.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
    return Request(
        method=scope["method"],
        path=scope["path"],
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        path_params=scope.get("path_params", {}),
        body=await _read_body(receive, headers.get("content-length", ""), max_body_bytes),
    )


async def _read_body(receive: Receive, content_length: str, max_bytes: int) -> bytes | None:
    if content_length.isdecimal() and int(content_length[:12]) > max_bytes:
        return None
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


async def send_answer(send: Send, answer: Answer) -> None:
    """Write the answer; one without a body (204) has no content type."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if answer.status != 204:
        headers.append((b"content-type", answer.content_type.encode("latin-1")))
        headers.append((b"content-length", str(len(answer.body)).encode("ascii")))
    start: Message = {"type": "http.response.start", "status": answer.status, "headers": headers}
    if answer.delivery is not None:
        start[DELIVERY] = answer.delivery
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})
