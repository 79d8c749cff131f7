"""Uvicorn's HTTP protocol: bounded headers and time, problem documents for non-requests, broken lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.problems import CONTENT_TYPE, problem
from isa_mockserver.web.wire import DROP, to_json

MAX_HEAD_BYTES = 65_536
MAX_REQUEST_S = 60.0
"""So long a request may take to arrive: who opens connections and sends drop by drop does not keep them."""
WATCH_S = 15.0
LAST_CALL_S = 4.5
LINGER_S = 1.0


class _HeadTooLargeError(Exception):
    """Request line and headers passed the limit; ends the parser's work."""


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a request line and headers of more than 64 KiB with 431, and what is not HTTP with 400."""

    def __init__(self, *args: Any, new_request_id: Callable[[], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._new_request_id = new_request_id
        self._refused = False
        self._head_open = True
        self._head_began = False
        self._head_bytes = 0
        self._pending_bytes = 0
        self._arriving_since: float | None = None
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._arriving_since = self.loop.time()
        self._watch = self.loop.call_later(WATCH_S, self._close_if_stalled)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; a head that arrives in pieces is bounded while it is still unfinished."""
        if self._refused:
            return
        if self._arriving_since is None:
            self._arriving_since = self.loop.time()
        self._head_began = False
        super().data_received(data)
        if not self._head_open:
            self._pending_bytes = 0
        elif not self._head_began:
            self._pending_bytes += len(data)
            if self._pending_bytes > MAX_HEAD_BYTES:
                self._refuse(_too_large())

    def on_message_begin(self) -> None:
        """A new head."""
        super().on_message_begin()
        cast(Any, self.scope)["extensions"] = {DROP: self._drop}
        self._head_open = self._head_began = True
        self._head_bytes = self._pending_bytes = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the request target."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One complete header."""
        self._count(len(name) + len(value) + len(b": \r\n"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is complete; what follows is the body."""
        self._head_open = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is here; how long the answer takes is the server's business."""
        self._arriving_since = None
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser refused."""
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(_too_large())
        else:
            self._refuse(DomainError("malformed_request", "This is not an HTTP/1.1 request."))

    def shutdown(self) -> None:
        """Close when idle, else once the request in flight is answered, or when it takes too long."""
        super().shutdown()
        if not self.transport.is_closing():
            self.loop.call_later(LAST_CALL_S, self.transport.abort)

    async def _drop(self) -> None:
        """Break the connection off, for the fault gate; what there is of an answer still leaves."""
        self.cycle.disconnected = True
        if self.cycle.response_started:
            self.transport.close()
        else:
            self.transport.abort()

    def _close_if_stalled(self) -> None:
        """Close on a request that has been arriving for too long; look again otherwise."""
        since = self._arriving_since
        if since is not None and self.loop.time() - since > MAX_REQUEST_S:
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(WATCH_S, self._close_if_stalled)

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade that the server does not offer is ignored (RFC 9110, 7.8), without a word in the log."""

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            raise _HeadTooLargeError

    def _refuse(self, error: DomainError) -> None:
        """Answer, then read on for a moment: closing on unread data would reset the connection."""
        if self._refused:
            return
        request_id = self._new_request_id()
        body = to_json(problem(error, request_id))
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n"
            f"content-type: {CONTENT_TYPE}\r\ncontent-length: {len(body)}\r\n"
            f"x-request-id: {request_id}\r\nconnection: close\r\n\r\n"
        )
        self._refused = True
        self.transport.write(head.encode("ascii") + body)
        self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.close)


def _too_large() -> DomainError:
    return DomainError("headers_too_large", f"The headers are larger than {MAX_HEAD_BYTES} bytes.")
