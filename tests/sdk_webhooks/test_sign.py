"""`sign` makes deliveries that verify, for a user's own tests (rules WH-4)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from isa_user.errors import ConfigurationError, InvalidArgumentError
from isa_user.models import Payment
from isa_user.webhooks import EventData, PaymentSucceeded, UnknownEvent, sign
from tests.sdk_webhooks.deliveries import (
    NOW,
    OTHER_SECRET,
    PAID,
    PAYMENT,
    SECRET,
    as_bytes,
    envelope,
    headers_for,
    signature_of,
    webhook,
)


def test_the_headers_are_those_of_standard_webhooks() -> None:
    body, headers = sign(PAID, SECRET, timestamp=NOW)
    assert body == PAID
    assert headers == {
        "content-type": "application/json",
        "webhook-id": "evt_1",
        "webhook-timestamp": "1706436000",
        "webhook-signature": signature_of(PAID, webhook_id="evt_1"),
    }


def test_a_mapping_without_id_and_time_gets_both() -> None:
    body, headers = sign({"type": "payment.succeeded", "data": {"object": PAYMENT}}, SECRET, timestamp=NOW)
    event = webhook().verify(body, headers)
    assert isinstance(event, PaymentSucceeded)
    assert event.id == headers["webhook-id"]
    assert int(event.timestamp.timestamp()) == NOW


def test_a_mapping_keeps_the_id_and_time_that_it_has() -> None:
    payload = envelope("payment.succeeded", PAYMENT)
    body, headers = sign(payload, SECRET, timestamp=NOW)
    assert json.loads(body) == payload
    assert headers["webhook-id"] == "evt_1"


def test_equal_payloads_are_one_event_and_different_ones_are_two() -> None:
    first, again = (sign({"type": "a"}, SECRET, timestamp=NOW).headers["webhook-id"] for _ in range(2))
    other = sign({"type": "b"}, SECRET, timestamp=NOW).headers["webhook-id"]
    assert first == again
    assert first != other


def test_an_event_survives_signing_and_verifying() -> None:
    event = PaymentSucceeded.model_validate(envelope("payment.succeeded", PAYMENT, note="kept"))
    assert webhook().verify(*sign(event, SECRET, timestamp=NOW)) == event


def test_an_event_made_by_hand_survives_too() -> None:
    payment = Payment.model_validate(PAYMENT)
    made = PaymentSucceeded(
        id="evt_9",
        timestamp=datetime(2024, 1, 28, 10, tzinfo=UTC),
        data=EventData[Payment](object=payment),
    )
    body, headers = sign(made, SECRET, timestamp=NOW)
    event = webhook().verify(body, headers)
    assert isinstance(event, PaymentSucceeded)
    assert event.data.object == payment
    assert headers["webhook-id"] == "evt_9"


def test_an_unknown_event_survives_without_what_receiving_added() -> None:
    misfit = envelope("payment.succeeded", {**PAYMENT, "amount": 1.5})
    event = webhook().verify(as_bytes(misfit), headers_for(as_bytes(misfit)))
    assert isinstance(event, UnknownEvent)
    assert event.problems
    assert "problems" not in json.loads(sign(event, SECRET).body)


def test_text_is_written_as_utf_8_and_signed_as_such() -> None:
    body, headers = sign({"type": "note", "data": {"text": "paiement réussi ✓"}}, SECRET, timestamp=NOW)
    assert "réussi ✓".encode() in body
    assert webhook().verify(body, headers).data == {"text": "paiement réussi ✓"}


def test_wh_11_with_two_secrets_there_are_two_signatures() -> None:
    body, headers = sign(PAID, [SECRET, OTHER_SECRET], timestamp=NOW)
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (SECRET, OTHER_SECRET):
        assert webhook(secret).verify(body, headers).id == "evt_1"


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"id":5}', b"\xff\xfe", b"[" * 100_000])
def test_bytes_are_signed_as_they_are_whatever_they_hold(body: bytes) -> None:
    signed = sign(body, SECRET, timestamp=NOW)
    webhook_id = signed.headers["webhook-id"]
    assert signed.body == body
    assert signed.headers["webhook-signature"] == signature_of(body, webhook_id)


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"webhook_id": "a.b"}, "webhook_id"),
        ({"webhook_id": "a b"}, "webhook_id"),
        ({"webhook_id": "é"}, "webhook_id"),
        ({"timestamp": -1}, "timestamp"),
        ({"timestamp": 10**12}, "timestamp"),
        ({"payload": {"type": object()}}, "payload"),
        ({"payload": {"type": float("nan")}}, "payload"),
        ({"payload": {"type": "\ud800"}}, "payload"),
        ({"payload": {"id": "a.b"}}, "webhook_id"),
    ],
)
def test_what_no_sender_could_send_is_refused(options: dict[str, Any], param: str) -> None:
    payload = options.pop("payload", {"type": "a"})
    with pytest.raises(InvalidArgumentError) as caught:
        sign(payload, SECRET, **options)
    assert caught.value.param == param


def test_a_malformed_secret_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        sign(PAID, "secret")
