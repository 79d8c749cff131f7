"""Pure: check what the caller passed and turn it into path, query and body. Nothing here sends."""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from isa_user.errors import InvalidArgumentError

__all__ = ["body_bytes", "fill_path", "query_string"]

T = TypeVar("T")

# Fields that are whole numbers wherever they occur: minor units, credits and counts (rules M-1, BL-3).
_MONEY_FIELDS = frozenset({"amount", "unit_price"})
_INTEGER_FIELDS = _MONEY_FIELDS | {"limit", "quantity", "trial_days", "ttl_seconds"}
_DATE_FIELDS = frozenset({"due_date"})
_ROW_FIELDS = ("items", "events")


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given; None means left out."""
    return {name: value for name, value in values.items() if value is not None}


@lru_cache(maxsize=256)
def _fields(template: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in string.Formatter().parse(template) if name)


def fill_path(template: str, parameters: Mapping[str, Any]) -> str:
    """Put path parameters into a template, percent-encoded; refuse '', '.' and '..'."""
    names = _fields(template)
    if not names:
        return template
    return template.format(**{name: _segment(name, parameters[name]) for name in names})


def _segment(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{name} must be a str, not {type(value).__name__}.", param=name)
    if value in ("", ".", ".."):
        raise InvalidArgumentError(f"{name} must be an id, not {value!r}.", param=name)
    return _encoded(name, lambda: quote(value, safe=""))


def query_string(values: Mapping[str, Any], required: Iterable[str] = ()) -> str:
    """Encode the given filters, with a leading '?' (empty when there are none).

    Raises InvalidArgumentError where a required one is None or one cannot be sent.
    """
    given = _present(values)
    _check_required(given, required)
    if not given:
        return ""
    _check_fields(given)
    text = {name: _query_text(name, value) for name, value in given.items()}
    return _encoded(next(iter(text)), lambda: "?" + urlencode(text))


def _query_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return _time_text(value)
    if isinstance(value, (str, int)):
        return str(value)
    raise InvalidArgumentError(f"{name} cannot be sent as a filter: {type(value).__name__}.", param=name)


def _time_text(value: datetime | date) -> str:
    """RFC 3339 in UTC for a datetime, ``YYYY-MM-DD`` for a date; refuses a datetime without a zone."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise InvalidArgumentError(
            "A datetime without a time zone is ambiguous; use an aware one (datetime.now(timezone.utc))."
        )
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def body_bytes(values: Mapping[str, Any], required: Iterable[str]) -> bytes:
    """Encode the given fields as a JSON object.

    Raises InvalidArgumentError where a required field is None, a whole number is a float, a bool or a
    str, or a value cannot be JSON.
    """
    given = _present(values)
    _check_required(given, required)
    _check_fields(given)
    return _encoded(None, lambda: _ENCODER.encode(given).encode())


def _check_required(given: Mapping[str, Any], required: Iterable[str]) -> None:
    for name in required:
        if name not in given:
            raise InvalidArgumentError(f"{name} is required and must not be None.", param=name)


def _check_fields(values: Mapping[str, Any], prefix: str = "") -> None:
    """Refuse whole numbers that are not exactly int, and datetimes where a date is meant."""
    for name, value in values.items():
        if name in _INTEGER_FIELDS and (isinstance(value, bool) or not isinstance(value, int)):
            unit = " (money in minor units: 2999 is $29.99)" if name in _MONEY_FIELDS else ""
            raise InvalidArgumentError(
                f"{prefix}{name} must be an int{unit}, not {type(value).__name__}.", param=f"{prefix}{name}"
            )
        if name in _DATE_FIELDS and isinstance(value, datetime):
            raise InvalidArgumentError(f"{prefix}{name} must be a date, not a datetime.", param=name)
    for name in _ROW_FIELDS:
        _check_rows(name, values.get(name))


def _check_rows(name: str, rows: Any) -> None:
    if isinstance(rows, (list, tuple)):
        for index, row in enumerate(rows):
            if isinstance(row, Mapping):
                _check_fields(row, f"{name}.{index}.")


def _json_default(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return _time_text(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_json_default)


def _encoded(param: str | None, encode: Callable[[], T]) -> T:
    try:
        return encode()
    except InvalidArgumentError:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        reason = "it is not valid Unicode" if isinstance(error, UnicodeError) else str(error)
        raise InvalidArgumentError(
            f"{param or 'The request'} cannot be sent: {reason}.", param=param
        ) from None
