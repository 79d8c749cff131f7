"""Pure: read an error body, whichever of the platform's shapes it has.

RFC 9457 problem documents (rules 8.3), ``{"detail": str}``, FastAPI's 422 list, ``{"detail": {...}}``,
``{"error": str, "retry_after": n}``, ``{"error": {...}}``, ``{"message": str}``, empty and non-JSON bodies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isa_user.errors import FieldError

__all__ = ["Problem", "read_problem"]

_MAX_TEXT = 200
_TEXT_KEYS = ("detail", "message", "msg", "error", "title", "error_description")


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error body says; ``retry_after`` in seconds."""

    message: str | None = None
    code: str | None = None
    param: str | None = None
    decline_code: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    errors: tuple[FieldError, ...] = ()
    request_id: str | None = None
    retry_after: float | None = None
    body: Any = None


def read_problem(body: bytes) -> Problem:
    """Read an error body; never raises."""
    try:
        parsed = json.loads(body) if body else None
    except (ValueError, RecursionError):
        return _from_text(body)
    if isinstance(parsed, dict):
        return _from_object(parsed)
    message = _text(parsed) if isinstance(parsed, str) else None
    return Problem(message=message, errors=_field_errors(parsed), body=parsed)


def _from_text(body: bytes) -> Problem:
    text = body.decode("utf-8", "replace")
    shown = " ".join(text.split())
    is_page = shown.startswith("<")
    return Problem(message=None if is_page else shown[:_MAX_TEXT] or None, body=text)


def _from_object(body: dict[str, Any]) -> Problem:
    inner = _inner_object(body)
    merged = {**body, **inner}
    errors = _field_errors(merged.get("errors")) or _field_errors(body.get("detail"))
    first = errors[0] if errors else FieldError()
    return Problem(
        message=_message(inner) or _message(body) or first.detail,
        code=_code(merged) or first.code,
        param=_text(merged.get("param")) or first.param,
        decline_code=_text(merged.get("decline_code")),
        context=_object(merged.get("context")) or _object(merged.get("details")),
        errors=errors,
        request_id=_text(merged.get("request_id")),
        retry_after=_number(merged.get("retry_after")),
        body=body,
    )


def _inner_object(body: dict[str, Any]) -> dict[str, Any]:
    for key in ("error", "detail"):
        if isinstance(body.get(key), dict):
            inner: dict[str, Any] = body[key]
            return inner
    return {}


def _code(merged: Mapping[str, Any]) -> str | None:
    explicit = _text(merged.get("code")) or _text(merged.get("error_code"))
    # {"error": "wallet_frozen", "message": "..."}: the short word is the code.
    error = _text(merged.get("error"))
    wordlike = error is not None and error.replace("_", "").isalnum() and error.islower()
    return explicit or (error if wordlike else None)


def _message(source: Mapping[str, Any]) -> str | None:
    for key in _TEXT_KEYS:
        text = _text(source.get(key))
        if text is not None:
            return text
    return None


def _field_errors(value: Any) -> tuple[FieldError, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(_field_error(item) for item in value if isinstance(item, dict))


def _field_error(item: Mapping[str, Any]) -> FieldError:
    loc = item.get("loc")
    path = _loc_path(loc) if isinstance(loc, list) else None
    return FieldError(
        param=_text(item.get("param")) or _text(item.get("field")) or path,
        code=_text(item.get("code")) or _text(item.get("type")),
        detail=_message(item),
    )


def _loc_path(loc: list[Any]) -> str | None:
    parts = loc[1:] if len(loc) > 1 and loc[0] in ("body", "query", "path", "header") else loc
    return ".".join(str(part) for part in parts) or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < float("inf") else None
