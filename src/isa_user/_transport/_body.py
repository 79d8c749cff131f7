"""An answer's body, bounded both as it arrives and as it unfolds: a small one may unpack to gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final

import httpx

__all__ = ["MAX_BODY_BYTES", "BodyTooLargeError", "Collected", "check_coding", "unpacked"]

MAX_BODY_BYTES: Final = 16 * 1_048_576
"""The largest answer that is read, before and after unpacking; a page of 100 rows is far below it."""

_IDENTITY: Final = "identity"
_WINDOWS: Final[Mapping[str, tuple[int, ...]]] = {
    "gzip": (zlib.MAX_WBITS | 16,),
    # "deflate" is zlib's format; some servers send it without zlib's header (RFC 9110, 8.4.1.2).
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}


class BodyTooLargeError(httpx.HTTPError):
    """The answer passed the limit; the rest of it was not read."""

    def __init__(self) -> None:
        super().__init__("")


class Collected:
    """The pieces of a body, as they arrive."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """Keep one piece; raises BodyTooLargeError once they are too many bytes."""
        self._size += len(piece)
        if self._size > MAX_BODY_BYTES:
            raise BodyTooLargeError
        self._pieces.append(piece)

    def joined(self) -> bytes:
        """All of them."""
        return b"".join(self._pieces)


def check_coding(headers: httpx.Headers) -> str:
    """The one coding of a body; raises httpx.DecodingError for others than asked for, and for several.

    Several on top of each other have no use but to unfold a few bytes to any size.
    """
    coding = headers.get("content-encoding", "").strip().lower() or _IDENTITY
    if coding != _IDENTITY and coding not in _WINDOWS:
        raise httpx.DecodingError("it is packed in a way that was not asked for")
    return coding


def unpacked(headers: httpx.Headers, body: bytes) -> bytes:
    """The body without its content coding.

    Raises httpx.DecodingError for one that is damaged or cut off, BodyTooLargeError for one too large.
    """
    coding = check_coding(headers)
    if coding == _IDENTITY or not body:
        return body
    for window in _WINDOWS[coding]:
        unpacker = zlib.decompressobj(window)
        try:
            plain = unpacker.decompress(body, MAX_BODY_BYTES + 1)
        except zlib.error:
            continue
        if len(plain) > MAX_BODY_BYTES:
            raise BodyTooLargeError
        if unpacker.eof:
            return plain
    raise httpx.DecodingError(f"it is not {coding}, or is cut off")
