"""Pure: an answer (status, headers, bytes) -> a model, a page of models, or the right error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

from isa_user import errors as e
from isa_user._call import Call
from isa_user._meta import ResponseInfo, attach_response, header
from isa_user._problem import Problem, read_problem
from isa_user._wire import WireResponse

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["PageData", "parse_model", "parse_page", "retry_after_s", "status_error"]

T = TypeVar("T")

_BY_STATUS: Mapping[int, type[e.APIStatusError]] = {
    400: e.BadRequestError,
    401: e.AuthenticationError,
    402: e.PaymentRequiredError,
    403: e.PermissionDeniedError,
    404: e.NotFoundError,
    409: e.ConflictError,
    422: e.InvalidRequestError,
    429: e.RateLimitError,
}
_BY_CODE: Mapping[tuple[int, str], type[e.APIStatusError]] = {
    (402, "card_declined"): e.CardDeclinedError,
    (402, "expired_card"): e.CardDeclinedError,
    (402, "incorrect_cvc"): e.CardDeclinedError,
    (402, "processing_error"): e.CardDeclinedError,
    (402, "authentication_failed"): e.CardDeclinedError,
    (402, "insufficient_funds"): e.InsufficientFundsError,
    (402, "insufficient_credits"): e.InsufficientCreditsError,
    (409, "idempotency_in_progress"): e.IdempotencyInProgressError,
    (422, "idempotency_key_reused"): e.IdempotencyKeyReusedError,
}


@dataclass(frozen=True, slots=True)
class PageData(Generic[T]):
    """One page of a list (rules 8.5)."""

    data: list[T]
    has_more: bool
    next_cursor: str | None
    response: ResponseInfo


def retry_after_s(response: WireResponse, now: Callable[[], datetime]) -> float | None:
    """The wait that the server asks for, in seconds: header (seconds or date) or body, else None.

    A date counts from the answer's own ``Date``; ``now`` is asked where there is none.
    """
    text = header(response.headers, b"retry-after")
    if text is None:
        return read_problem(response.body).retry_after if response.body else None
    try:
        seconds = float(text)
        return max(0.0, seconds) if seconds < float("inf") else None
    except ValueError:
        return _seconds_until(text, header(response.headers, b"date"), now)


def _seconds_until(text: str, answered_at: str | None, now: Callable[[], datetime]) -> float | None:
    try:
        due = parsedate_to_datetime(text)
        since = parsedate_to_datetime(answered_at) if answered_at else now()
        return max(0.0, (due - since).total_seconds())
    except (TypeError, ValueError):
        return None


def status_error(
    response: WireResponse,
    *,
    attempts: int,
    idempotency_key: str | None,
    own_key: bool = False,
    endpoint: str | None = None,
    retry_after: float | None = None,
) -> e.APIStatusError:
    """The error for an answer that is not 2xx; ``retry_after`` in seconds; the rest as in ``Call``."""
    problem = read_problem(response.body)
    return _status_class(response.status, problem)(
        problem.message or _default_message(response),
        status_code=response.status,
        code=problem.code,
        param=problem.param,
        decline_code=problem.decline_code,
        context=problem.context,
        errors=problem.errors,
        request_id=header(response.headers, b"x-request-id") or problem.request_id,
        body=problem.body,
        retry_after=retry_after,
        attempts=attempts,
        idempotency_key=idempotency_key,
        own_key=own_key,
        endpoint=endpoint,
    )


def _status_class(status: int, problem: Problem) -> type[e.APIStatusError]:
    by_code = _BY_CODE.get((status, problem.code or ""))
    if by_code is not None:
        return by_code
    if status == 402 and problem.decline_code is not None:
        return e.CardDeclinedError
    return _BY_STATUS.get(status, e.ServerError if status >= 500 else e.APIStatusError)


def _default_message(response: WireResponse) -> str:
    if 300 <= response.status < 400:
        where = _origin(header(response.headers, b"location") or "")
        return f"The server answered with a redirect{where}, which is not followed: it would carry the token."
    return f"The server answered {response.status} without saying why."


def _origin(location: str) -> str:
    """Where a redirect goes, in words; nothing where that is this server or no URL."""
    try:
        target = urlsplit(location)
    except ValueError:
        return ""
    return f" to {target.scheme}://{target.hostname}" if target.hostname else ""


def parse_model(call: Call[T], response: WireResponse, info: ResponseInfo) -> T:
    """Read a 2xx answer into the operation's model; None for an operation that answers nothing.

    Raises ResponseValidationError where the body does not fit.
    """
    if call.operation.result is None:
        return cast(T, _nothing(call, response, info))
    model: Any = call.operation.model()
    result = _validated(model.__pydantic_validator__.validate_json, response.body)
    if isinstance(result, tuple):
        raise _misfit(call, info, result)
    attach_response(result, info)
    parsed: T = result
    return parsed


def _nothing(call: Call[Any], response: WireResponse, info: ResponseInfo) -> None:
    # A page of HTML with status 200 comes from something between here and the service.
    if response.body.strip() and not _is_json(response.body):
        problem = e.FieldError(code="json_invalid", detail="the body should be empty and is not JSON either")
        raise _misfit(call, info, (problem,))


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def parse_page(call: Call[T], response: WireResponse, info: ResponseInfo) -> PageData[T]:
    """Read a 2xx list answer; also understands ``{"payments": [...]}`` and a bare list.

    Raises ResponseValidationError where the body does not fit.
    """
    from isa_user.models._envelope import envelope_of

    envelope = envelope_of(call.operation.model())
    result = _validated(envelope.model_validate_json, response.body)
    if isinstance(result, tuple):
        other = _other_shape(response.body)
        result = result if other is None else _validated(envelope.model_validate, other)
    if isinstance(result, tuple):
        raise _misfit(call, info, result)
    return PageData(result.data, result.has_more, result.next_cursor, info)


def _validated(validate: Callable[[Any], Any], value: Any) -> Any:
    """The validated object, or a tuple of what was wrong: pydantic's error stays here, also as context."""
    try:
        return validate(value)
    except ValueError as error:
        # Only now, so that this module loads without pydantic.
        from pydantic import ValidationError

        if not isinstance(error, ValidationError):
            raise
        return _field_errors(error)


def _other_shape(body: bytes) -> dict[str, Any] | None:
    """The canonical envelope for a list in another shape, or None where it is not clear."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(parsed, list):
        return {"data": parsed, "has_more": False}
    if not isinstance(parsed, dict) or "data" in parsed:
        return None
    lists = [value for value in parsed.values() if isinstance(value, list)]
    if len(lists) != 1:
        return None
    cursor = parsed.get("next_cursor")
    return {"data": lists[0], "has_more": parsed.get("has_more", cursor is not None), "next_cursor": cursor}


def _field_errors(error: ValidationError) -> tuple[e.FieldError, ...]:
    # Without the input: it may be a secret.
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(
        e.FieldError(".".join(str(part) for part in item["loc"]) or None, item["type"], item["msg"])
        for item in found
    )


def _misfit(
    call: Call[Any], info: ResponseInfo, problems: tuple[e.FieldError, ...]
) -> e.ResponseValidationError:
    first = problems[0] if problems else e.FieldError(detail="the body is not readable")
    where = f"{first.param}: " if first.param else ""
    return e.ResponseValidationError(
        f"The answer to {call.operation.name} does not fit "
        f"{(call.operation.result or '.nothing').partition('.')[2]}: "
        f"{where}{first.detail}.",
        status_code=info.status,
        param=first.param,
        errors=problems,
        request_id=info.request_id,
        attempts=info.attempts,
        idempotency_key=call.idempotency_key,
        endpoint=call.endpoint,
    )
