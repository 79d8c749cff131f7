"""The signature of Standard Webhooks (rules WH-4): pure functions over bytes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

__all__ = ["matches", "signature"]

VERSION = "v1"


def signature(key: bytes, webhook_id: str, timestamp: str, body: bytes) -> str:
    """``v1,`` and base64 of the HMAC-SHA256 over ``id.timestamp.body``."""
    signed = b"%b.%b.%b" % (webhook_id.encode("ascii"), timestamp.encode("ascii"), body)
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode('ascii')}"


def matches(expected: Iterable[str], given: Iterable[str]) -> bool:
    """Whether one of the given signatures is one of the expected ones.

    Every pair is compared, each in constant time, so that the time tells nothing about the key. Signatures
    of other versions match nothing (rules WH-5).
    """
    wanted = [each.encode("ascii") for each in expected]
    found = False
    for one in given:
        offered = one.encode("utf-8", "backslashreplace")
        for each in wanted:
            found |= hmac.compare_digest(each, offered)
    return found
