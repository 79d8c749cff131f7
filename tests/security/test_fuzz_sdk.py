"""Whatever comes back over the wire, the SDK gives a result or an error of its own, and shows no secret.

Deliveries to the verifier are in tests/sdk_webhooks/test_properties.py; here they come as raw ASGI bytes.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_user import IsaError, SyncIsaUser
from isa_user._wire import WireResponse
from isa_user.webhooks import WebhookReceiver
from tests.sdk import samples
from tests.sdk.fakes import CREDITS, INTENT, SUBSCRIPTION, WALLET, SyncScript, answer
from tests.sdk_webhooks.asgi import Client, chunks
from tests.sdk_webhooks.deliveries import NOW, PAID, SECRET, headers_for
from tests.security.hostile import NASTY_JSON, effort, json_values, mutated, odd_bytes

TOKEN = "canary-token-81d3"
GOOD = [
    json.dumps(document).encode()
    for document in (
        INTENT,
        WALLET,
        SUBSCRIPTION,
        CREDITS,
        samples.DEPOSIT,
        {"data": [samples.WALLET_TRANSACTION], "has_more": True, "next_cursor": "c"},
        {"code": "card_declined", "detail": "no", "context": {"a": 1}, "errors": [{"param": "amount"}]},
        {"detail": [{"loc": ["body", "amount"], "msg": "bad", "type": "int"}]},
        {"error": {"message": "no"}, "retry_after": 3},
    )
]
answer_bodies = st.one_of(
    st.sampled_from(GOOD).flatmap(mutated), st.sampled_from(NASTY_JSON), st.binary(max_size=100)
)
ODD_VALUES = b"1e400|-5|nan|inf|Wed, 21 Oct 9999 07:28:00 GMT|Wed, 99 Foo 2024|//[|0".split(b"|")
HEADER_NAMES = [b"retry-after", b"date", b"x-request-id", b"location", b"content-type", b"x"]
answer_headers = st.lists(
    st.tuples(st.sampled_from(HEADER_NAMES), odd_bytes | st.sampled_from(ODD_VALUES)), max_size=4
)
CALLS = [
    lambda isa: isa.payments.create_intent(amount=2999, currency="usd"),
    lambda isa: isa.payments.get_history(),
    lambda isa: isa.wallets.get_balance(),
    lambda isa: isa.wallets.deposit(amount=1, currency="usd", payment_method_id="pm_card_visa"),
    lambda isa: isa.wallets.get_transactions(limit=1),
    lambda isa: isa.billing.delete_invoice("in_1"),
    lambda isa: isa.subscriptions.get_subscription(),
    lambda isa: isa.credits.get_balance(),
]


@effort(400)
@given(st.sampled_from(CALLS), st.integers(100, 999), answer_headers, answer_bodies)
def test_any_answer_is_a_result_or_an_error_of_the_sdk(
    call: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    script = SyncScript(*[WireResponse(status, list(headers), body)] * 3)
    isa = SyncIsaUser._bound(transport=script, sleep=script.sleep, token=TOKEN)
    result, refused = _outcome(lambda: call(isa))
    assert TOKEN not in f"{result!r} {refused} {refused!r} {getattr(refused, '__dict__', {})}"
    if refused is not None:
        assert type(pickle.loads(pickle.dumps(refused))) is type(refused)
    else:
        assert 200 <= status < 300
        assert result is None or isinstance(result._repr_html_(), str)


def _outcome(call: Callable[[], Any]) -> tuple[Any, IsaError | None]:
    """What a call gave, or the SDK's error; any other exception passes through."""
    try:
        return call(), None
    except IsaError as error:
        return None, error


PREFIX = "http://localhost:8207/api/v1/payments/intent/"
TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "a\r\nInjected: 1",
        "\n",
        "\x00",
        "..",
        ".",
        "",
        "../../_mock/reset",
        "a/b",
        "%2e%2e",
        "a?b#c",
        "\ud800",
        "é",
    ]
)


@effort(400)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_argument_breaks_out_of_its_place_in_the_request(
    id_: str, key: str, token: str, header: str
) -> None:
    """Ids, keys, tokens and headers: one request to the right origin, one line a header, or a refusal."""
    script = SyncScript(answer(200, INTENT))
    isa = SyncIsaUser._bound(transport=script, sleep=script.sleep, token="tok")
    try:
        isa.payments.cancel_intent(id_, idempotency_key=key, token=token, extra_headers={"x-mine": header})
    except IsaError:
        return
    (request,) = script.requests
    assert request.url.startswith(PREFIX)
    assert request.url.endswith("/cancel")
    segment = request.url[len(PREFIX) : -len("/cancel")]
    assert unquote(segment) == id_
    assert not set(segment) & set("/?#\\ \r\n\x00")
    assert segment not in ("", ".", "..")
    for name, value in request.headers:
        assert not set(name + value) & set(b"\r\n\x00")
    assert [name for name, _ in request.headers].count(b"authorization") == 1


RECEIVER = WebhookReceiver(SECRET, now=lambda: NOW)


@effort(300)
@given(
    st.sampled_from(["POST", "GET", "X"]),
    st.fixed_dictionaries(
        {name.encode(): st.just(value.encode()) | odd_bytes for name, value in headers_for(PAID).items()},
        optional={b"content-length": odd_bytes | st.integers().map(lambda number: str(number).encode())},
    ),
    st.just(PAID) | st.binary(max_size=100),
)
def test_a_receiver_answers_any_bytes_with_a_status_of_its_own(
    method: str, headers: dict[bytes, bytes], body: bytes
) -> None:
    client = Client(chunks(body))
    scope = {"type": "http", "method": method, "path": "/", "headers": list(headers.items())}
    coroutine = RECEIVER(scope, client.receive, client.send)
    with pytest.raises(StopIteration):
        coroutine.send(None)
    rightful = method == "POST" and body == PAID and headers.items() >= _wire(headers_for(PAID)).items()
    assert client.answer.status in ((204, 413) if rightful else (204, 400, 405, 413, 415))
    if client.answer.status == 204:
        assert body == PAID


def _wire(headers: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in headers.items()}


@effort(200)
@given(json_values)
def test_a_rightly_signed_body_of_any_json_gives_an_event_or_is_refused(document: Any) -> None:
    """The sender is trusted with the secret, not with the receiver's health."""
    body = json.dumps(document).encode()
    client = Client(chunks(body))
    headers = list(_wire({**headers_for(body), "content-type": "application/json"}).items())
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    with pytest.raises(StopIteration):
        RECEIVER(scope, client.receive, client.send).send(None)
    assert client.answer.status in (204, 400)
