"""Every error that the SDK raises on purpose.

::

    IsaError
    |-- ConfigurationError              the client was set up in a way that cannot work
    |   `-- MissingTokenError           no token anywhere; nothing was sent
    |-- InvalidArgumentError            (also ValueError) refused here; nothing was sent
    |-- APIConnectionError              no usable answer
    |   |-- APITimeoutError             no answer within the timeout or the deadline
    |   `-- OutcomeUnknownError         a write that may or may not have been applied
    |-- APIStatusError                  the server answered, but not with 2xx
    |   |-- BadRequestError             400
    |   |-- AuthenticationError         401
    |   |-- PaymentRequiredError        402
    |   |   |-- CardDeclinedError
    |   |   |-- InsufficientFundsError
    |   |   `-- InsufficientCreditsError
    |   |-- PermissionDeniedError       403
    |   |-- NotFoundError               404
    |   |-- ConflictError               409
    |   |   `-- IdempotencyInProgressError
    |   |-- InvalidRequestError         422
    |   |   `-- IdempotencyKeyReusedError
    |   |-- RateLimitError              429
    |   `-- ServerError                 5xx
    |-- ResponseValidationError         a 2xx answer that does not fit its model
    `-- WebhookVerificationError        a webhook that must not be trusted

Source: rules 8.3 (codes and statuses).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "CardDeclinedError",
    "ConfigurationError",
    "ConflictError",
    "FieldError",
    "IdempotencyInProgressError",
    "IdempotencyKeyReusedError",
    "InsufficientCreditsError",
    "InsufficientFundsError",
    "InvalidArgumentError",
    "InvalidRequestError",
    "IsaError",
    "MissingTokenError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseValidationError",
    "ServerError",
    "WebhookVerificationError",
]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One failed field of a request or an answer.

    ``param`` is the field's path (``items.0.quantity``), ``code`` the machine-readable reason,
    ``detail`` the sentence for people.
    """

    param: str | None = None
    code: str | None = None
    detail: str | None = None


class IsaError(Exception):
    """Base of all errors of the SDK; catching it catches everything the SDK raises on purpose.

    Attributes are ``None`` (or empty) where they do not apply. ``retry_after`` is in seconds,
    ``attempts`` counts the requests that were sent. ``str(error)`` ends with what to do next.
    Errors can be pickled; a cause survives pickling when it is an ``IsaError`` itself.
    """

    _next_step: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        code: str | None = None,
        param: str | None = None,
        decline_code: str | None = None,
        context: Mapping[str, Any] | None = None,
        errors: Sequence[FieldError] = (),
        request_id: str | None = None,
        body: Any = None,
        retry_after: float | None = None,
        attempts: int = 0,
        idempotency_key: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message: str = message
        self.status_code: int | None = status_code
        self.code: str | None = code
        self.param: str | None = param
        self.decline_code: str | None = decline_code
        self.context: dict[str, Any] = dict(context or {})
        self.errors: tuple[FieldError, ...] = tuple(errors)
        self.request_id: str | None = request_id
        self.body: Any = body
        self.retry_after: float | None = retry_after
        self.attempts: int = attempts
        self.idempotency_key: str | None = idempotency_key

    @property
    def next_step(self) -> str:
        """What the caller can do about it, in one or two sentences."""
        return _NEXT_STEP_BY_CODE.get(self.code or "", self._next_step)

    def __str__(self) -> str:
        parts = [self.message]
        facts = ", ".join(self._facts())
        if facts:
            parts.append(f"({facts})")
        if self.next_step:
            parts.append(self.next_step)
        return " ".join(parts)

    def _facts(self) -> list[str]:
        facts: list[str] = []
        if self.status_code is not None:
            facts.append(f"HTTP {self.status_code}")
        for name in ("code", "decline_code", "param"):
            value = getattr(self, name)
            if value is not None:
                facts.append(f"{name} {value}")
        if self.request_id is not None:
            facts.append(f"request {self.request_id}")
        if self.attempts > 1:
            facts.append(f"{self.attempts} attempts")
        return facts

    def __reduce__(self) -> tuple[Any, ...]:
        cause = self.__cause__ if isinstance(self.__cause__, IsaError) else None
        return (_rebuild, (type(self), self.args, dict(self.__dict__), cause))


def _rebuild(
    cls: type[IsaError], args: tuple[Any, ...], state: dict[str, Any], cause: IsaError | None
) -> IsaError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    error.__cause__ = cause
    return error


class ConfigurationError(IsaError):
    """The client was set up in a way that cannot work; nothing was sent."""

    _next_step = "Correct the constructor argument or the ISA_USER_... environment variable."


class MissingTokenError(ConfigurationError):
    """No access token was found; nothing was sent."""

    _next_step = "Pass token= to the call or to the client, or set ISA_USER_TOKEN."


class InvalidArgumentError(IsaError, ValueError):
    """An argument was refused before anything was sent; ``param`` names it."""

    _next_step = "Nothing was sent; correct the argument."


class APIConnectionError(IsaError):
    """No usable answer came back (refused, reset, DNS, TLS, cut off)."""

    _next_step = "Check that the service is running and that the base URL is right, then try again."


class APITimeoutError(APIConnectionError):
    """No complete answer came within ``timeout`` (one attempt) or ``deadline`` (the whole call)."""

    _next_step = "Try again, or give the call more time with timeout= or deadline= (seconds)."


class OutcomeUnknownError(APIConnectionError):
    """A write may or may not have been applied: it was sent and no complete answer came back.

    ``idempotency_key`` is the key of the call; ``__cause__`` is the connection error, the timeout or
    the last answer.
    """

    @property
    def next_step(self) -> str:
        """How to resume safely with the same key."""
        return (
            "The write may have been applied. Do not repeat it with a new key: call again with the same "
            f"arguments and idempotency_key={self.idempotency_key!r}, which a server that honours "
            "Idempotency-Key answers with the first result, or look the object up first."
        )


class APIStatusError(IsaError):
    """The server answered with a status other than 2xx."""

    _next_step = "See code and message for the reason."

    status_code: int  # pyright: ignore[reportIncompatibleVariableOverride] - always known here

    def __init__(self, message: str, *, status_code: int, **fields: Any) -> None:
        super().__init__(message, status_code=status_code, **fields)


class BadRequestError(APIStatusError):
    """400: the request itself could not be read."""

    _next_step = "The request was malformed; nothing was applied."


class AuthenticationError(APIStatusError):
    """401: the token is missing, invalid or expired."""

    _next_step = "Get a new token, or pass token= as a callable that fetches one."


class PaymentRequiredError(APIStatusError):
    """402: the money or the credits were not available."""

    _next_step = "The payment did not go through; ask the customer for another way to pay."


class CardDeclinedError(PaymentRequiredError):
    """402: the card's issuer said no; ``decline_code`` says why."""

    _next_step = "Ask the customer for another payment method, and send it with a new idempotency key."


class InsufficientFundsError(PaymentRequiredError):
    """402 ``insufficient_funds``: the wallet's available balance is too low (amounts in ``context``)."""

    _next_step = "Add funds to the wallet (WalletClient.deposit), then call again with a new idempotency key."


class InsufficientCreditsError(PaymentRequiredError):
    """402 ``insufficient_credits``: too few available credits (numbers in ``context``)."""

    _next_step = "Buy credits (CreditClient.purchase), then call again with a new idempotency key."


class PermissionDeniedError(APIStatusError):
    """403: the token is valid, but does not allow this."""

    _next_step = "Use a token of the right user, or one with the role or scope that the message names."


class NotFoundError(APIStatusError):
    """404: no such object for this user (a foreign object answers the same)."""

    _next_step = "Check the id, whose token is used, and that the base URL is the right service."


class ConflictError(APIStatusError):
    """409: the object's present state forbids this."""

    _next_step = "Read the object again and decide by its present status."


class IdempotencyInProgressError(ConflictError):
    """409 ``idempotency_in_progress``: the first request with this key is still running."""

    _next_step = "Wait a moment, then call again with the same idempotency_key."


class InvalidRequestError(APIStatusError):
    """422: well-formed, but a value was refused; every failed field is in ``errors``."""

    _next_step = "Nothing was applied; correct the fields listed in errors."


class IdempotencyKeyReusedError(InvalidRequestError):
    """422 ``idempotency_key_reused``: this key already belongs to a different request."""

    _next_step = "Use a new idempotency key for a new operation."


class RateLimitError(APIStatusError):
    """429: too many requests; ``retry_after`` is the wait in seconds where the server named one."""

    _next_step = "Nothing was applied; wait retry_after seconds, then call again."


class ServerError(APIStatusError):
    """5xx: the server failed."""

    @property
    def next_step(self) -> str:
        """Whether it is safe to repeat."""
        if self.idempotency_key is None:
            return "Try again later; quote the request id when you report it."
        return (
            "Try again later with the same arguments and "
            f"idempotency_key={self.idempotency_key!r}; quote the request id when you report it."
        )


class ResponseValidationError(IsaError):
    """A 2xx answer that does not fit its model; what was wrong is in ``errors``.

    On a write the operation may well be applied: ``idempotency_key`` carries its key.
    """

    @property
    def next_step(self) -> str:
        """How to go on, with a warning where the call was a write."""
        if self.idempotency_key is None:
            return "The server and this version of isa-user disagree; check the base URL and the versions."
        return (
            "The write may be applied: look the object up before you repeat it, and repeat it only with "
            f"idempotency_key={self.idempotency_key!r}."
        )


class WebhookVerificationError(IsaError):
    """A webhook whose signature, timestamp or headers do not prove where it comes from."""

    _next_step = (
        "Do not act on it; answer 400. Check the endpoint's secret and that the raw body was verified."
    )


_NEXT_STEP_BY_CODE: Mapping[str, str] = {
    "token_expired": "The token has expired: get a new one, or pass token= as a callable that fetches one.",
    "payment_method_required": "Pass payment_method_id=; no default method is on file for this user.",
    "payment_intent_unexpected_state": "Read the intent and decide by its status; it was not charged again.",
    "subscription_exists": "Change the existing subscription (change_plan) or cancel it first.",
    "invalid_cursor": "Start again from the first page with the same filters.",
    "route_not_found": "This service does not have that path; check the base URL and its port.",
    "amount_too_small": "Use at least the currency's minimum (context['minimum'], minor units).",
}
