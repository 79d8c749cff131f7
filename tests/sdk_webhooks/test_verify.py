"""A delivery is believed only with a signature over exactly these bytes, made now (rules WH-4, WH-5)."""

from __future__ import annotations

import base64
import hmac
from typing import Any

import pytest

from isa_user.errors import ConfigurationError, InvalidArgumentError, WebhookVerificationError
from isa_user.webhooks import TOLERANCE_S, PaymentSucceeded, Webhook, new_secret, sign
from tests.sdk_webhooks.deliveries import (
    KEY,
    NOW,
    OTHER_KEY,
    OTHER_SECRET,
    PAID,
    SECRET,
    headers_for,
    signature_of,
    webhook,
)

# Rules WH-4, "Vector", letter by letter.
VECTOR_BODY = (
    b'{"id":"evt_1","type":"payment.succeeded","timestamp":"2024-01-28T10:00:00Z",'
    b'"data":{"payment_intent_id":"pi_abc123"}}'
)
VECTOR_HEADERS = {
    "webhook-id": "msg_1",
    "webhook-timestamp": "1706436000",
    "webhook-signature": "v1,7clZbueEjbQY+RzcB/mGoUlSFXBt93dDYfZLSjzx6Ko=",
}


def refused(body: bytes, headers: Any, *secrets: str, now: float = NOW) -> WebhookVerificationError:
    with pytest.raises(WebhookVerificationError) as caught:
        webhook(*secrets, now=now).verify(body, headers)
    return caught.value


def test_the_vector_of_wh_4_verifies() -> None:
    event = webhook().verify(VECTOR_BODY, VECTOR_HEADERS)
    assert (event.id, event.type) == ("evt_1", "payment.succeeded")
    assert event.timestamp is not None
    assert event.timestamp.isoformat() == "2024-01-28T10:00:00+00:00"


def test_the_vector_of_wh_4_is_what_sign_makes() -> None:
    body, headers = sign(VECTOR_BODY, SECRET, webhook_id="msg_1", timestamp=1706436000)
    assert body == VECTOR_BODY
    assert {name: headers[name] for name in VECTOR_HEADERS} == VECTOR_HEADERS


def test_a_verified_event_is_typed() -> None:
    event = webhook().verify(PAID, headers_for(PAID))
    assert isinstance(event, PaymentSucceeded)
    assert event.data.object.amount == 2999


def test_flipping_any_bit_of_the_body_fails() -> None:
    headers = headers_for(PAID)
    for position in range(len(PAID)):
        for bit in (0x01, 0x80):
            flipped = bytearray(PAID)
            flipped[position] ^= bit
            assert refused(bytes(flipped), headers).code == "no_matching_signature"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_changing_any_character_of_id_or_timestamp_fails(name: str) -> None:
    headers = headers_for(PAID)
    value = headers[name]
    for position, character in enumerate(value):
        for other in {"0", "1", "_", "m"} - {character}:
            changed = value[:position] + other + value[position + 1 :]
            refused(PAID, headers | {name: changed})


def test_flipping_any_character_of_the_signature_fails() -> None:
    headers = headers_for(PAID)
    value = headers["webhook-signature"]
    for position, character in enumerate(value):
        other = "A" if character != "A" else "B"
        changed = value[:position] + other + value[position + 1 :]
        refused(PAID, headers | {"webhook-signature": changed})


@pytest.mark.parametrize("body", [PAID + b" ", b" " + PAID, PAID[:-1], b""])
def test_more_or_fewer_bytes_fail(body: bytes) -> None:
    assert refused(body, headers_for(PAID)).code == "no_matching_signature"


@pytest.mark.parametrize("age", [0, 299, 300, -299, -300])
def test_wh_5_a_timestamp_up_to_300_seconds_away_is_taken_in_both_directions(age: int) -> None:
    assert TOLERANCE_S == 300
    headers = headers_for(PAID, timestamp=NOW - age)
    assert webhook().verify(PAID, headers).id == "evt_1"


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (301, "timestamp_too_old"),
        (10**6, "timestamp_too_old"),
        (-301, "timestamp_too_new"),
        (-(10**6), "timestamp_too_new"),
    ],
)
def test_wh_5_a_timestamp_further_away_is_refused_in_both_directions(age: int, code: str) -> None:
    assert refused(PAID, headers_for(PAID, timestamp=NOW - age)).code == code


@pytest.mark.parametrize(
    ("now", "code"), [(NOW + 300.001, "timestamp_too_old"), (NOW - 300.001, "timestamp_too_new")]
)
def test_a_fraction_of_a_second_counts(now: float, code: str) -> None:
    assert refused(PAID, headers_for(PAID), now=now).code == code


def test_the_system_clock_is_used_where_none_is_given() -> None:
    body, headers = sign(PAID, SECRET)
    assert Webhook(SECRET).verify(body, headers).id == "evt_1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(PAID, headers_for(PAID))


def test_wh_11_while_a_secret_is_replaced_either_is_accepted() -> None:
    for key in (KEY, OTHER_KEY):
        assert webhook(SECRET, OTHER_SECRET).verify(PAID, headers_for(PAID, key=key)).id == "evt_1"
    assert refused(PAID, headers_for(PAID, key=OTHER_KEY), SECRET).code == "no_matching_signature"


def test_wh_11_of_two_signatures_one_by_a_known_secret_is_enough() -> None:
    both = f"{signature_of(PAID, key=OTHER_KEY)} {signature_of(PAID, key=KEY)}"
    for secret in (SECRET, OTHER_SECRET):
        event = webhook(secret).verify(PAID, headers_for(PAID) | {"webhook-signature": both})
        assert event.id == "evt_1"


def test_the_same_good_signature_twice_is_good() -> None:
    twice = " ".join([signature_of(PAID)] * 2)
    assert webhook().verify(PAID, headers_for(PAID) | {"webhook-signature": twice}).id == "evt_1"


def test_wh_5_signatures_are_compared_in_constant_time_and_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[tuple[bytes, bytes]] = []
    compare = hmac.compare_digest

    def count(expected: bytes, given: bytes) -> bool:
        compared.append((expected, given))
        return compare(expected, given)

    monkeypatch.setattr(hmac, "compare_digest", count)
    three = f"{signature_of(PAID)} v1,AAAA {signature_of(PAID, key=OTHER_KEY)}"
    webhook(SECRET, OTHER_SECRET).verify(PAID, headers_for(PAID) | {"webhook-signature": three})
    assert len(compared) == 3 * 2


@pytest.mark.parametrize("noise", ["v1a,Zm9v", "v2,Zm9v", "v1,", "v1", ",", "nonsense", "v1,Zm9v,YmFy", ""])
def test_wh_5_unknown_versions_beside_a_good_signature_are_ignored(noise: str) -> None:
    for signatures in (f"{noise} {signature_of(PAID)}", f"{signature_of(PAID)} {noise}"):
        assert webhook().verify(PAID, headers_for(PAID) | {"webhook-signature": signatures}).id == "evt_1"


@pytest.mark.parametrize("version", ["v0", "v1a", "v2", "V1", ""])
def test_wh_5_the_right_digest_under_another_version_proves_nothing(version: str) -> None:
    signatures = signature_of(PAID).replace("v1,", f"{version},", 1)
    assert (
        refused(PAID, headers_for(PAID) | {"webhook-signature": signatures}).code == "no_matching_signature"
    )


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_wh_5_a_missing_or_empty_header_is_a_failure_that_names_it(name: str, value: str | None) -> None:
    headers = headers_for(PAID)
    headers.pop(name)
    error = refused(PAID, headers if value is None else headers | {name: value})
    assert (error.code, error.param) == ("missing_header", name)


@pytest.mark.parametrize(
    "timestamp",
    ["soon", "1706436000.0", "+1706436000", "-1", "1_706_436_000", "0x65", "1e9", "١٧٠٦", "9" * 13, "17 06"],
)
def test_a_malformed_timestamp_is_refused_also_when_it_was_signed(timestamp: str) -> None:
    headers = headers_for(PAID) | {
        "webhook-timestamp": timestamp,
        "webhook-signature": signature_of(PAID, timestamp=timestamp),
    }
    error = refused(PAID, headers)
    assert (error.code, error.param) == ("invalid_header", "webhook-timestamp")


@pytest.mark.parametrize("webhook_id", ["msg.1", "msg 1", "msg\n1", "mség", "m" * 256])
def test_an_id_that_would_blur_the_signed_text_is_refused_also_when_it_was_signed(webhook_id: str) -> None:
    error = refused(PAID, headers_for(PAID, webhook_id=webhook_id))
    assert (error.code, error.param) == ("invalid_header", "webhook-id")


def test_a_signed_text_has_one_reading_only() -> None:
    """The dot between time and body, moved into the id, leaves the signed text as it was."""
    body = str(NOW).encode() + b"." + PAID
    moved = {
        "webhook-id": f"msg_1.{NOW}",
        "webhook-timestamp": str(NOW),
        "webhook-signature": signature_of(body),
    }
    assert moved["webhook-signature"] == signature_of(PAID, webhook_id=f"msg_1.{NOW}")
    assert refused(PAID, moved).code == "invalid_header"


def test_a_header_that_is_there_twice_is_refused() -> None:
    pairs = [*headers_for(PAID).items(), ("Webhook-Id", "msg_2")]
    error = refused(PAID, pairs)
    assert (error.code, error.param) == ("invalid_header", "webhook-id")


@pytest.mark.parametrize(
    "shape",
    [
        lambda headers: headers,
        lambda headers: {name.title(): value for name, value in headers.items()},
        lambda headers: {name.upper().encode(): value.encode() for name, value in headers.items()},
        lambda headers: list(headers.items()),
        lambda headers: [(name.encode(), value.encode()) for name, value in headers.items()],
        lambda headers: iter([[name, f" {value} "] for name, value in headers.items()]),
        lambda headers: {**headers, "x-list": ["a", "b"], "x-number": 1},
    ],
    ids=[
        "dict",
        "title case",
        "bytes in capitals",
        "pairs",
        "ASGI",
        "iterator of lists",
        "odd other headers",
    ],
)
def test_headers_are_read_in_every_common_shape(shape: Any) -> None:
    assert webhook().verify(PAID, shape(headers_for(PAID))).id == "evt_1"


@pytest.mark.parametrize(
    "headers",
    [None, 1, "webhook-id", b"webhook-id", ["webhook-id"], [("a", "b", "c")], [1], {1: "a"}, {None: 1}, dict],
)
def test_what_is_no_headers_at_all_is_refused_and_never_crashes(headers: Any) -> None:
    assert refused(PAID, headers).code == "invalid_header"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [["a"], 1, None, 1.5, object()])
def test_a_header_whose_value_is_no_text_is_refused(name: str, value: object) -> None:
    assert refused(PAID, {**headers_for(PAID), name: value}).code == "invalid_header"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_the_body_may_be_any_bytes(kind: Any) -> None:
    assert webhook().verify(kind(PAID), headers_for(PAID)).id == "evt_1"


@pytest.mark.parametrize("body", [PAID.decode(), {"type": "payment.succeeded"}, None])
def test_a_body_that_was_decoded_or_parsed_is_a_mistake_of_the_caller(body: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="raw bytes") as caught:
        webhook().verify(body, headers_for(PAID))
    assert caught.value.param == "body"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff",
        b"[]",
        b"1",
        b'"payment.succeeded"',
        b"null",
        b"{}",
        b'{"type":1}',
        b'{"type":null}',
        b'{"type":"a","n":NaN}',
        b"[" * 10_000,
        b'{"type":"a"',
        b'{"type":"\\ud800"}',
    ],
)
def test_a_well_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    assert refused(body, headers_for(body)).code == "invalid_payload"


@pytest.mark.parametrize("body", [b"{}", b'{"type":1}'])
def test_what_the_body_lacks_is_named(body: bytes) -> None:
    assert refused(body, headers_for(body)).param == "type"


@pytest.mark.parametrize("size", [24, 32, 64])
def test_wh_4_secrets_of_24_to_64_bytes_are_taken_with_or_without_prefix_and_padding(size: int) -> None:
    key = bytes(range(size))
    text = base64.b64encode(key).decode()
    for secret in (f"whsec_{text}", text, f"whsec_{text.rstrip('=')}"):
        assert webhook(secret).verify(PAID, headers_for(PAID, key=key)).id == "evt_1"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_" + base64.b64encode(bytes(23)).decode(),
        "whsec_" + base64.b64encode(bytes(65)).decode(),
        "whsec_not base64 at all, really not!",
        "whsk_" + base64.b64encode(bytes(32)).decode(),
        "whsec_ségrét",
        [],
        [SECRET, ""],
        [None],
        [b"whsec_"],
    ],
)
def test_a_malformed_secret_is_refused_at_construction(secret: Any) -> None:
    with pytest.raises(ConfigurationError):
        Webhook(secret)


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("whsec_mysecret", r"holds 24 to 64 bytes, this one 6\. .*webhooks\.new_secret\(\)\.$"),
        (None, "secret is None. Is the variable set"),
        ("", "secret is empty. Is the variable set"),
        ([SECRET, None], "secret is None"),
        (b"whsec_x", "is a str, not bytes"),
        (7, "is a str, not int"),
        ([], "at least one signing secret"),
    ],
)
def test_an_error_about_a_secret_says_where_to_get_one(secret: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        Webhook(secret)
    assert "ISA_USER" not in str(caught.value)


def test_wh4_a_new_secret_is_accepted_and_never_the_same() -> None:
    made = {new_secret() for _ in range(3)}
    assert len(made) == 3
    for secret in made:
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
        body, headers = sign(PAID, secret)
        assert Webhook(secret).verify(body, headers).id == Webhook([*made]).verify(body, headers).id


def test_an_error_about_a_secret_does_not_show_it() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Webhook("whsec_CANARY-canary-CANARY!")
    assert "canary" not in str(caught.value).lower()
    assert caught.value.__suppress_context__


def test_the_secret_is_masked_in_repr() -> None:
    shown = repr(Webhook([SECRET, OTHER_SECRET]))
    assert shown == "Webhook('whsec_**********', 'whsec_**********')"


def test_an_error_tells_what_to_do_and_nothing_secret() -> None:
    error = refused(PAID, headers_for(PAID, key=OTHER_KEY))
    assert "Do not act on it" in str(error)
    assert signature_of(PAID) not in str(error)
    assert "pi_abc123" not in str(error)
