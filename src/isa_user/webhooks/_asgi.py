"""The little of ASGI that a receiver needs: reading a bounded body and sending a short answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from isa_user.webhooks._answers import Answer, RawHeaders

__all__ = [
    "Message",
    "Receive",
    "Scope",
    "Send",
    "TooLargeError",
    "header",
    "read_body",
    "send_answer",
    "serve_lifespan",
]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class TooLargeError(Exception):
    """The body has more bytes than the receiver takes."""


def header(headers: RawHeaders, name: bytes) -> bytes | None:
    """The first header of this lower-case name."""
    return next((value for key, value in headers if key.lower() == name), None)


async def read_body(scope: Scope, receive: Receive, max_bytes: int) -> bytes | None:
    """The whole body, or None where the sender went away.

    Raises:
        TooLargeError: it is longer than ``max_bytes``, or says so beforehand.
    """
    announced = header(scope["headers"], b"content-length") or b""
    # Twelve digits say it as well, and int() refuses some thousands of them.
    if announced.isdigit() and int(announced[:12]) > max_bytes:
        raise TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > max_bytes:
            raise TooLargeError
        if not message.get("more_body", False):
            return bytes(body)


async def send_answer(send: Send, answer: Answer) -> None:
    """Send status, headers and body."""
    body = answer.body
    headers = list(answer.headers)
    if body:
        headers.append((b"content-type", b"application/problem+json"))
        headers.append((b"content-length", str(len(body)).encode("ascii")))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def serve_lifespan(receive: Receive, send: Send) -> None:
    """Answer a server's start and stop: there is nothing to prepare or to end."""
    while True:
        event = (await receive())["type"]
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return
