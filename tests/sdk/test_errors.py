"""The error tree: its shape, its text, and that it survives pickling (SDK page, "Errors")."""

from __future__ import annotations

import copy
import pickle

import pytest

from isa_user import errors as e

TREE: dict[type[e.IsaError], type[e.IsaError]] = {
    e.ConfigurationError: e.IsaError,
    e.MissingTokenError: e.ConfigurationError,
    e.InvalidArgumentError: e.IsaError,
    e.APIConnectionError: e.IsaError,
    e.APITimeoutError: e.APIConnectionError,
    e.OutcomeUnknownError: e.APIConnectionError,
    e.APIStatusError: e.IsaError,
    e.BadRequestError: e.APIStatusError,
    e.AuthenticationError: e.APIStatusError,
    e.PaymentRequiredError: e.APIStatusError,
    e.CardDeclinedError: e.PaymentRequiredError,
    e.InsufficientFundsError: e.PaymentRequiredError,
    e.InsufficientCreditsError: e.PaymentRequiredError,
    e.PermissionDeniedError: e.APIStatusError,
    e.NotFoundError: e.APIStatusError,
    e.ConflictError: e.APIStatusError,
    e.IdempotencyInProgressError: e.ConflictError,
    e.InvalidRequestError: e.APIStatusError,
    e.IdempotencyKeyReusedError: e.InvalidRequestError,
    e.RateLimitError: e.APIStatusError,
    e.ServerError: e.APIStatusError,
    e.ResponseValidationError: e.IsaError,
    e.WebhookVerificationError: e.IsaError,
}
ALL: list[type[e.IsaError]] = [e.IsaError, *TREE]


def _full(cls: type[e.IsaError]) -> e.IsaError:
    return cls(
        "It failed.",
        status_code=402,
        code="card_declined",
        param="amount",
        decline_code="lost_card",
        context={"required": 5},
        errors=[e.FieldError("amount", "invalid_amount", "no")],
        request_id="req_1",
        body={"detail": "x"},
        retry_after=1.5,
        attempts=3,
        idempotency_key="key-1",
    )


@pytest.mark.parametrize(("cls", "base"), TREE.items())
def test_the_tree_is_as_documented(cls: type[e.IsaError], base: type[BaseException]) -> None:
    assert cls.__bases__[0] is base


def test_every_error_is_exported_and_drawn() -> None:
    assert {cls.__name__ for cls in ALL} | {"FieldError"} == set(e.__all__)
    assert [cls.__name__ for cls in ALL if cls.__name__ not in (e.__doc__ or "")] == []


def test_a_refused_argument_is_also_a_value_error() -> None:
    assert issubclass(e.InvalidArgumentError, ValueError)


@pytest.mark.parametrize("cls", ALL)
def test_an_error_survives_pickling_and_copying_with_everything(cls: type[e.IsaError]) -> None:
    error = _full(cls)
    error.__cause__ = e.APITimeoutError("slow", attempts=1)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is cls
        assert (str(twin), vars(twin)) == (str(error), vars(error))
        assert isinstance(twin.__cause__, e.APITimeoutError)


def test_a_cause_that_is_not_ours_does_not_stop_pickling() -> None:
    error = _full(e.APIConnectionError)
    error.__cause__ = RuntimeError(lambda: None)
    assert pickle.loads(pickle.dumps(error)).__cause__ is None


@pytest.mark.parametrize("cls", TREE)
def test_the_text_says_what_happened_and_what_to_do_next(cls: type[e.IsaError]) -> None:
    error = _full(cls)
    text = str(error)
    assert text.startswith("It failed. (HTTP 402, code card_declined, decline_code lost_card, param amount")
    assert "request req_1, 3 attempts" in text
    assert error.next_step
    assert text.endswith(error.next_step)


@pytest.mark.parametrize("cls", [e.OutcomeUnknownError, e.ServerError, e.ResponseValidationError])
def test_errors_after_which_a_write_may_be_applied_name_the_key_to_resume_with(cls: type[e.IsaError]) -> None:
    assert "idempotency_key='key-1'" in str(_full(cls))


def test_a_server_error_on_a_read_speaks_of_no_key() -> None:
    assert "idempotency" not in str(e.ServerError("x", status_code=500))


def test_a_known_code_has_advice_of_its_own() -> None:
    error = e.InvalidRequestError("x", status_code=422, code="payment_method_required")
    assert "payment_method_id=" in error.next_step


def test_the_body_is_kept_but_never_printed() -> None:
    error = e.ServerError("x", status_code=500, body={"client_secret": "canary"})
    assert error.body == {"client_secret": "canary"}
    assert "canary" not in str(error) + repr(error)
