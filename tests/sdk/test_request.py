"""From arguments to bytes: what is sent, and what is refused before sending."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from isa_user._call import Call
from isa_user._operations import billing, payment, subscription, wallet
from isa_user._request import prepare, wire_request
from isa_user.errors import InvalidArgumentError
from tests.sdk.fakes import call_of, config, read_call, write_call

CARD = {"amount": 2999, "currency": "usd"}


def _prepare(operation: Any, options: dict[str, Any] | None = None, **arguments: Any) -> Call[Any]:
    return prepare(operation, config(), options or {}, new_key=lambda: "made", **arguments)


def test_a_request_carries_method_url_headers_and_compact_json() -> None:
    request = wire_request(write_call(), "jwt")
    assert (request.method, request.url) == ("POST", "http://payment.test/api/v1/payments/intent")
    assert request.body == b'{"amount":2999,"currency":"usd"}'
    headers = dict(request.headers)
    assert headers[b"authorization"] == b"Bearer jwt"
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"content-length"] == str(len(request.body)).encode()
    assert headers[b"host"] == b"payment.test"
    assert headers[b"idempotency-key"] == b"key-1"


def test_a_read_has_no_body_and_no_key() -> None:
    request = wire_request(read_call(), "jwt")
    names = {name for name, _ in request.headers}
    assert request.body == b""
    assert not names & {b"content-length", b"content-type", b"idempotency-key"}


def test_a_write_without_fields_still_sends_an_object_so_that_its_end_is_known() -> None:
    call = _prepare(payment.REFUND, path={"payment_intent_id": "pi_1"}, body={"amount": None, "reason": None})
    assert call.body == b"{}"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("pi_abc123", "pi_abc123"),
        ("a/b", "a%2Fb"),
        ("../admin", "..%2Fadmin"),
        ("a b?c#d", "a%20b%3Fc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("é", "%C3%A9"),
        ("...", "..."),
    ],
)
def test_a_path_parameter_is_percent_encoded(given: str, sent: str) -> None:
    call = _prepare(payment.REFUND, path={"payment_intent_id": given}, body={})
    assert call.url == f"http://payment.test/api/v1/payments/{sent}/refund"


@pytest.mark.parametrize("given", ["", ".", "..", None, 7, "\ud800"])
def test_an_unsafe_path_parameter_is_refused(given: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        _prepare(payment.REFUND, path={"payment_intent_id": given}, body={})
    assert caught.value.param == "payment_intent_id"
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("amount", [29.99, 29.0, True, False, "2999", b"1", 1e3, float("nan")])
def test_money_that_is_not_an_int_is_refused(amount: Any) -> None:
    """Rules M-1."""
    with pytest.raises(InvalidArgumentError) as caught:
        _prepare(payment.CREATE_INTENT, body={"amount": amount, "currency": "usd"})
    assert caught.value.param == "amount"


@pytest.mark.parametrize("field", ["quantity", "unit_price"])
def test_money_inside_the_lines_of_an_invoice_is_checked_too(field: str) -> None:
    line = {"description": "API Usage", "quantity": 1, "unit_price": 1, field: 1.5}
    with pytest.raises(InvalidArgumentError) as caught:
        _prepare(billing.CREATE_INVOICE, body={"customer_id": "user_456", "items": [line]})
    assert caught.value.param == f"items.0.{field}"


def test_metadata_is_free_data_even_where_it_is_called_amount() -> None:
    call = _prepare(payment.CREATE_INTENT, body={**CARD, "metadata": {"amount": "10"}})
    assert json.loads(call.body)["metadata"] == {"amount": "10"}


@pytest.mark.parametrize("missing", ["amount", "currency"])
def test_a_required_field_that_is_none_is_refused(missing: str) -> None:
    with pytest.raises(InvalidArgumentError, match="required") as caught:
        _prepare(payment.CREATE_INTENT, body={**CARD, missing: None})
    assert caught.value.param == missing


def test_arguments_that_are_none_are_left_out() -> None:
    call = _prepare(payment.CREATE_INTENT, body={**CARD, "description": None})
    assert json.loads(call.body) == CARD


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j, float("inf"), "\ud800"])
def test_what_cannot_be_json_is_refused(value: Any) -> None:
    with pytest.raises(InvalidArgumentError):
        _prepare(payment.CREATE_INTENT, body={**CARD, "metadata": {"x": value}})


def test_aware_datetimes_are_sent_in_utc_and_dates_as_dates() -> None:
    eastern = datetime(2024, 1, 28, 5, 0, tzinfo=timezone(timedelta(hours=-5)))
    call = _prepare(billing.RECORD_USAGE, body={"metric": "api_calls", "quantity": 1, "timestamp": eastern})
    assert json.loads(call.body)["timestamp"] == "2024-01-28T10:00:00Z"
    invoice = {"customer_id": "user_456", "items": [], "due_date": date(2024, 2, 15)}
    assert json.loads(_prepare(billing.CREATE_INVOICE, body=invoice).body)["due_date"] == "2024-02-15"


def test_a_datetime_without_zone_and_a_datetime_as_due_date_are_refused() -> None:
    naive = datetime(2024, 1, 28)  # noqa: DTZ001 - the point of the test
    with pytest.raises(InvalidArgumentError, match="time zone"):
        _prepare(billing.RECORD_USAGE, body={"metric": "api_calls", "quantity": 1, "timestamp": naive})
    with pytest.raises(InvalidArgumentError, match="date"):
        _prepare(
            billing.CREATE_INVOICE,
            body={"customer_id": "u", "items": [], "due_date": datetime(2024, 2, 15, tzinfo=UTC)},
        )


def test_filters_go_into_the_query_encoded_and_none_is_left_out() -> None:
    query = {"status": "a&b", "limit": 5, "cursor": None, "created_after": datetime(2024, 1, 28, tzinfo=UTC)}
    call = _prepare(payment.GET_HISTORY, query=query)
    assert call.url == (
        "http://payment.test/api/v1/payments/history"
        "?status=a%26b&limit=5&created_after=2024-01-28T00%3A00%3A00Z"
    )


@pytest.mark.parametrize("limit", [2.0, True, "5"])
def test_a_limit_that_is_not_an_int_is_refused(limit: Any) -> None:
    with pytest.raises(InvalidArgumentError):
        _prepare(payment.GET_HISTORY, query={"limit": limit})


def test_the_callers_key_wins_over_a_made_one_also_as_a_header() -> None:
    assert _prepare(payment.CREATE_INTENT, {"idempotency_key": "mine"}, body=CARD).idempotency_key == "mine"
    by_header = _prepare(payment.CREATE_INTENT, {"extra_headers": {"Idempotency-Key": "mine"}}, body=CARD)
    assert by_header.idempotency_key == "mine"
    assert [value for name, value in by_header.headers if name == b"idempotency-key"] == [b"mine"]


@pytest.mark.parametrize("key", ["", "a" * 256, "ключ", "a\nb", 7])
def test_a_key_that_the_server_would_refuse_is_refused_here(key: Any) -> None:
    """Rules ID-1."""
    with pytest.raises(InvalidArgumentError):
        write_call(idempotency_key=key)


def test_the_longest_allowed_key_is_sent() -> None:
    assert write_call(idempotency_key="k" * 255).idempotency_key == "k" * 255


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer other"},
        {"host": "evil.test"},
        {"Content-Length": "0"},
        {"X-A": "line\r\nInjected: 1"},
        {"X A": "space"},
        {"X-A": 1},
        {"": "x"},
    ],
)
def test_headers_that_would_break_or_bypass_the_request_are_refused(headers: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_call(extra_headers=headers)
    assert "Bearer other" not in str(caught.value)


def test_a_calls_header_replaces_the_clients_and_the_sdks_own() -> None:
    settings = config(default_headers={"X-Tenant": "a", "User-Agent": "app/1"})
    options = {"extra_headers": {"x-tenant": "b"}}
    call = prepare(wallet.GET_WALLET, settings, options, new_key=lambda: "k")
    headers = [pair for pair in call.headers if pair[0] in (b"x-tenant", b"user-agent")]
    assert sorted(headers) == [(b"user-agent", b"app/1"), (b"x-tenant", b"b")]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("timeout", 0),
        ("timeout", -1),
        ("timeout", float("inf")),
        ("timeout", True),
        ("deadline", "5"),
        ("max_retries", -1),
        ("max_retries", 1.0),
        ("max_retries", True),
    ],
)
def test_times_and_counts_that_make_no_sense_are_refused(option: str, value: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_call(**{option: value})
    assert caught.value.param == option


def test_an_unknown_argument_is_a_type_error_as_for_any_function() -> None:
    with pytest.raises(TypeError, match=r"create_intent.*amonut"):
        write_call(amonut=1)
    with pytest.raises(TypeError, match="idempotency_key"):
        read_call(idempotency_key="k")


def test_options_that_are_none_mean_the_clients_own() -> None:
    call = call_of(wallet.GET_WALLET, timeout=None, deadline=None, max_retries=None, token=None)
    assert call.settings == config()
    assert (call.settings.timeout_s, call.settings.max_retries, call.settings.token) == (30.0, 2, "tok")


def test_a_required_filter_that_is_none_is_refused() -> None:
    """Rules US-7."""
    with pytest.raises(InvalidArgumentError) as caught:
        _prepare(billing.GET_USAGE, query={"metric": None})
    assert caught.value.param == "metric"


def test_the_events_of_a_batch_are_checked_like_a_single_one() -> None:
    """Rules US-8."""
    eastern = datetime(2024, 1, 28, 5, tzinfo=timezone(timedelta(hours=-5)))
    event = {"metric": "api_calls", "quantity": 1, "timestamp": eastern}
    call = _prepare(billing.RECORD_USAGE_BATCH, body={"events": [event]})
    assert json.loads(call.body)["events"][0]["timestamp"] == "2024-01-28T10:00:00Z"
    with pytest.raises(InvalidArgumentError) as caught:
        _prepare(billing.RECORD_USAGE_BATCH, body={"events": [event, {**event, "quantity": 1.5}]})
    assert caught.value.param == "events.1.quantity"


def test_a_preview_is_repeated_like_a_read_and_has_no_key() -> None:
    """Rules CH-10."""
    call = _prepare(subscription.PREVIEW_CHANGE, body={"new_plan_id": "plan_free", "prorate": True})
    assert not call.is_write
    assert call.idempotency_key is None
    assert json.loads(call.body) == {"new_plan_id": "plan_free", "prorate": True}


def test_a_deletion_has_a_key_and_no_body() -> None:
    request = wire_request(_prepare(billing.DELETE_INVOICE, path={"invoice_id": "in_1"}), "jwt")
    assert (request.method, request.body) == ("DELETE", b"")
    assert dict(request.headers)[b"idempotency-key"] == b"made"
