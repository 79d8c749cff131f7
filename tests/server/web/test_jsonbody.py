"""The parser of request bodies (rules 8.3): one JSON object, read as the standard says, without surprises."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.jsonbody import parse_object


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"b":[{"a":1},{"a":2}],"c":{"a":{"a":null}}}',
        b'{"at":"2024-01-28T10:00:00Z","url":"http://localhost:8200/?a=1:2"}',
        b' {"a" :\t1 ,\r\n "b": "\\u00e9\\ud83d\\ude00\\/" } ',
        b'{"a":-0,"b":-0.0,"c":1e3,"d":1E-7,"e":0.1,"f":12345678901234567890123456789,"g":1e400}',
        b'{"a":"' + "é\u2028\x7f".encode() + b'"}',
        b'{"":{}}',
    ],
)
def test_8_3_an_object_is_read_as_the_standard_library_reads_it(body: bytes) -> None:
    assert repr(parse_object(body)) == repr(json.loads(body))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a":1,"a":1}', "an object repeats a key"),
        (b'{"a":1,"a" :2}', "an object repeats a key"),
        (b'{"a":1,"\\u0061":2}', "an object repeats a key"),
        (b'{"x":[{"a":":","a":"::"}]}', "an object repeats a key"),
        (b'{"a":{"b":1,"b":2},"c":{}}', "an object repeats a key"),
        (b'{"a":NaN}', "NaN is not JSON"),
        (b'{"a":-Infinity}', "-Infinity is not JSON"),
        (b'{"a":"\\ud800"}', "it holds half of a surrogate pair"),
        (b'{"a":"\xff"}', "it is not UTF-8"),
        (b'{"a":' + b"1" * 5_000 + b"}", "it holds an integer of absurd length"),
        (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "it nests deeper than 32 levels"),
        (b'{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "it nests deeper than 32 levels"),
        (b'{"a":1,}', "Expecting property name enclosed in double quotes at line 1, column 8"),
        (b'\n{"a":01}', "Expecting ',' delimiter at line 2, column 7"),
    ],
)
def test_8_3_what_is_not_plain_json_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(DomainError) as caught:
        parse_object(body)
    assert (caught.value.code, caught.value.detail) == (
        "malformed_json",
        f"The body is not valid JSON: {reason}.",
    )


@pytest.mark.parametrize("body", [b"[]", b"1", b'"a"', b"null", b'[{"a":1}]'])
def test_8_3_another_json_value_than_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(DomainError, match="must be a JSON object"):
        parse_object(body)


def test_8_3_it_may_nest_32_levels_deep_and_have_more_brackets_than_that() -> None:
    deep: Any = "an item"
    for _ in range(31):
        deep = [deep]
    document = {"deep": deep, "flat": [{} for _ in range(100)]}
    assert parse_object(json.dumps(document).encode()) == document
