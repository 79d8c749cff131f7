"""Errors as RFC 9457 problem documents (rules 8.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isa_mockserver.kernel.errors import DomainError

CONTENT_TYPE = "application/problem+json"

TITLES: Mapping[str, str] = {
    "invalid_request_error": "The request cannot be read",
    "authentication_error": "Authentication failed",
    "card_error": "The payment was declined",
    "balance_error": "The balance is too low",
    "permission_error": "Not permitted",
    "not_found_error": "Not found",
    "conflict_error": "The state does not allow this",
    "idempotency_error": "The Idempotency-Key cannot be used so",
    "validation_error": "The request is not valid",
    "rate_limit_error": "Too many requests",
    "api_error": "The server failed",
}
"""Kind -> what a refusal of that kind is called."""


def problem(error: DomainError, request_id: str) -> dict[str, Any]:
    """The problem document of an error; the request id is the answer's `X-Request-Id`."""
    document: dict[str, Any] = {
        "type": f"urn:isa:problem:{error.kind}",
        "title": TITLES[error.kind],
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    optional = {
        "param": error.param,
        "decline_code": error.decline_code,
        "context": error.context,
        "errors": [{"param": f.param, "code": f.code, "detail": f.detail} for f in error.failures] or None,
    }
    document.update((name, value) for name, value in optional.items() if value is not None)
    document["request_id"] = request_id
    return document
