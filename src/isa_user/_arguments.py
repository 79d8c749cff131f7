"""Pure: check what the caller passed and turn it into path, query and body. Nothing here sends."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from isa_user.errors import InvalidArgumentError

__all__ = ["body_bytes", "fill_path", "query_string"]

_ROW_FIELDS = ("items", "events")
_CARD_NUMBER = re.compile(r"\d(?:[ -]?\d){11,18}")


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
        hint = f"; pass its .{name}" if isinstance(getattr(value, name, None), str) else ""
        raise InvalidArgumentError(f"{name} must be a str, not {type(value).__name__}{hint}.", param=name)
    if not value:
        raise InvalidArgumentError(f"{name} is empty.", param=name)
    if value in (".", ".."):
        raise InvalidArgumentError(f"{name} must be an id, not {value!r}.", param=name)
    try:
        return quote(value, safe="")
    except _UNSENDABLE as error:
        raise _unsendable(error, name) from None


def query_string(values: Mapping[str, Any], required: Iterable[str] = ()) -> str:
    """Encode the given filters, with a leading '?' (empty when there are none).

    Raises InvalidArgumentError where a required one is None or one cannot be sent.
    """
    if not values and not required:
        return ""
    given = _present(values)
    _check_required(given, required)
    if not given:
        return ""
    _check_fields(given)
    text = {name: _query_text(name, value) for name, value in given.items()}
    try:
        return "?" + urlencode(text)
    except _UNSENDABLE as error:
        raise _unsendable(error, next(iter(text))) from None


def _query_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return _time_text(value)
    if isinstance(value, (str, int)):
        return str(value)
    raise InvalidArgumentError(f"{name} cannot be sent as a filter: {type(value).__name__}.", param=name)


def _time_text(value: datetime | date) -> str:
    """RFC 3339 in UTC for a datetime, ``YYYY-MM-DD`` for a date."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if problem := _naive(value):
        raise InvalidArgumentError(f"A datetime {problem}.")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def body_bytes(values: Mapping[str, Any], required: Iterable[str]) -> bytes:
    """Encode the given fields as a JSON object.

    Raises InvalidArgumentError where a required field is None, a field is what no service takes (a float,
    a bool or a str as a whole number, a negative amount, a card's number, metadata that is no text, a
    datetime without a zone), or a value cannot be JSON.
    """
    given = _present(values)
    _check_required(given, required)
    _check_fields(given)
    try:
        return _ENCODER.encode(given).encode()
    except _UNSENDABLE as error:
        raise _unsendable(error) from None


def _check_required(given: Mapping[str, Any], required: Iterable[str]) -> None:
    for name in required:
        if name not in given:
            raise InvalidArgumentError(f"{name} is required and must not be None.", param=name)


def _check_fields(values: Mapping[str, Any], prefix: str = "") -> None:
    """Refuse what no service takes, whatever the operation; ``prefix`` tells the row it is in."""
    for name, value in values.items():
        if value is None:
            continue
        problem = _CHECKS.get(name, _naive)(value)
        if problem:
            path = f"{prefix}{name}"
            raise InvalidArgumentError(f"{path} {problem}.", param=path)
        if name in _ROW_FIELDS:
            _check_rows(name, value)


def _whole_number(value: Any, unit: str = "") -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"must be an int{unit}, not {type(value).__name__}"
    return None


def _minor_units(value: Any) -> str | None:
    return _whole_number(value, " (money in minor units: 2999 is $29.99)")


def _unsigned_amount(value: Any) -> str | None:
    problem = _minor_units(value)
    return problem or ("must not be negative; the call itself says which way it goes" if value < 0 else None)


def _calendar_date(value: Any) -> str | None:
    return "must be a date, not a datetime" if isinstance(value, datetime) else None


def _naive(value: Any) -> str | None:
    if isinstance(value, datetime) and value.tzinfo is None:
        return "has no time zone, which is ambiguous; use an aware datetime (datetime.now(timezone.utc))"
    return None


def _text_by_text(value: Any) -> str | None:
    """What is wrong with metadata: its values are text (rules M-12)."""
    # A dict is told from the abstract class at a fraction of its cost.
    if not isinstance(value, (dict, Mapping)):
        return f"must be a dict, not {type(value).__name__}"
    for key, entry in value.items():
        if not isinstance(key, str):
            return f"has the key {key!r}; keys and values must be str"
        if not isinstance(entry, str):
            return f"has {type(entry).__name__} at {key!r}; keys and values must be str"
    return None


def _no_card_number(value: Any) -> str | None:
    if isinstance(value, str) and _CARD_NUMBER.fullmatch(value):
        return "looks like a card's number, which must never be sent; pass the id of a payment method"
    return None


_CHECKS: Mapping[str, Callable[[Any], str | None]] = {
    "amount": _unsigned_amount,
    "due_date": _calendar_date,
    "limit": _whole_number,
    "metadata": _text_by_text,
    "payment_method_id": _no_card_number,
    "quantity": _whole_number,
    "trial_days": _whole_number,
    "ttl_seconds": _whole_number,
    "unit_price": _minor_units,
}
"""What is checked here, by field, wherever it occurs (rules M-1, M-12, BL-3)."""


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


_UNSENDABLE = (TypeError, ValueError, RecursionError)


def _unsendable(error: Exception, param: str | None = None) -> InvalidArgumentError:
    """What a failure to encode means to the caller."""
    if isinstance(error, InvalidArgumentError):
        return error
    reason = "it is not valid Unicode" if isinstance(error, UnicodeError) else str(error)
    return InvalidArgumentError(f"{param or 'The request'} cannot be sent: {reason}.", param=param)
