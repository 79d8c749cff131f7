"""Signed deliveries for a user's own tests (rules WH-4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel

from isa_user.errors import InvalidArgumentError
from isa_user.webhooks._headers import ID_HEADER, ID_PATTERN, SIGNATURE_HEADER, TIMESTAMP_HEADER
from isa_user.webhooks._now import system_now
from isa_user.webhooks._secrets import signing_keys
from isa_user.webhooks._signature import signature
from isa_user.webhooks.events import Event

__all__ = ["SignedWebhook", "sign"]

LATEST = 253_402_300_799
"""9999-12-31T23:59:59Z in seconds since 1970."""


class SignedWebhook(NamedTuple):
    """A delivery as it would arrive: the body's bytes and the headers."""

    body: bytes
    headers: dict[str, str]


def sign(
    payload: bytes | Mapping[str, Any] | Event,
    secret: str | Iterable[str],
    *,
    webhook_id: str | None = None,
    timestamp: int | None = None,
) -> SignedWebhook:
    """Make a delivery that verifies, to test your own receiver with.

    Args:
        payload: an event, or its JSON as a mapping, in which a missing ``id`` and ``timestamp`` are filled
            in; or bytes, which are signed as they are.
        secret: the secret that the receiver knows; several give a signature each, as a sender does for a
            day after its secret was replaced (rules WH-11).
        webhook_id: the header ``webhook-id``; by default the event's id, or one made from the body.
        timestamp: when it is sent, in seconds since 1970; now by default.

    Returns:
        Body and headers.

    Raises:
        ConfigurationError: a secret is malformed.
        InvalidArgumentError: ``webhook_id`` is empty, has a dot or is not printable ASCII; the payload
            cannot be written as JSON; ``timestamp`` is before 1970 or after 9999.
    """
    sent_at = int(system_now()) if timestamp is None else timestamp
    if not 0 <= sent_at <= LATEST:
        raise InvalidArgumentError("timestamp counts seconds since 1970, not after 9999.", param="timestamp")
    body = _body(payload, webhook_id, sent_at)
    used_id = webhook_id or _own_id(body)
    if not ID_PATTERN.fullmatch(used_id):
        raise InvalidArgumentError("A webhook id is printable ASCII without dots.", param="webhook_id")
    signatures = [signature(key, used_id, str(sent_at), body) for key in signing_keys(secret)]
    headers = {
        "content-type": "application/json",
        ID_HEADER: used_id,
        TIMESTAMP_HEADER: str(sent_at),
        SIGNATURE_HEADER: " ".join(signatures),
    }
    return SignedWebhook(body, headers)


def _body(payload: bytes | Mapping[str, Any] | Event, webhook_id: str | None, sent_at: int) -> bytes:
    if isinstance(payload, bytes):
        return payload
    if isinstance(payload, BaseModel):
        return payload.model_dump_json(exclude={"problems"}).encode("utf-8")
    stamp = datetime.fromtimestamp(sent_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    filled_in = {"id": webhook_id or _made_id(_json(payload)), "timestamp": stamp}
    return _json({**filled_in, **payload})


def _json(payload: Mapping[str, Any]) -> bytes:
    try:
        text = json.dumps(dict(payload), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"The payload is not JSON: {error}.", param="payload") from error


def _own_id(body: bytes) -> str:
    try:
        own = json.loads(body)["id"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return _made_id(body)
    return own if isinstance(own, str) else _made_id(body)


def _made_id(body: bytes) -> str:
    return f"evt_{hashlib.sha256(body).hexdigest()[:24]}"
