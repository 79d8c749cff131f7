"""Tricks that are played on a receiver, to test how it was written (WH-5, WH-8).

Each names one way in which the real world misbehaves. The rightful request is always sent too, so that a
receiver that is written well handles every event exactly once, whatever tricks are on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from .signing import signed_headers

STALE_S = 600

TRICKS: Mapping[str, str] = {
    "duplicate": "every request is sent twice",
    "shuffle": "events of one moment are not sent in their order",
    "late": "every event comes ten minutes late, by the server's clock",
    "stale_timestamp": "first comes a request that was signed ten minutes ago",
    "wrong_signature": "first comes a request that was signed with another secret",
    "truncated": "first comes a request whose body is cut off",
}
"""Name of a trick -> what happens."""


class Shipment(NamedTuple):
    """One request: its body, its headers, and the trick that it plays (None: it is the rightful one)."""

    body: bytes
    headers: Mapping[str, str]
    trick: str | None = None


def shipments(
    tricks: tuple[str, ...], keys: tuple[bytes, ...], message_id: str, timestamp: int, body: bytes
) -> tuple[Shipment, ...]:
    """The requests of one attempt in their order: what must be refused, the rightful one, its double."""
    rightful = signed_headers(keys, message_id, timestamp, body)
    stale = signed_headers(keys, message_id, timestamp - STALE_S, body)
    forged = signed_headers([hashlib.sha256(key).digest() for key in keys], message_id, timestamp, body)
    before = {
        "stale_timestamp": (body, stale),
        "wrong_signature": (body, forged),
        "truncated": (body[: len(body) // 2], rightful),
    }
    sent = [Shipment(*before[trick], trick) for trick in before if trick in tricks]
    sent.append(Shipment(body, rightful))
    if "duplicate" in tricks:
        sent.append(Shipment(body, rightful, "duplicate"))
    return tuple(sent)


def shuffled(ids: list[str]) -> list[str]:
    """The ids in another order, always the same one for the same ids."""
    mixed = sorted(ids, key=lambda each: hashlib.sha256(each.encode()).digest())
    return mixed if mixed != ids else mixed[::-1]
