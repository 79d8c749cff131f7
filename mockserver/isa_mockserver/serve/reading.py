"""From the bytes of a connection to requests, by the parser that uvicorn uses too."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import httptools

from isa_mockserver.web.wire import MAX_BODY_BYTES, Request, headers_of

MAX_HEAD_BYTES = 65_536
_AROUND_A_HEADER = len(b": \r\n")


class HeadTooLargeError(Exception):
    """Request line and headers passed 64 KiB."""


class NotHttpError(Exception):
    """What came is not an HTTP/1.x request."""


Tell = Callable[[Request, bool], None]
"""Takes a request, and whether its connection stays open after the answer."""


class Reader:
    """Takes the bytes of one connection and tells of each request once it is complete.

    `max_body_bytes` gives the limit of a path: a request with a larger body is told of without it, as soon
    as that is known, and what still comes of the body is skipped. `invite` is called where the client waits
    for leave to send its body (`Expect: 100-continue`).
    """

    def __init__(
        self,
        tell: Tell,
        max_body_bytes: Callable[[str], int],
        invite: Callable[[], None],
    ) -> None:
        self._tell = tell
        self._max_body_bytes = max_body_bytes
        self._invite = invite
        self._parser = httptools.HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._head_began = False
        self._head_too_large = False
        self._pending_bytes = 0
        self._in_head = True
        self.in_body = False

    def feed(self, data: bytes) -> None:
        """Parse; a head that arrives in pieces is bounded while it is still unfinished.

        Raises:
            HeadTooLargeError, NotHttpError: nothing more can be read from this connection.
        """
        self._head_began = False
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # an upgrade that the server does not offer is ignored (RFC 9110, 7.8)
        except httptools.HttpParserError as error:
            raise HeadTooLargeError if self._head_too_large else NotHttpError from error
        if not self._in_head:
            self._pending_bytes = 0
        elif not self._head_began:
            self._pending_bytes += len(data)
            if self._pending_bytes > MAX_HEAD_BYTES:
                raise HeadTooLargeError

    # What the parser calls

    def on_message_begin(self) -> None:
        """A new head."""
        self._in_head = self._head_began = True
        self._pending_bytes = self._head_bytes = 0
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._chunks: list[bytes] = []
        self._body_bytes = 0
        self._told = False

    def on_url(self, url: bytes) -> None:
        """A piece of the request target."""
        self._url += url
        self._head_bytes += len(url)
        if self._head_bytes > MAX_HEAD_BYTES:
            self._too_large()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One complete header."""
        self._headers.append((name.lower(), value))
        self._head_bytes += len(name) + len(value) + _AROUND_A_HEADER
        if self._head_bytes > MAX_HEAD_BYTES:
            self._too_large()

    def on_headers_complete(self) -> None:
        """The head is complete; what follows is the body."""
        self._in_head = False
        self.in_body = True
        target = httptools.parse_url(self._url)
        path = target.path.decode("ascii")
        self._path = unquote(path) if "%" in path else path
        self._query = (target.query or b"").decode("latin-1")
        self._named = headers_of(self._headers)
        self._limit = MAX_BODY_BYTES
        length = int(self._named.get("content-length", 0))
        if length > MAX_BODY_BYTES or "transfer-encoding" in self._named:
            self._limit = self._max_body_bytes(self._path)
            if length > self._limit:
                self._told_of(None)
                return
        if self._named.get("expect", "").lower() == "100-continue":
            self._invite()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._body_bytes += len(body)
        if self._body_bytes <= self._limit:
            self._chunks.append(body)
        elif not self._told:
            self._told_of(None)

    def on_message_complete(self) -> None:
        """The request is here."""
        self.in_body = False
        if not self._told:
            self._told_of(b"".join(self._chunks))

    def _told_of(self, body: bytes | None) -> None:
        self._told = True
        self._chunks = []
        parser = self._parser
        method = parser.get_method().decode("ascii")
        request = Request(method, self._path, self._query, self._named, {}, body, self._headers)
        self._tell(request, parser.should_keep_alive() and parser.get_http_version() != "1.0")

    def _too_large(self) -> None:
        self._head_too_large = True
        raise HeadTooLargeError
