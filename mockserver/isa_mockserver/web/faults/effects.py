"""What each effect does: instead of the work, or to the answer after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from isa_mockserver.kernel.errors import CODES, DomainError
from isa_mockserver.web.jsontext import to_json
from isa_mockserver.web.problems import CONTENT_TYPE, problem
from isa_mockserver.web.wire import Answer, Delivery

from .book import Strike
from .bucket import Headers
from .model import DEFAULT_STATUS, Fault

_DETAIL = "A fault was injected here; see /_mock/faults."
_CODE_OF_STATUS: Mapping[int, str] = {
    400: "malformed_request",
    401: "invalid_token",
    402: "card_declined",
    403: "permission_denied",
    404: "route_not_found",
    409: "idempotency_in_progress",
    413: "body_too_large",
    422: "invalid_value",
    429: "rate_limited",
    500: "internal_error",
    503: "service_unavailable",
}
_DROPS = frozenset({"drop_before", "drop_after_commit", "drop_mid_body"})
_NOTHING = Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"")

Work = Callable[[], Answer]


def apply(strike: Strike, request_id: str, work: Work) -> Answer:
    """The answer to a request that is struck; the work is done or left undone as the effect says."""
    if strike.fault is None:
        return _with_headers(work(), strike.headers)
    fault = strike.fault
    delivery = Delivery(
        fault.effect,
        drop=fault.effect in _DROPS,
        begun=fault.effect == "drop_mid_body",
        latency_s=fault.latency_s,
        worked=fault.effect in _AFTER,
    )
    if fault.effect in _AFTER:
        answer = _AFTER[fault.effect](fault, work(), request_id)
    else:
        answer = _INSTEAD[fault.effect](strike, request_id)
    return answer._replace(delivery=delivery)


def _error(fault: Fault, request_id: str) -> Answer:
    """An answer of this server where the status is one of its own, else that of a gateway."""
    status = CODES[fault.code][0] if fault.code else fault.status or DEFAULT_STATUS
    code = fault.code or _CODE_OF_STATUS.get(status)
    wait = () if fault.retry_after_s is None else (("Retry-After", str(fault.retry_after_s)),)
    if code is None:
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
        return Answer(status, f"{status} {phrase}\n".encode(), "text/plain; charset=utf-8", wait)
    return _refused(DomainError(code, _DETAIL), request_id, wait)


def _refused(error: DomainError, request_id: str, headers: Headers) -> Answer:
    return Answer(error.status, to_json(problem(error, request_id)), CONTENT_TYPE, headers, error.code)


def _limited(strike: Strike, request_id: str) -> Answer:
    error = DomainError("rate_limited", "You ask more often than the rate limit allows.")
    return _refused(error, request_id, strike.headers or (("Retry-After", "1"),))


def _in_progress(strike: Strike, request_id: str) -> Answer:
    error = DomainError("idempotency_in_progress", "The first request with this Idempotency-Key still runs.")
    return _refused(error, request_id, (("Retry-After", "1"),))


def _halved(fault: Fault, answer: Answer, request_id: str) -> Answer:
    return answer._replace(body=answer.body[: len(answer.body) // 2])


def _with_headers(answer: Answer, headers: Headers) -> Answer:
    return answer._replace(headers=(*answer.headers, *headers))


_INSTEAD: Mapping[str, Callable[[Strike, str], Answer]] = {
    "status": lambda strike, request_id: _error(strike.fault or Fault("status"), request_id),
    "drop_before": lambda strike, request_id: _NOTHING,
    "rate_limit": _limited,
    "idempotency_in_progress": _in_progress,
}
_AFTER: Mapping[str, Callable[[Fault, Answer, str], Answer]] = {
    "status_after_commit": lambda fault, answer, request_id: _error(fault, request_id),
    "latency": lambda fault, answer, request_id: answer,
    "drop_after_commit": lambda fault, answer, request_id: answer,
    "drop_mid_body": lambda fault, answer, request_id: answer,
    "malformed": _halved,
}
