"""Signatures and secrets after Standard Webhooks (rules WH-4)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook as Reference

from isa_mockserver.webhooks.signing import key_of, secret_of, signature, signed_headers

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
BODY = (
    b'{"id":"evt_1","type":"payment.succeeded","timestamp":"2024-01-28T10:00:00Z",'
    b'"data":{"payment_intent_id":"pi_abc123"}}'
)


def test_wh4_the_vector_of_the_rules() -> None:
    signed = signature(key_of(SECRET), "msg_1", 1706436000, BODY)
    assert signed == "v1,7clZbueEjbQY+RzcB/mGoUlSFXBt93dDYfZLSjzx6Ko="


def test_wh4_another_implementation_signs_and_verifies_the_same() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    headers = signed_headers([key_of(SECRET)], "evt_1", int(now.timestamp()), BODY)
    assert headers["webhook-signature"] == Reference(SECRET).sign("evt_1", now, BODY.decode())
    Reference(SECRET).verify(BODY.decode(), headers)


def test_wh11_two_keys_give_two_signatures_parted_by_a_space() -> None:
    keys = [bytes(range(32)), bytes(range(1, 33))]
    headers = signed_headers(keys, "evt_1", 1706436000, BODY)
    assert headers["webhook-signature"].split(" ") == [
        signature(key, "evt_1", 1706436000, BODY) for key in keys
    ]


@pytest.mark.parametrize("size", [24, 32, 64])
def test_wh4_a_secret_is_a_prefix_and_base64_of_24_to_64_bytes(size: int) -> None:
    assert key_of(secret_of(b"k" * size)) == b"k" * size


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_" + base64.b64encode(b"k" * 23).decode(),
        "whsec_" + base64.b64encode(b"k" * 65).decode(),
        base64.b64encode(b"k" * 32).decode(),
        "WHSEC_" + base64.b64encode(b"k" * 32).decode(),
        "whsec_not base64 at all, but long enough to be",
        "whsec_é" + base64.b64encode(b"k" * 32).decode(),
        SECRET + "\n",
    ],
)
def test_wh4_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="must be whsec_ and base64 of 24 to 64 bytes"):
        key_of(secret)
