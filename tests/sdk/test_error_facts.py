"""Everything that an error knows: what the platform's shapes tell, and what the call itself adds."""

from __future__ import annotations

from typing import Any

import pytest

from isa_user import SyncPaymentClient
from isa_user import errors as e
from isa_user._flow import GetToken, flow
from isa_user._meta import ResponseInfo
from isa_user._operations.billing import DELETE_INVOICE
from isa_user._operations.payment import CREATE_INTENT, GET_HISTORY
from isa_user._response import parse_model, parse_page, retry_after_s, status_error
from isa_user._wire import TransportFailure
from tests.sdk.fakes import INTENT, NOW, answer, call_of, failed, play, read_call, write_call
from tests.sdk.samples import PAYMENT


def _error(body: Any, status: int = 422) -> e.APIStatusError:
    return status_error(answer(status, body), attempts=1, idempotency_key=None)


# What an answer says


@pytest.mark.parametrize(
    ("loc", "param"),
    [
        (["body", "amount"], "amount"),
        (["query", "limit"], "limit"),
        (["path", "invoice_id"], "invoice_id"),
        (["header", "idempotency-key"], "idempotency-key"),
        (["body", "items", 0, "unit_price"], "items.0.unit_price"),
        (["amount"], "amount"),
        (["items", 0], "items.0"),
        (["body"], "body"),
        ([], None),
    ],
)
def test_the_place_that_a_framework_names_is_the_parameter(loc: list[Any], param: str | None) -> None:
    assert _error({"detail": [{"loc": loc, "msg": "no", "type": "t"}]}).param == param


def test_a_list_of_errors_without_an_object_around_it_is_understood() -> None:
    body = [{"field": "amount", "code": "invalid_amount", "message": "must be whole"}]
    error = _error(body)
    assert error.errors == (e.FieldError("amount", "invalid_amount", "must be whole"),)
    assert error.body == body


def test_the_first_of_several_errors_is_the_one_that_is_told() -> None:
    body = {
        "errors": [{"param": "a", "code": "x", "detail": "A"}, {"param": "b", "code": "y", "detail": "B"}]
    }
    assert (_error(body).message, _error(body).code, _error(body).param) == ("A", "x", "a")


@pytest.mark.parametrize(
    ("body", "attribute", "value"),
    [
        ({"error_code": "wallet_frozen"}, "code", "wallet_frozen"),
        ({"details": {"required": 5}}, "context", {"required": 5}),
        ({"error": {"code": "x", "request_id": "req_1"}}, "request_id", "req_1"),
    ],
)
def test_other_names_for_the_same_are_understood(body: Any, attribute: str, value: object) -> None:
    assert getattr(_error(body), attribute) == value


@pytest.mark.parametrize(
    ("body", "wait_s"),
    [
        ({"retry_after": 0}, 0.0),
        ({"retry_after": 2}, 2.0),
        ({"retry_after": -1}, None),
        (b'{"retry_after": Infinity}', None),
        ({"retry_after": True}, None),
    ],
)
def test_a_wait_in_the_body_is_a_number_of_seconds(body: Any, wait_s: float | None) -> None:
    assert retry_after_s(answer(429, body), lambda: NOW) == wait_s


def test_an_endless_wait_is_none() -> None:
    assert retry_after_s(answer(429, None, {"retry-after": "inf"}), lambda: NOW) is None


@pytest.mark.parametrize(
    ("status", "cls"), [(499, e.APIStatusError), (500, e.ServerError), (399, e.APIStatusError)]
)
def test_errors_of_the_server_begin_at_500(status: int, cls: type[e.APIStatusError]) -> None:
    assert type(_error(None, status)) is cls


@pytest.mark.parametrize(("status", "redirect"), [(299, False), (300, True), (399, True), (400, False)])
def test_a_redirect_is_3xx(status: int, redirect: bool) -> None:
    assert ("redirect" in _error(None, status).message) is redirect


@pytest.mark.parametrize(("status", "good"), [(199, False), (200, True), (299, True), (300, False)])
def test_a_success_is_2xx(status: int, good: bool) -> None:
    played = play(write_call(), answer(status, INTENT))
    assert (played.outcome is not None) is good


# What the call adds


def test_how_long_the_call_took_counts_every_attempt_and_wait() -> None:
    played = play(read_call(), answer(503), answer(200, {}), seconds_each=2.0)
    assert played.outcome is not None
    assert (played.outcome.info.elapsed, played.waits) == (4.5, [0.5])


def test_an_unknown_outcome_tells_all_that_the_last_answer_told() -> None:
    body = {"detail": "later", "code": "service_unavailable", "request_id": "req_9"}
    call = write_call(idempotent_server=True, max_retries=1)
    error = play(call, failed(sent=True), answer(503, body, {"retry-after": "3"})).error
    assert isinstance(error, e.OutcomeUnknownError)
    assert (error.status_code, error.code, error.request_id) == (503, "service_unavailable", "req_9")
    assert (error.retry_after, error.attempts, error.idempotency_key) == (3.0, 2, "key-1")


def test_a_failure_tells_its_cause_its_key_and_what_can_be_done() -> None:
    failure = TransportFailure("refused", sent=False, timed_out=False, next_step="Start the server.")
    error = play(write_call(max_retries=0), failure).error
    assert isinstance(error, e.APIConnectionError)
    assert (error.attempts, error.idempotency_key) == (1, "key-1")
    assert error.__cause__ is failure
    assert "Start the server." in str(error)


def test_a_deadline_that_passes_between_attempts_tells_how_many_there_were() -> None:
    call = write_call(deadline=3.0, token=lambda: "old")
    error = play(call, answer(401), seconds_each=2.0, seconds_a_token=1.0).error
    assert isinstance(error, e.APITimeoutError)
    assert (error.attempts, error.idempotency_key) == (1, "key-1")


def test_a_token_that_does_not_come_in_time_is_a_timeout() -> None:
    call = write_call(deadline=3.0, token=lambda: "slow")
    steps = flow(call, clock=lambda: 0.0, now=lambda: NOW, random=lambda: 1.0)
    assert isinstance(next(steps), GetToken)
    with pytest.raises(e.APITimeoutError, match="deadline of 3 s"):
        steps.send(None)


def test_what_asks_for_a_token_does_not_show_the_one_that_was_refused() -> None:
    asked = GetToken("source-secret", "rejected-secret", 1.0)
    assert "secret" not in repr(asked)


def test_a_page_where_nothing_should_be_says_that_it_is_no_json() -> None:
    call = call_of(DELETE_INVOICE, path={"invoice_id": "in_1"})
    with pytest.raises(e.ResponseValidationError) as caught:
        parse_model(call, answer(200, b"<html>"), ResponseInfo(200, 3, 0.1, []))
    assert caught.value.errors[0].code == "json_invalid"
    assert caught.value.attempts == 3


@pytest.mark.parametrize("more", [True, False])
def test_a_list_under_another_name_still_says_whether_there_is_more(more: bool) -> None:
    body = {"payments": [PAYMENT], "has_more": more, "next_cursor": "c-1"}
    page = parse_page(call_of(GET_HISTORY), answer(200, body), ResponseInfo(200, 1, 0.1, []))
    assert (page.has_more, page.next_cursor, len(page.data)) == (more, "c-1", 1)


@pytest.mark.parametrize(
    ("headers", "param"),
    [
        ({"X A": "space"}, "extra_headers"),
        ({"Host": "evil.test"}, "extra_headers.Host"),
        ({"X-A": "line\r\nbreak"}, "extra_headers.X-A"),
    ],
)
def test_a_header_that_cannot_be_sent_is_named(headers: dict[str, str], param: str) -> None:
    with pytest.raises(e.InvalidArgumentError) as caught:
        read_call(extra_headers=headers)
    assert caught.value.param == param


@pytest.mark.parametrize("key", ["", "k" * 256, "\u00e9", 7])
def test_a_key_that_cannot_be_sent_is_named(key: Any) -> None:
    with pytest.raises(e.InvalidArgumentError) as caught:
        write_call(idempotency_key=key)
    assert caught.value.param == "idempotency_key"


@pytest.mark.parametrize("token", ["two words", "t\u00f6ken"])
def test_a_token_that_cannot_be_sent_is_named_and_not_shown(token: str) -> None:
    error = play(write_call(token=token)).error
    assert isinstance(error, e.InvalidArgumentError)
    assert error.param == "token"
    assert token not in str(error)


@pytest.mark.parametrize(
    ("option", "value"), [("timeout", 0), ("deadline", -1.0), ("max_retries", -1), ("timeout", "5")]
)
def test_a_clients_setting_that_makes_no_sense_is_named(option: str, value: Any) -> None:
    with pytest.raises(e.ConfigurationError, match=option):
        SyncPaymentClient(**{option: value})


@pytest.mark.parametrize("url", ["http://user@pay.test", "http://:secret@pay.test", "http://u:p@pay.test"])
def test_a_url_with_credentials_is_refused(url: str) -> None:
    with pytest.raises(e.ConfigurationError, match="must not contain credentials"):
        SyncPaymentClient(url)


def test_a_bad_address_of_subscriptions_is_named() -> None:
    with pytest.raises(e.ConfigurationError, match="subscription_url"):
        SyncPaymentClient("http://localhost:8207", subscription_url="nowhere")


def test_an_async_source_of_tokens_for_a_sync_client_is_named() -> None:
    async def token() -> str:
        return "tok"

    wrong: Any = token
    with pytest.raises(e.InvalidArgumentError) as caught:
        SyncPaymentClient("http://localhost:9", token=wrong).get_intent("pi_1")
    assert caught.value.param == "token"


@pytest.mark.parametrize("amount", [0, 1])
def test_an_amount_that_is_too_small_is_for_the_server_to_refuse(amount: int) -> None:
    """It knows the currency's smallest charge."""
    assert call_of(CREATE_INTENT, body={"amount": amount, "currency": "usd"}).body is not None
