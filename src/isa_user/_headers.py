"""Pure: header values that are safe to send. A message never shows the value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from isa_user._config import VERSION
from isa_user._wire import RawHeaders
from isa_user.errors import InvalidArgumentError, MissingTokenError
from isa_user.errors._secret import Secret

__all__ = ["base_headers", "bearer", "encode_headers", "idempotency_key_bytes"]

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_MAX_KEY_LENGTH = 255

_RESERVED: Mapping[str, str] = {
    "accept-encoding": "the transport sets it",
    "authorization": "pass token= instead",
    "connection": "the transport sets it",
    "content-length": "the transport sets it",
    "content-type": "bodies are JSON",
    "host": "it follows from the base URL",
    "transfer-encoding": "the transport sets it",
}


def encode_headers(headers: Mapping[str, str], *, source: str) -> RawHeaders:
    """Check extra headers and lower-case their names; ``source`` names the argument in messages."""
    return [_encode_header(name, value, source) for name, value in headers.items()]


def _encode_header(name: Any, value: Any, source: str) -> tuple[bytes, bytes]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidArgumentError(f"{source} has a header name that cannot be sent.", param=source)
    lower = name.lower()
    if lower in _RESERVED:
        raise InvalidArgumentError(
            f"{source} must not set {name}: {_RESERVED[lower]}.", param=f"{source}.{name}"
        )
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise InvalidArgumentError(
            f"{source} has a value for {name} that cannot be sent.", param=f"{source}.{name}"
        )
    return lower.encode(), value.encode("latin-1")


def bearer(token: Any) -> tuple[bytes, bytes]:
    """The Authorization header for a token (rules AU-1)."""
    if not isinstance(token, str) or not token.strip():
        raise MissingTokenError("The access token is empty or not a str.")
    return _bearer(token)


# Nearly every call has the token of the call before it.
@lru_cache(maxsize=1)
def _bearer(token: str) -> tuple[bytes, bytes]:
    text = Secret(token.strip())
    if not text.isascii() or not text.isprintable() or " " in text:
        raise InvalidArgumentError(
            "The access token must be printable ASCII without spaces (pass it without 'Bearer ').",
            param="token",
        )
    return b"authorization", b"Bearer " + text.encode()


def idempotency_key_bytes(key: Any) -> bytes:
    """Check an Idempotency-Key (rules ID-1): 1 to 255 printable ASCII characters."""
    if not isinstance(key, str) or not 1 <= len(key) <= _MAX_KEY_LENGTH:
        raise InvalidArgumentError(
            f"idempotency_key must be a str of 1 to {_MAX_KEY_LENGTH} characters, or a UUID.",
            param="idempotency_key",
        )
    if not key.isascii() or not key.isprintable():
        raise InvalidArgumentError("idempotency_key must be printable ASCII.", param="idempotency_key")
    return key.encode()


@lru_cache(maxsize=256)
def base_headers(base_url: str) -> Mapping[bytes, bytes]:
    """The headers that every request to one origin carries."""
    netloc = urlsplit(base_url).netloc
    host = netloc if netloc.isascii() else netloc.encode("idna").decode()
    return {
        b"host": host.encode(),
        b"accept": b"application/json",
        b"accept-encoding": b"gzip, deflate",
        b"user-agent": f"isa-user/{VERSION}".encode(),
    }
