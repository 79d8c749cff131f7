"""From an answer to a model, a page or an error (rules 8.3, 8.5; SDK page, "Errors" and "Models")."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isa_user import errors as e
from isa_user import models
from isa_user._meta import ResponseInfo
from isa_user._operations.billing import DELETE_INVOICE
from isa_user._operations.payment import GET_HISTORY
from isa_user._response import parse_model, parse_page, status_error
from tests.sdk.fakes import INTENT, answer, call_of, write_call
from tests.sdk.samples import PAYMENT as ROW

DELETE = call_of(DELETE_INVOICE, path={"invoice_id": "in_1"})

INFO = ResponseInfo(200, 1, 0.1, [(b"x-request-id", b"req_1")])
CLASSES = [
    (301, None, None, e.APIStatusError),
    (400, "malformed_json", None, e.BadRequestError),
    (401, "token_expired", None, e.AuthenticationError),
    (402, None, None, e.PaymentRequiredError),
    (402, "card_declined", "insufficient_funds", e.CardDeclinedError),
    (402, "expired_card", None, e.CardDeclinedError),
    (402, "incorrect_cvc", None, e.CardDeclinedError),
    (402, "processing_error", None, e.CardDeclinedError),
    (402, "authentication_failed", None, e.CardDeclinedError),
    (402, "some_new_code", "do_not_honor", e.CardDeclinedError),
    (402, "insufficient_funds", None, e.InsufficientFundsError),
    (402, "insufficient_credits", None, e.InsufficientCreditsError),
    (403, "permission_denied", None, e.PermissionDeniedError),
    (404, "plan_not_found", None, e.NotFoundError),
    (405, "method_not_allowed", None, e.APIStatusError),
    (409, "subscription_exists", None, e.ConflictError),
    (409, "idempotency_in_progress", None, e.IdempotencyInProgressError),
    (413, "body_too_large", None, e.APIStatusError),
    (422, "invalid_amount", None, e.InvalidRequestError),
    (422, "idempotency_key_reused", None, e.IdempotencyKeyReusedError),
    (429, "rate_limited", None, e.RateLimitError),
    (500, "internal_error", None, e.ServerError),
    (503, "service_unavailable", None, e.ServerError),
    (599, None, None, e.ServerError),
]


def _error(body: Any, status: int = 422, headers: dict[str, str] | None = None) -> e.APIStatusError:
    return status_error(answer(status, body, headers), attempts=2, idempotency_key="key-1")


@pytest.mark.parametrize(("status", "code", "decline", "cls"), CLASSES)
def test_status_and_code_choose_the_class(
    status: int, code: str | None, decline: str | None, cls: type[e.APIStatusError]
) -> None:
    error = _error({"detail": "no", "code": code, "decline_code": decline}, status)
    assert type(error) is cls
    assert (error.status_code, error.code, error.decline_code) == (status, code, decline)


def test_a_problem_document_fills_every_attribute() -> None:
    """Rules 8.3."""
    body = {
        "type": "urn:isa:problem:validation_error",
        "title": "Validation failed",
        "status": 422,
        "detail": "Two fields are wrong.",
        "code": "invalid_amount",
        "param": "amount",
        "context": {"minimum": 50},
        "errors": [
            {"param": "amount", "code": "invalid_amount", "detail": "must be an integer"},
            {"param": "currency", "code": "unsupported_currency", "detail": "unknown"},
        ],
        "request_id": "req_body",
    }
    error = _error(body, headers={"X-Request-Id": "req_header"})
    assert (error.message, error.code, error.param) == ("Two fields are wrong.", "invalid_amount", "amount")
    assert error.context == {"minimum": 50}
    assert error.errors[1] == e.FieldError("currency", "unsupported_currency", "unknown")
    assert (error.request_id, error.attempts, error.idempotency_key) == ("req_header", 2, "key-1")
    assert error.body == body


@pytest.mark.parametrize(
    ("body", "message", "code", "param"),
    [
        ({"detail": "Invoice not found"}, "Invoice not found", None, None),
        ({"detail": {"code": "x_y", "message": "Nested", "param": "p"}}, "Nested", "x_y", "p"),
        ({"detail": {"error": "wallet_frozen", "message": "Frozen"}}, "Frozen", "wallet_frozen", None),
        ({"error": "Wallet is frozen"}, "Wallet is frozen", None, None),
        ({"error": "wallet_frozen", "message": "Frozen"}, "Frozen", "wallet_frozen", None),
        ({"error": {"code": "c", "message": "m", "param": "p"}}, "m", "c", "p"),
        ({"error": {"type": "t", "detail": "d"}}, "d", None, None),
        ({"message": "plain"}, "plain", None, None),
        (
            {"detail": [{"loc": ["body", "items", 0, "quantity"], "msg": "not an int", "type": "int_type"}]},
            "not an int",
            "int_type",
            "items.0.quantity",
        ),
        ("just a string", "just a string", None, None),
        (b"upstream  failed\n", "upstream failed", None, None),
    ],
)
def test_other_shapes_of_the_platform_are_understood(
    body: Any, message: str, code: str | None, param: str | None
) -> None:
    error = _error(body)
    assert (error.message, error.code, error.param) == (message, code, param)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        None,
        b"<html><body>Bad gateway</body></html>",
        b"\xff\xfe",
        b"[",
        b"[1, 2]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"detail": 5, "code": [], "errors": {}, "context": 1, "retry_after": "x"}',
    ],
)
def test_a_body_that_says_nothing_still_gives_a_readable_error(body: bytes | None) -> None:
    error = _error(body, 502)
    assert type(error) is e.ServerError
    assert "<html>" not in str(error)
    assert "HTTP 502" in str(error)


def test_the_body_of_a_page_without_json_stays_available() -> None:
    assert _error(b"<html>x</html>", 502).body == "<html>x</html>"


def test_a_redirect_says_where_to_and_that_it_was_not_followed() -> None:
    error = _error(None, 307, {"location": "https://evil.test/path?token=abc"})
    assert "https://evil.test" in str(error)
    assert "not followed" in str(error)
    assert "abc" not in str(error)


@pytest.mark.parametrize("location", ["//[", "https://[::1", "https://x]", "/elsewhere", "", None])
def test_a_redirect_to_nowhere_says_that_it_was_not_followed(location: str | None) -> None:
    error = _error(None, 307, {} if location is None else {"location": location})
    assert "answered with a redirect, which is not followed" in str(error)


def test_a_model_knows_the_answer_it_came_from() -> None:
    headers = {"X-Request-Id": "req_9", "Idempotent-Replayed": "true", "X-Two": "a"}
    response = answer(201, INTENT, headers)
    info = ResponseInfo(response.status, 3, 1.5, response.headers)
    intent = parse_model(write_call(), response, info)
    assert (intent.response.status, intent.response.attempts, intent.response.elapsed) == (201, 3, 1.5)
    assert intent.response.request_id == "req_9"
    assert intent.response.idempotent_replayed is True
    assert intent.response.headers["x-two"] == "a"


def test_repeated_headers_are_joined_and_a_plain_answer_was_not_replayed() -> None:
    info = ResponseInfo(200, 1, 0.0, [(b"Vary", b"a"), (b"vary", b"b")])
    assert info.headers == {"vary": "a, b"}
    assert (info.idempotent_replayed, info.request_id) == (False, None)


@pytest.mark.parametrize(
    "amount", ["29.99", "29.0", '"2999"', "true", "null", "1e3", "NaN"], ids=lambda text: text
)
def test_money_in_an_answer_that_is_not_an_integer_is_refused(amount: str) -> None:
    """Rules M-1."""
    body = json.dumps(INTENT).replace("2999", amount).encode()
    with pytest.raises(e.ResponseValidationError):
        parse_model(write_call(), answer(201, body), INFO)


@pytest.mark.parametrize("body", [b"", b" ", b"{}", b'{"deleted": true}'])
def test_an_operation_that_answers_nothing_gives_none(body: bytes) -> None:
    result: object = parse_model(DELETE, answer(204, body), INFO)
    assert result is None


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000])
def test_a_page_of_a_proxy_is_no_deletion(body: bytes) -> None:
    with pytest.raises(e.ResponseValidationError, match="delete_invoice does not fit nothing") as caught:
        parse_model(DELETE, answer(200, body), INFO)
    assert caught.value.idempotency_key == "key-1"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"amount": 1}', b"\xff"])
def test_an_answer_that_does_not_fit_is_one_error_with_everything_needed(body: bytes) -> None:
    with pytest.raises(e.ResponseValidationError) as caught:
        parse_model(write_call(), answer(201, body), INFO)
    error = caught.value
    assert (error.status_code, error.request_id, error.idempotency_key) == (200, "req_1", "key-1")
    assert "may be applied" in str(error)
    assert error.errors
    assert error.__cause__ is None
    assert error.__context__ is None


def test_what_was_wrong_never_shows_the_secret_that_was_next_to_it() -> None:
    body = {**INTENT, "amount": "canary_secret", "client_secret": ["canary_secret"]}
    with pytest.raises(e.ResponseValidationError) as caught:
        parse_model(write_call(), answer(201, body), INFO)
    assert [item.param for item in caught.value.errors] == ["client_secret", "amount"]
    assert "canary" not in str(caught.value) + repr(caught.value) + repr(caught.value.errors)


@pytest.mark.parametrize(
    ("body", "cursor"),
    [
        ({"data": [ROW], "has_more": True, "next_cursor": "c2"}, "c2"),
        ({"data": [ROW], "has_more": False, "next_cursor": None}, None),
        ({"payments": [ROW], "total": 1}, None),
        ({"payments": [ROW], "has_more": True, "next_cursor": "c2"}, "c2"),
        ({"items": [ROW], "next_cursor": "c2"}, "c2"),
        ([ROW], None),
    ],
)
def test_lists_are_read_in_every_known_shape(body: Any, cursor: str | None) -> None:
    page = parse_page(call_of(GET_HISTORY), answer(200, body), INFO)
    assert page.data == [models.Payment.model_validate(ROW)]
    assert (page.has_more, page.next_cursor) == (cursor is not None, cursor)


@pytest.mark.parametrize(
    "body",
    [{}, {"a": [], "b": []}, {"data": None}, {"data": [{**ROW, "amount": 1.5}]}, [{}], {"payments": [1]}, 5],
)
def test_a_list_that_is_not_clear_or_does_not_fit_is_refused(body: Any) -> None:
    with pytest.raises(e.ResponseValidationError):
        parse_page(call_of(GET_HISTORY), answer(200, body), INFO)
