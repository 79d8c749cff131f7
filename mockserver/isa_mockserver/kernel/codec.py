"""Rows to JSON and back, by their type hints: for state documents and durable stores."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from .clock import format_time, parse_time

_PLAIN = (str, int, bool)
_ANYTHING = (Any, object)


def encode(value: Any) -> Any:
    """A JSON-ready form of a row, or of any value that rows hold."""
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if _is_row(type(value)):
        return {name: encode(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value


def unrolled(row: Any) -> dict[str, Any]:
    """The row as a mapping, and rows in it too; what else it holds stays as it is, for a writer of JSON.

    A serializer takes a NamedTuple for a list, and knows times and dates by itself.
    """
    return dict(zip(row._fields, values_of(row), strict=True))


def values_of(row: Any) -> Sequence[Any]:
    """The values of the row in the order of its fields; rows among them as by `unrolled`."""
    row_type: Any = type(row)
    places = _places_of_rows(row_type)
    if not places:
        return tuple(row)
    values = list(row)
    for place in places:
        values[place] = _unrolled(values[place])
    return values


def _unrolled(value: Any) -> Any:
    if isinstance(value, tuple):
        return unrolled(value) if _is_row(type(value)) else [_unrolled(item) for item in value]
    return value


@cache
def _places_of_rows(type_: Any) -> tuple[int, ...]:
    hints = get_type_hints(type_)
    return tuple(place for place, name in enumerate(type_._fields) if _may_hold_rows(hints[name]))


def _may_hold_rows(type_: Any) -> bool:
    return _is_row(type_) or any(_may_hold_rows(part) for part in get_args(type_))


def decode(type_: Any, data: Any) -> Any:
    """The value of `type_` that `encode` wrote as `data`; a field that is not there has its default.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: the data does not have that form.
    """
    return _decoder(type_)(data)


@cache
def _decoder(type_: Any) -> Callable[[Any], Any]:
    origin = get_origin(type_)
    if origin in (Union, types.UnionType):
        return _optional_decoder(type_)
    if origin is tuple:
        item = _decoder(get_args(type_)[0])
        return lambda data: tuple(item(entry) for entry in data)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        value = _decoder(get_args(type_)[1])
        return lambda data: {key: value(entry) for key, entry in data.items()}
    if type_ is datetime:
        return parse_time
    if type_ is date:
        return date.fromisoformat
    if _is_row(type_):
        return _row_decoder(type_)
    if type_ in _PLAIN:
        return _plain_decoder(type_)
    if origin is Literal:
        return _literal_decoder(get_args(type_))
    if type_ in _ANYTHING:
        return lambda data: data
    raise TypeError(f"rows cannot hold {type_!r}")


def _plain_decoder(type_: type) -> Callable[[Any], Any]:
    def decode_plain(data: Any) -> Any:
        if type(data) is not type_:
            raise TypeError(f"{data!r:.80} is not of type {type_.__name__}")
        return data

    return decode_plain


def _literal_decoder(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    def decode_literal(data: Any) -> Any:
        if data not in choices:
            raise ValueError(f"{data!r:.80} is none of {choices}")
        return data

    return decode_literal


def _optional_decoder(type_: Any) -> Callable[[Any], Any]:
    choices = [choice for choice in get_args(type_) if choice is not type(None)]
    if len(choices) != 1:
        raise TypeError(f"rows cannot hold {type_!r}: a union is only with None")
    inner = _decoder(choices[0])
    return lambda data: None if data is None else inner(data)


def _is_row(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, tuple) and hasattr(type_, "_fields")


def _row_decoder(type_: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(type_)
    plan = [(name, _decoder(hints[name]), name in type_._field_defaults) for name in type_._fields]

    def decode_row(data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise TypeError(f"{data!r:.80} is not a {type_.__name__}")
        return type_(
            **{name: item(data[name]) for name, item, optional in plan if not optional or name in data}
        )

    return decode_row
