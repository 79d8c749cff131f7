"""Deliveries made by hand from the words of rules WH-4, with none of the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from isa_user.webhooks import Webhook

NOW = 1_706_436_000
"""2024-01-28T10:00:00Z, the vector's timestamp."""
KEY = bytes(range(32))
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER_KEY = bytes(range(100, 124))
OTHER_SECRET = f"whsec_{base64.b64encode(OTHER_KEY).decode()}"

PAYMENT: Mapping[str, Any] = {
    "payment_id": "pi_abc123",
    "type": "payment",
    "amount": 2999,
    "currency": "usd",
    "status": "succeeded",
    "description": "Pro Plan - Monthly",
    "amount_received": 2999,
    "amount_refunded": 0,
    "refund_status": "none",
    "payment_intent_id": "pi_abc123",
    "reference": None,
    "payment_method_id": "pm_card_visa",
    "last_payment_error": None,
    "metadata": {"product_id": "prod_123"},
    "created_at": "2024-01-28T09:59:58Z",
}


def envelope(event_type: str, resource: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An event as WH-1 draws it; `previous=` goes into its data, other keywords beside it."""
    previous = {"previous": more.pop("previous")} if "previous" in more else {}
    return {
        "id": "evt_1",
        "type": event_type,
        "timestamp": "2024-01-28T10:00:00Z",
        "api_version": "2024-01-28",
        "sequence": 7,
        "data": {"object": dict(resource), **previous},
        **more,
    }


def as_bytes(payload: object) -> bytes:
    return json.dumps(payload).encode()


def signature_of(body: bytes, webhook_id: str = "msg_1", timestamp: str = str(NOW), key: bytes = KEY) -> str:
    """Rules WH-4: `v1,<base64(HMAC-SHA256(key, id + "." + ts + "." + raw body))>`."""
    signed = webhook_id.encode() + b"." + timestamp.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_for(
    body: bytes, webhook_id: str = "msg_1", timestamp: int = NOW, key: bytes = KEY
) -> dict[str, str]:
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature_of(body, webhook_id, str(timestamp), key),
    }


def webhook(*secrets: str, now: float = NOW) -> Webhook:
    """A verifier whose clock stands at `now`."""
    return Webhook(list(secrets) or SECRET, now=lambda: now)


PAID = as_bytes(envelope("payment.succeeded", PAYMENT))
