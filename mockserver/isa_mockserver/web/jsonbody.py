"""The one JSON parser for request bodies (rules 8.3): strict, bounded, no surprises."""

from __future__ import annotations

import json
import re
from typing import Any

import pydantic_core

from isa_mockserver.kernel.errors import DomainError

MAX_DEPTH = 32
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`.

    Raises:
        DomainError: `body_required` for an empty body, `malformed_json` for anything that is not one
            JSON object: duplicate keys, NaN, lone surrogates, absurd integers and depth over 32 included.
    """
    if not body.strip():
        raise DomainError("body_required", "A JSON object is required as the body.")
    try:
        value = _read(body)
        if body.count(b"{") + body.count(b"[") > MAX_DEPTH:  # else it cannot nest deeper
            _bounded(value, MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        raise DomainError("malformed_json", f"The body is not valid JSON: {_reason(error)}.") from None
    if not isinstance(value, dict):
        raise DomainError("malformed_json", "The body must be a JSON object.")
    return value


def _read(body: bytes) -> Any:
    """What the body says, by a quick parser where that can be told to be as strict as ours."""
    try:
        value = pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError:
        return _read_strictly(body)
    # Each key has a colon behind it: no more colons than keys, and no key was given twice.
    return value if body.count(b":") == _count_keys(value) else _read_strictly(body)


def _count_keys(value: Any) -> int:
    count, parts = 0, [value]
    for part in parts:  # which grows on the way
        if type(part) is dict:
            count += len(part)
            parts += part.values()
        elif type(part) is list:
            parts += part
    return count


def _read_strictly(body: bytes) -> Any:
    value = _DECODER.decode(body.decode("utf-8"))
    if _SURROGATE_ESCAPE.search(body):
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("an object repeats a key")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _bounded(value: Any, depth: int) -> None:
    if not isinstance(value, dict | list):
        return
    if depth == 0:
        raise ValueError(f"it nests deeper than {MAX_DEPTH} levels")
    for item in value.values() if isinstance(value, dict) else value:
        _bounded(item, depth - 1)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "it holds half of a surrogate pair"
    if isinstance(error, RecursionError):
        return f"it nests deeper than {MAX_DEPTH} levels"
    return str(error) if "digits" not in str(error) else "it holds an integer of absurd length"
