"""From an answer to the bytes that go to the socket, in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus

from isa_mockserver.web.wire import Answer, sent_headers

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def rendered(answer: Answer, common: bytes, *, keep_alive: bool, body: bytes) -> bytes:
    """Head and body; `common` are the header lines of every answer, and `body` what is sent of the body.

    Raises:
        ValueError: a header's value cannot be sent.
    """
    lines = [_status_line(answer.status)]
    for name, value in sent_headers(answer):
        if not value.isprintable():
            raise ValueError(f"the header {name} has a value that cannot be sent")
        lines.append(f"{name}: {value}\r\n")
    if not keep_alive:
        lines.append("connection: close\r\n")
    return b"%b%b\r\n%b" % ("".join(lines).encode("latin-1"), common, body)


class CommonLines:
    """The header lines of every answer, such as the date; the server makes a new list of them each second."""

    def __init__(self) -> None:
        self._of: Sequence[tuple[bytes, bytes]] | None = None
        self._lines = b""

    def lines(self, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
        """As bytes; made once for each list."""
        if headers is not self._of:
            self._lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
            self._of = headers
        return self._lines


@lru_cache(maxsize=600)
def _status_line(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    return f"HTTP/1.1 {status} {phrase}\r\n"
