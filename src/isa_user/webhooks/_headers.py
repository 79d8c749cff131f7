"""The three headers of a delivery (rules WH-4), from whatever shape a web framework gives them in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from isa_user.errors import WebhookVerificationError

__all__ = [
    "ID_HEADER",
    "ID_PATTERN",
    "SIGNATURE_HEADER",
    "TIMESTAMP_HEADER",
    "Headers",
    "Stamp",
    "WithItems",
    "read_stamp",
]

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"

_NAMES = (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER)
# No dot in an id: the signed text joins id, timestamp and body with dots, and must have one reading only.
ID_PATTERN = re.compile(r"[!-\-/-~]{1,255}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


class WithItems(Protocol):
    """Anything whose ``items()`` gives names and values, such as the headers of most web frameworks."""

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Pairs of name and value."""
        ...


Headers = Mapping[str, str] | WithItems | Iterable[tuple[str | bytes, str | bytes]]
"""A mapping, or pairs of name and value, as ``str`` or ``bytes``; the case of names does not matter."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a sender says of one delivery; ``timestamp`` is the text that was signed, unix seconds."""

    webhook_id: str
    timestamp: str
    signatures: tuple[str, ...]


def read_stamp(headers: Headers) -> Stamp:
    """Find and check the three headers.

    Raises:
        WebhookVerificationError: ``missing_header`` or ``invalid_header``; ``param`` names the header.
    """
    found = _wanted(headers)
    webhook_id = _matching(ID_PATTERN, ID_HEADER, found)
    timestamp = _matching(_TIMESTAMP, TIMESTAMP_HEADER, found)
    return Stamp(webhook_id, timestamp, tuple(_value(SIGNATURE_HEADER, found).split(" ")))


def _wanted(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        for raw_name, raw_value in _pairs(headers):
            name = _text(raw_name).lower()
            if name not in _NAMES:
                continue
            if name in found:
                raise _invalid(name, "is there more than once")
            found[name] = _text(raw_value).strip()
    except (TypeError, ValueError) as error:
        raise WebhookVerificationError(
            "The headers are neither a mapping nor pairs of name and value.", code="invalid_header"
        ) from error
    return found


def _pairs(headers: Any) -> Iterable[tuple[Any, Any]]:
    pairs: Iterable[tuple[Any, Any]] = headers.items() if hasattr(headers, "items") else headers
    return pairs


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        return value.decode("latin-1")
    raise TypeError(f"{type(value).__name__} is neither str nor bytes")


def _matching(pattern: re.Pattern[str], name: str, found: Mapping[str, str]) -> str:
    value = _value(name, found)
    if not pattern.fullmatch(value):
        raise _invalid(name, "is malformed")
    return value


def _value(name: str, found: Mapping[str, str]) -> str:
    value = found.get(name)
    if not value:
        raise WebhookVerificationError(
            f"The header {name} is missing or empty.", code="missing_header", param=name
        )
    return value


def _invalid(name: str, what: str) -> WebhookVerificationError:
    return WebhookVerificationError(f"The header {name} {what}.", code="invalid_header", param=name)
