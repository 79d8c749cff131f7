"""The receiver verifies, calls the right functions and tells the sender the truth (rules WH-5, WH-6)."""

from __future__ import annotations

import logging
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from isa_user.errors import ConfigurationError, InvalidArgumentError
from isa_user.webhooks import (
    Event,
    PaymentFailed,
    PaymentSucceeded,
    RefundCreated,
    UnknownEvent,
    WebhookReceiver,
    sign,
)
from tests.sdk_webhooks.asgi import Client, chunks, http_scope, post, step
from tests.sdk_webhooks.deliveries import NOW, OTHER_SECRET, PAYMENT, SECRET, envelope
from tests.sdk_webhooks.resources import REFUND

pytestmark = pytest.mark.anyio


def delivery(event_type: str = "payment.succeeded", secret: str = SECRET, **more: Any) -> tuple[bytes, Any]:
    payload = envelope(event_type, REFUND if event_type.startswith("refund") else PAYMENT, **more)
    return sign(payload, secret, timestamp=NOW)


def make_receiver(**options: Any) -> WebhookReceiver:
    return WebhookReceiver(SECRET, now=lambda: NOW, **options)


async def test_the_functions_of_the_event_s_type_are_called_and_the_sender_gets_204() -> None:
    receiver, seen = make_receiver(), list[object]()

    @receiver.on("payment.succeeded")
    async def paid(event: PaymentSucceeded) -> None:
        await anyio.lowlevel.checkpoint()
        seen.append(("async", event.data.object.amount))

    @receiver.on("payment.succeeded")
    def also_paid(event: PaymentSucceeded) -> None:
        seen.append(("sync", event.id))

    @receiver.on("payment.failed")
    def failed(event: PaymentFailed) -> None:
        seen.append("never")

    answer = await post(receiver, *delivery())
    assert (answer.status, answer.body) == (204, b"")
    assert seen == [("async", 2999), ("sync", "evt_1")]


async def test_one_function_can_serve_several_types() -> None:
    receiver, seen = make_receiver(), list[str]()

    @receiver.on("payment.succeeded")
    @receiver.on("payment.failed")
    def settled(event: PaymentSucceeded | PaymentFailed) -> None:
        seen.append(event.type)

    for event_type in ("payment.succeeded", "payment.failed"):
        assert (await post(receiver, *delivery(event_type, id=f"evt_{event_type[8:]}"))).status == 204
    assert seen == ["payment.succeeded", "payment.failed"]


async def test_a_star_is_called_for_every_event_after_its_own_functions() -> None:
    receiver, seen = make_receiver(), list[str]()

    @receiver.on("*")
    def every(event: Event) -> None:
        seen.append(f"* {type(event).__name__}")

    @receiver.on("refund.created")
    def refunded(event: RefundCreated) -> None:
        seen.append("refunded")

    for number, event_type in enumerate(("refund.created", "payment.succeeded", "payment.disputed", "*")):
        assert (await post(receiver, *delivery(event_type, id=f"evt_{number}"))).status == 204
    assert seen == ["refunded", "* RefundCreated", "* PaymentSucceeded", "* UnknownEvent", "* UnknownEvent"]


async def test_an_event_that_nobody_waits_for_is_accepted() -> None:
    assert (await post(make_receiver(), *delivery())).status == 204


async def test_a_function_that_raises_makes_the_sender_try_again_and_then_it_is_called_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    receiver, calls = make_receiver(), list[int]()

    @receiver.on("payment.succeeded")
    async def paid(event: PaymentSucceeded) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")

    first = await post(receiver, *delivery())
    assert (first.status, first.code) == (500, "handler_failed")
    assert b"database" not in first.body
    assert "the database is away" in caplog.text
    assert (await post(receiver, *delivery())).status == 204
    assert len(calls) == 2


async def test_an_event_whose_content_does_not_fit_is_kept_for_later_where_a_function_waits_for_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    receiver, seen = make_receiver(), list[object]()

    @receiver.on("payment.succeeded")
    def paid(event: PaymentSucceeded) -> None:
        seen.append(event)

    misfit = envelope("payment.succeeded", {**PAYMENT, "amount": 29.99})
    assert (await post(receiver, *sign(misfit, SECRET, timestamp=NOW))).status == 500
    assert seen == []
    assert "data.object.amount" in caplog.text


async def test_an_event_whose_content_does_not_fit_reaches_a_star_as_unknown() -> None:
    receiver, seen = make_receiver(), list[Event]()
    receiver.on("*")(seen.append)
    misfit = envelope("payment.succeeded", {**PAYMENT, "amount": 29.99})
    assert (await post(receiver, *sign(misfit, SECRET, timestamp=NOW))).status == 204
    assert [(type(event), event.type) for event in seen] == [(UnknownEvent, "payment.succeeded")]


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"{}", {}, "missing_header"),
        (*delivery(secret=OTHER_SECRET), "no_matching_signature"),
        (*sign(envelope("payment.succeeded", PAYMENT), SECRET, timestamp=NOW - 301), "timestamp_too_old"),
        (*sign(envelope("payment.succeeded", PAYMENT), SECRET, timestamp=NOW + 301), "timestamp_too_new"),
        (*sign(b"[]", SECRET, timestamp=NOW), "invalid_payload"),
    ],
)
async def test_what_does_not_verify_is_answered_with_400_and_calls_nothing(
    body: bytes, headers: dict[str, str], code: str
) -> None:
    receiver, seen = make_receiver(), list[Event]()
    receiver.on("*")(seen.append)
    answer = await post(receiver, body, headers)
    assert (answer.status, answer.code, seen) == (400, code, [])
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-length"] == str(len(answer.body))


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_only_post_is_allowed(method: str) -> None:
    answer = await post(make_receiver(), *delivery(), method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 204),
        ("application/json; charset=utf-8", 204),
        ("Application/JSON", 204),
        (" application/json ; charset=utf-8", 204),
        ("application/cloudevents+json", 204),
        ("", 204),
        (None, 204),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=json", 415),
        ("json", 415),
        ("application/jsonp", 415),
    ],
)
async def test_only_json_is_taken(content_type: str | None, status: int) -> None:
    body, headers = delivery()
    headers.pop("content-type")
    given = headers if content_type is None else headers | {"content-type": content_type}
    assert (await post(make_receiver(), body, given)).status == status


def padded(size: int) -> bytes:
    start = b'{"type":"note","data":{"text":"'
    return start + b"x" * (size - len(start) - 3) + b'"}}'


@pytest.mark.parametrize(("size", "status"), [(262_144, 204), (524_288, 204), (524_289, 413)])
async def test_wh_1_events_of_256_kb_fit_and_much_larger_bodies_do_not(size: int, status: int) -> None:
    body = padded(size)
    assert len(body) == size
    assert (await post(make_receiver(), *sign(body, SECRET, timestamp=NOW))).status == status


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read() -> None:
    client = Client([])
    await make_receiver()(http_scope({"content-length": "524289"}), client.receive, client.send)
    assert (client.answer.status, client.answer.code) == (413, "payload_too_large")


async def test_a_body_that_turns_out_too_large_is_not_read_to_its_end() -> None:
    read = list[int]()

    def endless() -> Any:
        while True:
            read.append(1)
            yield {"type": "http.request", "body": bytes(100_000), "more_body": True}

    client = Client(endless())
    await make_receiver()(http_scope({}), client.receive, client.send)
    assert client.answer.status == 413
    assert len(read) == 6


async def test_a_body_in_pieces_is_verified_as_a_whole() -> None:
    body, headers = delivery()
    client = Client(chunks(body[:5], b"", body[5:9], body[9:]))
    await make_receiver()(http_scope(headers), client.receive, client.send)
    assert client.answer.status == 204


async def test_a_sender_that_goes_away_gets_no_answer_and_nothing_is_called() -> None:
    receiver, seen = make_receiver(), list[Event]()
    receiver.on("*")(seen.append)
    body, headers = delivery()
    client = Client([{"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"}])
    await receiver(http_scope(headers), client.receive, client.send)
    assert (client.sent, seen) == ([], [])


async def test_as_an_app_of_its_own_it_answers_the_server_s_start_and_stop() -> None:
    client = Client([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    await make_receiver()({"type": "lifespan"}, client.receive, client.send)
    assert [message["type"] for message in client.sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


async def test_a_websocket_is_closed() -> None:
    client = Client([{"type": "websocket.connect"}])
    await make_receiver()({"type": "websocket"}, client.receive, client.send)
    assert [message["type"] for message in client.sent] == ["websocket.close"]


async def test_other_connections_are_refused() -> None:
    client = Client([])
    with pytest.raises(ValueError, match="carrier_pigeon"):
        await make_receiver()({"type": "carrier_pigeon"}, client.receive, client.send)


def test_with_sync_functions_it_can_be_stepped_without_an_event_loop() -> None:
    receiver, seen = make_receiver(), list[Event]()
    receiver.on("*")(seen.append)
    assert step(receiver, *delivery()).status == 204
    assert step(receiver, *delivery()).status == 204
    assert len(seen) == 1
    assert step(receiver, b"{}", {}).status == 400


def test_stepped_by_hand_a_failing_function_gives_500_and_can_be_tried_again() -> None:
    receiver, seen = make_receiver(), list[Event]()

    @receiver.on("payment.succeeded")
    def paid(event: PaymentSucceeded) -> None:
        seen.append(event)
        raise LookupError

    assert [step(receiver, *delivery()).status for _ in range(2)] == [500, 500]
    assert len(seen) == 2


def test_stepped_by_hand_a_delivery_inside_the_same_delivery_is_asked_to_come_again() -> None:
    receiver, inner = make_receiver(), list[int]()

    @receiver.on("payment.succeeded")
    def paid(event: PaymentSucceeded) -> None:
        answer = step(receiver, *delivery())
        assert answer.headers["retry-after"] == "5"
        inner.append(answer.status)

    assert step(receiver, *delivery()).status == 204
    assert inner == [503]


@pytest.mark.parametrize("event_type", ["payment.suceeded", "payment", "", "PAYMENT.SUCCEEDED", None, "**"])
def test_a_type_that_does_not_exist_is_refused_when_the_function_is_noted(event_type: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        make_receiver().on(event_type)
    assert caught.value.param == "event_type"


def test_a_misspelt_type_is_told_what_it_may_have_meant() -> None:
    misspelt: Any = "payment.suceeded"
    with pytest.raises(InvalidArgumentError, match=r"did you mean 'payment\.succeeded'\?"):
        make_receiver().on(misspelt)


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (lambda: None, "'<lambda>' must take one argument, the event"),
        (lambda event, more: None, "must take one argument"),
        (lambda *, event: None, "must take one argument"),
        ("paid", "A handler is a function, not str"),
    ],
)
def test_a_function_that_could_not_be_called_is_refused_when_it_is_noted(handler: Any, words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words) as caught:
        make_receiver().on("payment.succeeded")(handler)
    assert caught.value.param == "handler"


@pytest.mark.parametrize("handler", [lambda event: None, lambda *events: None, print, list[object]().append])
def test_whatever_can_be_called_with_an_event_is_noted(handler: Any) -> None:
    assert make_receiver().on("payment.succeeded")(handler) is handler


def test_a_decorated_function_is_still_itself() -> None:
    def paid(event: PaymentSucceeded) -> int:
        return event.data.object.amount

    assert make_receiver().on("payment.succeeded")(paid) is paid


def test_a_limit_below_the_largest_event_is_refused() -> None:
    make_receiver(max_body_bytes=262_144)
    with pytest.raises(ConfigurationError):
        make_receiver(max_body_bytes=262_143)
    with pytest.raises(ConfigurationError):
        WebhookReceiver("whsec_")


async def test_neither_secret_nor_body_is_shown_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    receiver = make_receiver()
    with caplog.at_level(logging.DEBUG, "isa_user"):
        await post(receiver, *delivery())
        await post(receiver, *delivery(secret=OTHER_SECRET))
    assert repr(receiver) == "WebhookReceiver(Webhook('whsec_**********'))"
    assert len(caplog.records) == 2
    for secret in (SECRET, SECRET.removeprefix("whsec_"), "pi_abc123", "2999", "v1,"):
        assert secret not in caplog.text
