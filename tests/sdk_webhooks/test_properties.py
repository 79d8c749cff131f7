"""Whatever arrives, verifying gives an event or a WebhookVerificationError, never another exception."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from isa_user.errors import WebhookVerificationError
from isa_user.webhooks import Event, UnknownEvent
from tests.sdk_webhooks.deliveries import NOW, PAID, as_bytes, headers_for, signature_of, webhook

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
REFUSALS = {
    "missing_header",
    "invalid_header",
    "timestamp_too_old",
    "timestamp_too_new",
    "no_matching_signature",
    "invalid_payload",
}
TEXT_NAMES = ["webhook-id", "Webhook-Timestamp", "WEBHOOK-SIGNATURE", "x", ""]
NAMES = st.sampled_from([*TEXT_NAMES, *(name.encode() for name in TEXT_NAMES), b"\xff"])
NEAR_MISSES = ["msg_1", str(NOW), signature_of(PAID), "v1,", "v1,====", "v1a,x v1,y", "\ud800", "v1,\x00"]
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.text(),
    st.binary(),
    st.sampled_from(NEAR_MISSES),
    st.none() | st.integers() | st.lists(st.text(), max_size=2),
)
HEADERS: st.SearchStrategy[Any] = st.one_of(
    st.dictionaries(NAMES, VALUES),
    st.lists(st.tuples(NAMES, VALUES)),
    st.lists(st.tuples(NAMES, VALUES)).map(iter),
    st.lists(st.lists(NAMES, max_size=3)),
    VALUES,
)
KNOWN_TYPES = st.sampled_from(["payment.succeeded", "refund.updated", "invoice.paid", "credits.granted"])
PARTS = st.sampled_from(["id", "timestamp", "sequence", "data", "api_version"])


def verified(body: bytes, headers: Any) -> Event | str:
    """The event, or the code with which it was refused; any other exception passes through."""
    try:
        return webhook().verify(body, headers)
    except WebhookVerificationError as error:
        return error.code or "no code"


@given(st.binary() | st.just(PAID), HEADERS)
def test_any_body_with_any_headers_is_refused_properly(body: bytes, headers: Any) -> None:
    result = verified(body, headers)
    assert result in REFUSALS or body == PAID


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(headers_for(PAID), VALUES)))
def test_replacing_headers_of_a_good_delivery_is_refused_properly(replaced: dict[str, Any]) -> None:
    headers = {**headers_for(PAID), **replaced}
    result = verified(PAID, headers)
    if isinstance(result, str):
        assert result in REFUSALS
        assert replaced
    else:
        assert signature_of(PAID, str(headers["webhook-id"])) in str(headers["webhook-signature"])


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
@example(b'{"type":"payment.succeeded"}')
@example(b'{"type":"payment.succeeded","id":5,"timestamp":[],"sequence":"x","api_version":1,"data":[]}')
@example(b'{"type":"","problems":1,"response":2,"model_config":3,"__dict__":4}')
def test_any_well_signed_body_is_an_event_or_is_refused_properly(body: bytes) -> None:
    result = verified(body, headers_for(body))
    if isinstance(result, str):
        assert result == "invalid_payload"
    else:
        assert result.type == json.loads(body)["type"]


@given(KNOWN_TYPES, st.dictionaries(PARTS, JSON))
def test_content_that_does_not_fit_its_type_is_still_an_event(event_type: str, rest: dict[str, Any]) -> None:
    body = as_bytes({**rest, "type": event_type})
    result = verified(body, headers_for(body))
    if isinstance(result, str):
        assert any(strange in body for strange in (b"NaN", b"Infinity", b"\\ud"))
    elif isinstance(result, UnknownEvent):
        assert result.problems


@given(st.binary(min_size=1), st.integers(0), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_refused(body: bytes, place: int, change: int) -> None:
    """Rules 8.8, invariant 34."""
    changed = bytearray(body)
    changed[place % len(body)] ^= change
    assert verified(bytes(changed), headers_for(body)) == "no_matching_signature"
