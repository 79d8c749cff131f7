"""Every error that the SDK raises on purpose.

::

    IsaError
    |-- ConfigurationError              the client was set up in a way that cannot work
    |   `-- MissingTokenError           no token anywhere; nothing was sent
    |-- ClientClosedError               (also RuntimeError) a call on a client that was closed
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

from typing import Any

from isa_user.errors._base import FieldError, IsaError

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "CardDeclinedError",
    "ClientClosedError",
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


class ConfigurationError(IsaError):
    """The client was set up in a way that cannot work; nothing was sent."""


class MissingTokenError(ConfigurationError):
    """No access token was found; nothing was sent."""


class ClientClosedError(IsaError, RuntimeError):
    """The client was closed before the call; nothing was sent."""


class InvalidArgumentError(IsaError, ValueError):
    """An argument was refused before anything was sent; ``param`` names it."""


class APIConnectionError(IsaError):
    """No usable answer came back (refused, reset, DNS, TLS, cut off)."""


class APITimeoutError(APIConnectionError):
    """No complete answer came within ``timeout`` (one attempt) or ``deadline`` (the whole call)."""


class OutcomeUnknownError(APIConnectionError):
    """A write may or may not have been applied: it was sent and no complete answer came back.

    ``idempotency_key`` is the key of the call; ``__cause__`` is the connection error, the timeout or
    the last answer.
    """


class APIStatusError(IsaError):
    """The server answered with a status other than 2xx."""

    status_code: int  # pyright: ignore[reportIncompatibleVariableOverride] - always known here

    def __init__(self, message: str, *, status_code: int, **fields: Any) -> None:
        super().__init__(message, status_code=status_code, **fields)


class BadRequestError(APIStatusError):
    """400: the request itself could not be read."""


class AuthenticationError(APIStatusError):
    """401: the token is missing, invalid or expired."""


class PaymentRequiredError(APIStatusError):
    """402: the money or the credits were not available."""


class CardDeclinedError(PaymentRequiredError):
    """402: the card's issuer said no; ``decline_code`` says why."""


class InsufficientFundsError(PaymentRequiredError):
    """402 ``insufficient_funds``: the wallet's available balance is too low (amounts in ``context``)."""


class InsufficientCreditsError(PaymentRequiredError):
    """402 ``insufficient_credits``: too few available credits (numbers in ``context``)."""


class PermissionDeniedError(APIStatusError):
    """403: the token is valid, but does not allow this."""


class NotFoundError(APIStatusError):
    """404: no such object for this user (a foreign object answers the same)."""


class ConflictError(APIStatusError):
    """409: the object's present state forbids this."""


class IdempotencyInProgressError(ConflictError):
    """409 ``idempotency_in_progress``: the first request with this key is still running."""


class InvalidRequestError(APIStatusError):
    """422: well-formed, but a value was refused; every failed field is in ``errors``."""


class IdempotencyKeyReusedError(InvalidRequestError):
    """422 ``idempotency_key_reused``: this key already belongs to a different request."""


class RateLimitError(APIStatusError):
    """429: too many requests; ``retry_after`` is the wait in seconds where the server named one."""


class ServerError(APIStatusError):
    """5xx: the server failed."""


class ResponseValidationError(IsaError):
    """A 2xx answer that does not fit its model; what was wrong is in ``errors``.

    On a write the operation may well be applied: ``idempotency_key`` carries its key.
    """


class WebhookVerificationError(IsaError):
    """A webhook whose signature, timestamp or headers do not prove where it comes from."""
