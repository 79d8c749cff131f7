"""The one JSON parser for request bodies (rules 8.3): strict, bounded, no surprises."""

from __future__ import annotations

import json
import re
from typing import Any

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
        value = _DECODER.decode(body.decode("utf-8"))
        if body.count(b"{") + body.count(b"[") > MAX_DEPTH:  # else it cannot nest deeper
            _bounded(value, MAX_DEPTH)
        if _SURROGATE_ESCAPE.search(body):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise DomainError("malformed_json", f"The body is not valid JSON: {_reason(error)}.") from None
    if not isinstance(value, dict):
        raise DomainError("malformed_json", "The body must be a JSON object.")
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
