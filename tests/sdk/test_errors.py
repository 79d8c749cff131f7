"""The error tree: its shape, its text, and that it survives pickling (SDK page, "Errors")."""

from __future__ import annotations

import copy
import pickle

import pytest

from isa_user import errors as e
from tests.sdk.fakes import SyncScript, answer, bound

TREE: dict[type[e.IsaError], type[e.IsaError]] = {
    e.ConfigurationError: e.IsaError,
    e.MissingTokenError: e.ConfigurationError,
    e.ClientClosedError: e.IsaError,
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


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("payment_method_not_found", "pm_card_visa"),
        ("payment_method_not_found", "card's number must never be sent"),
        ("plan_not_found", "get_plans()"),
        ("package_not_found", "get_packages()"),
        ("route_not_found", "ends before /api/v1"),
    ],
)
def test_advice_for_what_was_not_found_fits_what_was_looked_for(code: str, words: str) -> None:
    step = e.NotFoundError("x", status_code=404, code=code).next_step
    assert words in step
    assert "whose token" not in step


@pytest.mark.parametrize("cls", [e.CardDeclinedError, e.InsufficientFundsError, e.InsufficientCreditsError])
@pytest.mark.parametrize("own_key", [False, True])
def test_a_new_key_is_spoken_of_only_to_who_chose_one(cls: type[e.APIStatusError], own_key: bool) -> None:
    error = cls("x", status_code=402, idempotency_key="k", own_key=own_key)
    assert ("new idempotency key" in str(error)) is own_key


def test_the_key_that_the_caller_chose_is_known_as_theirs() -> None:
    script = SyncScript(answer(402, {"code": "card_declined", "detail": "No."}))
    payments = bound("SyncPaymentClient", script)
    for chosen in ({}, {"idempotency_key": "k"}, {"extra_headers": {"Idempotency-Key": "k"}}):
        with pytest.raises(e.CardDeclinedError) as caught:
            payments.create_intent(amount=1, currency="usd", **chosen)
        assert ("new idempotency key" in str(caught.value)) is bool(chosen)


def test_an_answer_that_is_no_success_names_method_and_url_without_ids() -> None:
    script = SyncScript(answer(404, {"code": "payment_intent_not_found", "detail": "No such intent"}))
    with pytest.raises(e.NotFoundError) as caught:
        bound("SyncPaymentClient", script, base_url="http://pay.test:8207").get_intent("pi_private")
    asked = "GET http://pay.test:8207/api/v1/payments/intent/{payment_intent_id}"
    assert caught.value.endpoint == asked
    assert str(caught.value).startswith(f"No such intent. ({asked}, HTTP 404, ")
    assert "pi_private" not in str(caught.value)


def test_an_answer_that_does_not_fit_names_method_and_url() -> None:
    with pytest.raises(
        e.ResponseValidationError, match=r"\(GET http://localhost:8208/api/v1/wallets/me, HTTP"
    ):
        bound("SyncWalletClient", SyncScript(answer(200, []))).get_balance()


@pytest.mark.parametrize("message", ["No", "No.", "No!", "No?"])
def test_a_message_ends_before_the_advice_begins(message: str) -> None:
    ended = message if message != "No" else "No."
    assert str(e.APITimeoutError(message)).startswith(f"{ended} Try again")


def test_advice_of_its_own_beats_that_of_the_class_and_survives_pickling() -> None:
    error = e.APIConnectionError("x", next_step="Start it.")
    assert str(pickle.loads(pickle.dumps(error))) == "x. Start it."


def test_the_body_is_kept_but_never_printed() -> None:
    error = e.ServerError("x", status_code=500, body={"client_secret": "canary"})
    assert error.body == {"client_secret": "canary"}
    assert "canary" not in str(error) + repr(error)
