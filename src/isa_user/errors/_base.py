"""The root of the error tree: what every error carries, how it reads, and how it is pickled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["FieldError", "IsaError"]


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
        names = [cls.__name__ for cls in type(self).__mro__]
        if self.idempotency_key is not None:
            for name in names:
                if name in _BY_CLASS_WITH_KEY:
                    return _BY_CLASS_WITH_KEY[name].format(key=self.idempotency_key)
        if self.code is not None and self.code in _BY_CODE:
            return _BY_CODE[self.code]
        return next(_BY_CLASS[name] for name in names if name in _BY_CLASS)

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


_BY_CODE: Mapping[str, str] = {
    "token_expired": "The token has expired: get a new one, or pass token= as a callable that fetches one.",
    "payment_method_required": "Pass payment_method_id=; no default method is on file for this user.",
    "payment_intent_unexpected_state": "Read the intent and decide by its status; it was not charged again.",
    "subscription_exists": "Change the existing subscription (change_plan) or cancel it first.",
    "invalid_cursor": "Start again from the first page with the same filters.",
    "route_not_found": "This service does not have that path; check the base URL and its port.",
    "amount_too_small": "Use at least the currency's minimum (context['minimum'], minor units).",
}
_BY_CLASS: Mapping[str, str] = {
    "IsaError": "",
    "ConfigurationError": "Correct the constructor argument or the ISA_USER_... environment variable.",
    "MissingTokenError": "Pass token= to the call or to the client, or set ISA_USER_TOKEN.",
    "InvalidArgumentError": "Nothing was sent; correct the argument.",
    "APIConnectionError": "Check that the service is running and that the base URL is right, then try again.",
    "APITimeoutError": "Try again, or give the call more time with timeout= or deadline= (seconds).",
    "APIStatusError": "See code and message for the reason.",
    "BadRequestError": "The request was malformed; nothing was applied.",
    "AuthenticationError": "Get a new token, or pass token= as a callable that fetches one.",
    "PaymentRequiredError": "The payment did not go through; ask the customer for another way to pay.",
    "CardDeclinedError": "Ask for another payment method, and send it with a new idempotency key.",
    "InsufficientFundsError": "Add funds (WalletClient.deposit), then call with a new idempotency key.",
    "InsufficientCreditsError": "Buy credits (CreditClient.purchase), then call with a new idempotency key.",
    "PermissionDeniedError": "Use the right user's token, or one with the role that the message names.",
    "NotFoundError": "Check the id, whose token is used, and that the base URL is the right service.",
    "ConflictError": "Read the object again and decide by its present status.",
    "IdempotencyInProgressError": "Wait a moment, then call again with the same idempotency_key.",
    "InvalidRequestError": "Nothing was applied; correct the fields listed in errors.",
    "IdempotencyKeyReusedError": "Use a new idempotency key for a new operation.",
    "RateLimitError": "Nothing was applied; wait retry_after seconds, then call again.",
    "ServerError": "Try again later; quote the request id when you report it.",
    "ResponseValidationError": "The server and this isa-user disagree; check base URL and versions.",
    "WebhookVerificationError": "Do not act on it; answer 400. Check the secret, and verify the raw body.",
}
_BY_CLASS_WITH_KEY: Mapping[str, str] = {
    "OutcomeUnknownError": "The write may have been applied. Do not repeat it with a new key: call again "
    "with the same arguments and idempotency_key={key!r}, which a server that honours Idempotency-Key "
    "answers with the first result, or look the object up first.",
    "ServerError": "Try again later with the same arguments and idempotency_key={key!r}; quote the "
    "request id when you report it.",
    "ResponseValidationError": "The write may be applied: look the object up before you repeat it, and "
    "repeat it only with idempotency_key={key!r}.",
}
