"""Values that do not fit: each field of each body and each query parameter, once with everything wrong."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .recorder import DOCUMENT, OPERATIONS, Described, Recorder, Seen

WRONG: tuple[Any, ...] = (
    None,
    True,
    1.5,
    0,
    -5,
    10**9 + 1,
    10**30,
    "",
    "nothing of the kind",
    "x" * 5000,
    [],
    [1],
    {"a": 1},
)
"""Each of these is wrong for most fields."""


LINE: Mapping[str, Any] = {"description": "work", "quantity": 2, "unit_price": 500}
"""An entry of a list that the example leaves out."""


def provoke(seen: Seen) -> None:
    """Send every operation bodies and queries that do not fit."""
    recorder = Recorder(seen)
    for operation in OPERATIONS.values():
        path, _, needed = recorder.path_of(operation).partition("?")
        if operation.has_body:
            for body in bodies(operation):
                recorder.send(operation.method, path, body, of=operation)
        for query in queries(operation, dict(parse_qsl(needed))):
            recorder.send(operation.method, f"{path}?{query}", operation.body, of=operation)


def bodies(operation: Described) -> Iterator[dict[str, Any]]:
    """The example with one thing wrong at a time."""
    schema = _resolved(operation.raw["requestBody"]["content"]["application/json"]["schema"])
    good = operation.body or {}
    yield {}
    yield {**good, "ammount": 1}
    yield from _mutated(good, schema)
    for name, part in schema["properties"].items():
        inner = _item_of(part)
        if "properties" in inner:
            for mutant in _mutated(good.get(name, [LINE])[0], inner):
                yield {**good, name: [mutant]}


def _mutated(good: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in schema["properties"]:
        for value in WRONG:
            yield {**copy.deepcopy(dict(good)), name: value}
        if name in good:
            yield {key: value for key, value in good.items() if key != name}


def queries(operation: Described, needed: Mapping[str, str]) -> Iterator[str]:
    """Each parameter with each wrong value, twice, and one that there is not."""
    if operation.query_names:
        yield urlencode({**needed, "nosuch": "1"})
    for name in operation.query_names:
        yield urlencode([(name, "1"), (name, "2")])
        for value in WRONG:
            yield urlencode({**needed, name: str(value)})


def _item_of(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a list's entries are; empty for another field."""
    lists = [each for each in (part, *part.get("anyOf", ())) if each.get("type") == "array"]
    return _resolved(lists[0]["items"]) if lists else {}


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if reference := schema.get("$ref"):
        found: Mapping[str, Any] = DOCUMENT["components"]["schemas"][reference.rsplit("/", 1)[1]]
        return found
    return schema
