"""The idempotency store: one answer per (user, service, key) for 24 hours (rules 8.2)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import NamedTuple

from .errors import DomainError
from .hiding import shown
from .store import TableSpec
from .unit import Unit

KEPT = timedelta(hours=24)
_STORED_REFUSALS = frozenset({402, 404, 409})


class StoredAnswer(NamedTuple):
    """The answer to the first request with a key, to be replayed byte for byte.

    `fingerprint` tells that request from others: see `fingerprint`.
    """

    id: str
    fingerprint: str
    status: int
    content_type: str
    body: str
    created_at: datetime

    def __repr__(self) -> str:
        return shown(self, "fingerprint", "body")


MAX_KEPT_CHARS = 4_096
"""A longer request is known by a digest."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_BODY_FOLLOWS = "\0"
"""Before the body: JSON holds no such character, and a digest does not either."""

ANSWERS = TableSpec("idempotency", StoredAnswer)


def scope(user_id: str, service: str, key: str) -> str:
    """The identity of a key: keys of other users and services are other keys (rules ID-2)."""
    return f"{user_id}\0{service}\0{key}"


def fingerprint(method: str, path: str, body: str) -> str:
    """What tells a request from others: the request itself, or a digest of it where it is long.

    `body` is valid JSON, or empty where none was sent.
    """
    request = f"{method} {path}{_BODY_FOLLOWS}{body}"
    return request if len(request) <= MAX_KEPT_CHARS else _identity(request)


def _identity(fingerprint: str) -> str:
    """Equal for requests whose JSON is equal (rules ID-2); a digest is its own."""
    head, found, body = fingerprint.rpartition(_BODY_FOLLOWS)
    if not found:
        return fingerprint
    document = json.loads(body) if body else {}
    return hashlib.sha256(f"{head}\n{_CANONICAL.encode(document)}".encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return one == other or _identity(one) == _identity(other)


def valid_key(key: str) -> bool:
    """Whether the key is 1 to 255 printable ASCII characters (rules ID-1)."""
    return 1 <= len(key) <= 255 and key.isascii() and key.isprintable()


def recall(unit: Unit, scoped_key: str, asked: str) -> StoredAnswer | None:
    """The stored answer to the same request, or None when the key is new or over 24 hours old.

    Raises:
        DomainError: `idempotency_key_reused` for another request under the same key (rules ID-2).
    """
    stored = unit.get(ANSWERS, scoped_key)
    if stored is None or unit.now - stored.created_at >= KEPT:
        return None
    if not _same(stored.fingerprint, asked):
        raise DomainError(
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request; use a new key for new work.",
            param="Idempotency-Key",
        )
    return stored


def is_stored(status: int) -> bool:
    """Whether an outcome is kept for replay: the work was done, or its refusal is an outcome (rules ID-4)."""
    return 200 <= status < 300 or status in _STORED_REFUSALS


def remember(unit: Unit, answer: StoredAnswer) -> None:
    """Keep the answer for replay."""
    unit.put(ANSWERS, answer)
