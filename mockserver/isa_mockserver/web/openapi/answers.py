"""The responses of an operation: what it answers when it works, and each refusal with an example."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from isa_mockserver.kernel.errors import CODES
from isa_mockserver.kernel.idempotency import is_stored
from isa_mockserver.web.problems import CONTENT_TYPE, TITLES

from .examples import example_of
from .operation import Operation
from .refusals import UNAUTHENTICATED, codes_of
from .schemas import Components

SUCCESS = {200: "Done", 201: "Made", 202: "The money waits for the customer", 204: "Done; there is no body"}

PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457). `code` is stable; `detail` is for people and may change.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "enum": [f"urn:isa:problem:{kind}" for kind in TITLES]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "param": {
            "type": "string",
            "description": "The field or parameter at fault, such as `items[0].quantity`",
        },
        "decline_code": {"type": "string", "description": "Why the issuer declined"},
        "context": {"type": "object", "description": "Facts that belong to the code"},
        "errors": {
            "type": "array",
            "description": "Every failed check of a request that is not valid",
            "items": {
                "type": "object",
                "required": ["param", "code", "detail"],
                "additionalProperties": False,
                "properties": {
                    "param": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "request_id": {"type": "string", "description": "Also in the header `X-Request-Id`"},
    },
}

_HEADERS: Mapping[str, tuple[str, str]] = {
    "X-Request-Id": ("RequestId", "The client's own where it is fit to print, else a new one."),
    "WWW-Authenticate": ("Challenge", "`Bearer`, with `error` where a token was sent."),
    "Allow": ("Allow", "The methods that the path takes."),
    "Retry-After": ("RetryAfter", "Whole seconds to wait."),
    "RateLimit-Limit": ("RateLimitLimit", "How many requests the token bucket holds."),
    "RateLimit-Remaining": ("RateLimitRemaining", "How many requests it lets pass now."),
    "RateLimit-Reset": ("RateLimitReset", "Whole seconds until it is full again."),
    "Idempotent-Replayed": ("Replayed", "`true` where this is the stored answer to an earlier request."),
    "Isa-Mock-Warning": ("Warning", "Names fields of the body that are unknown and were not read."),
}
_LIMITED = ("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_HEADERS_OF: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(UNAUTHENTICATED, ("WWW-Authenticate",)),
    **dict.fromkeys(
        ("idempotency_in_progress", "too_many_sandboxes", "service_unavailable"), ("Retry-After",)
    ),
    "method_not_allowed": ("Allow",),
    "rate_limited": _LIMITED,
}
"""Stable code -> the headers that a refusal with it may have beside those of every answer."""

_SHARED: Mapping[int, tuple[str, frozenset[str]]] = {
    401: ("Unauthenticated", frozenset(UNAUTHENTICATED)),
    405: ("MethodNotAllowed", frozenset({"method_not_allowed"})),
    413: ("BodyTooLarge", frozenset({"body_too_large"})),
    415: ("UnsupportedMediaType", frozenset({"unsupported_media_type"})),
    429: ("TooManyRequests", frozenset({"too_many_sandboxes", "rate_limited"})),
    431: ("HeadersTooLarge", frozenset({"headers_too_large"})),
    500: ("ServerFailed", frozenset({"internal_error"})),
    503: ("Unavailable", frozenset({"service_unavailable"})),
}
"""Answers that are the same for most operations: status -> component and codes."""


def shared_headers() -> dict[str, Any]:
    """The headers of answers."""
    return {
        component: {"description": words, "required": name == "X-Request-Id", "schema": {"type": "string"}}
        for name, (component, words) in _HEADERS.items()
    }


def problem_examples(operations: Sequence[Operation]) -> dict[str, Any]:
    """One example for every code that the operations can answer."""
    codes = {code for operation in operations for code in codes_of(operation)}
    return {code: {"summary": CODES[code][1], "value": example_of(code)} for code in sorted(codes)}


def shared_responses(operations: Sequence[Operation]) -> dict[str, Any]:
    """The answers that operations refer to."""
    return {
        name: _refusal(status, codes)
        for status, (name, codes) in _SHARED.items()
        if any(_by_status(operation).get(status) == codes for operation in operations)
    }


def responses_of(operation: Operation, components: Components, links: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer of the operation, by status; `links` are what its successes lead to."""
    responses: dict[str, Any] = {}
    for status, model in operation.answers.items():
        response = {"description": SUCCESS[status], "headers": _headers(status, operation)}
        if model is not None and status != HTTPStatus.NO_CONTENT:
            schema = components.reference(model, "serialization")
            response["content"] = {"application/json": {"schema": schema}}
        if links:
            response["links"] = links
        responses[str(status)] = response
    for status, codes in sorted(_by_status(operation).items()):
        name, shared = _SHARED.get(status, ("", frozenset()))
        if codes == shared:
            responses[str(status)] = {"$ref": f"#/components/responses/{name}"}
        else:
            responses[str(status)] = _refusal(status, codes, operation)
    return responses


def _by_status(operation: Operation) -> dict[int, frozenset[str]]:
    codes = codes_of(operation)
    return {
        status: frozenset(code for code in codes if CODES[code][0] == status)
        for status in {CODES[code][0] for code in codes}
    }


def _refusal(status: int, codes: Collection[str], operation: Operation | None = None) -> dict[str, Any]:
    """A refusal by an operation's own work, or where there is none, by what stands before any work."""
    titles = dict.fromkeys(TITLES[CODES[code][1]] for code in sorted(codes))
    headers = ["X-Request-Id", *(name for code in sorted(codes) for name in _HEADERS_OF.get(code, ()))]
    if operation is not None and status in _of_its_own(operation):
        headers += _of_work(status, operation)
    return {
        "description": "; ".join(titles),
        "headers": {name: _reference(name) for name in headers},
        "content": {
            CONTENT_TYPE: {
                "schema": {
                    "allOf": [{"$ref": "#/components/schemas/Problem"}],
                    "properties": {"status": {"const": status}, "code": {"enum": sorted(codes)}},
                },
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in sorted(codes)},
            }
        },
    }


def _headers(status: int, operation: Operation) -> dict[str, Any]:
    return {name: _reference(name) for name in ("X-Request-Id", *_of_work(status, operation))}


def _of_its_own(operation: Operation) -> frozenset[int]:
    """The statuses that its own work refuses with, once the request was authenticated and read."""
    codes = (*operation.errors, *(("idempotency_key_reused",) if operation.keyed else ()))
    return frozenset(CODES[code][0] for code in codes)


def _of_work(status: int, operation: Operation) -> Iterator[str]:
    """The headers of an answer that comes out of the work itself."""
    if operation.keyed and is_stored(status):
        yield "Idempotent-Replayed"
    if operation.body is not None and not operation.closed and not operation.of_server:
        yield "Isa-Mock-Warning"


def _reference(header: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{_HEADERS[header][0]}"}
