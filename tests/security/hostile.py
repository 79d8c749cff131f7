"""Strategies for requests that no client would send: bytes, not values."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from isa_mockserver.slices import routes_by_service
from isa_mockserver.web.auth import mint_token
from isa_mockserver.web.control.mount import ROUTES as CONTROL_ROUTES
from tests.contract.page import read_page

EXAMPLES = int(os.environ.get("ISA_FUZZ_EXAMPLES", "0"))
"""How many examples a test tries; 0 is the short run, which is the same every time."""


def effort(short: int) -> settings:
    """So many examples in the short run, always the same."""
    return settings(
        max_examples=EXAMPLES or short,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


@dataclass(frozen=True)
class Hostile:
    """One request. `path` and `query` are as they stand in the request line."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def decoded_path(self) -> str:
        return unquote(self.path)


USER = "user_456"
SERVICE_ROUTES = [(route.method, route.path) for routes in routes_by_service().values() for route in routes]
CONTROL = [(route.method, route.path) for route in CONTROL_ROUTES]
PAGE_WRITES = [
    (curl.method, curl.path, json.dumps(curl.body).encode()) for curl in read_page().curls if curl.body
]
GOOD_BODIES = [body for _, _, body in PAGE_WRITES]
NASTY_JSON = [
    b"",
    b" ",
    b"\x00",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b"null",
    b"[]",
    b"0",
    b'"x"',
    b"{",
    b"}" * 50,
    b"[" * 2000,
    b'{"a":' * 2000,
    b'{"amount":' + b"9" * 5000 + b"}",
    b'{"amount":1e400,"currency":"usd"}',
    b'{"amount":-0,"currency":"usd"}',
    b'{"amount":2999.0,"currency":"usd"}',
    b'{"amount":NaN,"currency":"usd"}',
    b'{"amount":2999,"amount":1,"currency":"usd"}',
    b'{"amount":2999,"currency":"\\ud800"}',
    b'{"amount":2999,"currency":"usd","metadata":{"\\u0000":"\\uffff"}}',
    b'{"amount":2999,"currency":"usd","metadata":{"a":1e999}}',
    b'{"amount":2999,"currency":"usd","description":"' + b"x" * 70_000 + b'"}',
    b'{"' + b"k" * 70_000 + b'":1}',
    json.dumps({str(number): number for number in range(5000)}).encode(),
    b'{"__proto__":{},"__class__":"x","constructor":1}',
]
NASTY_PIECES = [
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\\ud83d",
    b"1e999",
    b"9" * 400,
    b"{",
    b"[",
    b'"',
    b",",
    b"\\",
]

odd_text = st.text(max_size=40) | st.sampled_from(
    [
        "..",
        ".",
        "%2e%2e",
        "a/b",
        "a\\b",
        "\x00",
        "\n",
        "\x1b[2J",
        "\u202e",
        "x" * 3000,
        "${7*7}",
        "' or 1=1",
        "🦄",
        "",
    ]
)
odd_bytes = st.binary(max_size=60) | st.sampled_from([b"", b" ", b"\xff" * 20, b"x" * 3000, b"9" * 5000])


@st.composite
def mutated(draw: st.DrawFn, source: bytes) -> bytes:
    """The bytes with some of them changed, doubled, left out or mixed with others."""
    body = source
    for _ in range(draw(st.integers(0, 4))):
        at, to = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        piece = draw(st.sampled_from([b"", body[at:to] * 2, *NASTY_PIECES]) | st.binary(max_size=4))
        body = body[:at] + piece + body[to:]
    return body


bodies = st.one_of(
    st.sampled_from(GOOD_BODIES).flatmap(mutated), st.sampled_from(NASTY_JSON), st.binary(max_size=200)
)


def _encoded(document: Any) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
tokens = st.one_of(
    st.just(mint_token(USER).encode()),
    st.just(b"YOUR_JWT_TOKEN"),
    st.just(mint_token(USER).encode()).flatmap(mutated),
    st.builds(
        lambda header, claims: _encoded(header) + b"." + _encoded(claims) + b".x",
        st.just({"alg": "HS256"}) | json_values,
        st.fixed_dictionaries(
            {"sub": st.just(USER) | json_values},
            optional=dict.fromkeys(("exp", "nbf", "iat", "roles", "scope", "sandbox"), json_values),
        ),
    ),
    odd_bytes,
)
cursors = st.one_of(
    json_values.map(_encoded),
    st.tuples(st.text(max_size=25), st.integers() | st.floats(), st.text(max_size=16)).map(_encoded),
    odd_bytes,
).map(lambda raw: quote(raw).encode())
NAMES = (
    b"limit",
    b"cursor",
    b"status",
    b"type",
    b"currency",
    b"created_after",
    b"metric",
    b"start",
    b"window",
    b"since",
)
pairs = st.tuples(
    st.sampled_from(NAMES) | odd_bytes.map(lambda raw: quote(raw).encode()),
    cursors
    | st.sampled_from(
        [b"9" * 5000, b"-1", b"1e9", b"%00", b"%ff", b"9999-12-31T23:59:60Z", b"0001-01-01T00:00:00%2B23:59"]
    ),
)
queries = st.one_of(
    st.just(b""),
    st.lists(pairs, max_size=4).map(lambda found: b"&".join(b"=".join(pair) for pair in found)),
    st.binary(max_size=80),
)


def _headers(
    optional: dict[bytes, st.SearchStrategy[bytes]],
) -> st.SearchStrategy[tuple[tuple[bytes, bytes], ...]]:
    usual = {
        b"authorization": tokens.map(b"Bearer ".__add__) | odd_bytes,
        b"content-type": st.just(b"application/json")
        | st.just(b"application/json; charset=\xff")
        | odd_bytes,
    }
    named = st.fixed_dictionaries(usual, optional=optional).map(lambda found: list(found.items()))
    more = st.lists(st.tuples(st.sampled_from([b"x-odd", *usual, *optional]), odd_bytes), max_size=2)
    return st.builds(lambda first, then: tuple(first + then), named, more)


headers = _headers(
    {
        b"idempotency-key": odd_bytes | st.just(b"key"),
        b"content-length": odd_bytes | st.integers().map(lambda number: str(number).encode()),
        b"x-request-id": odd_bytes,
        b"isa-sandbox": odd_bytes | st.just(b"box"),
        b"isa-mock-fault": odd_bytes.map(b"no-effect".__add__),
        b"origin": odd_bytes | st.just(b"http://localhost:3000"),
        b"accept-encoding": odd_bytes,
        b"expect": odd_bytes,
    }
)
segments = odd_text.map(lambda text: quote(text.encode("utf-8", "replace"), safe="")) | st.sampled_from(
    ["pi_abc123", "wallet_123", "%ff%fe", "%", "%zz", "%2e%2e%2f%2e%2e"]
)


@st.composite
def requests(draw: st.DrawFn, routes: list[tuple[str, str]]) -> Hostile:
    """A request for one of the routes, or for somewhere near it."""
    method, path = draw(st.sampled_from(routes))
    while "{" in path:
        name = path[path.index("{") : path.index("}") + 1]
        path = path.replace(name, draw(segments))
    if draw(st.integers(0, 9)) == 0:
        path += "/" + draw(segments)
    if draw(st.integers(0, 9)) == 0:
        method = draw(st.sampled_from(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "X" * 100]))
    return Hostile(method, path, draw(queries), draw(headers), draw(bodies))


@st.composite
def nearly_right(draw: st.DrawFn) -> Hostile:
    """A request of the page, with a body that is a little off: what gets past the door."""
    method, path, body = draw(st.sampled_from(PAGE_WRITES))
    fields = json.loads(body)
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(fields)))
        fields[name] = draw(json_values | st.integers(1, 10**13) | odd_text)
        sent = json.dumps(fields).encode()
    else:
        sent = draw(mutated(body))
    usual = ((b"authorization", b"Bearer user_456"), (b"content-type", b"application/json"))
    more = draw(st.lists(st.tuples(st.just(b"idempotency-key"), odd_bytes | st.just(b"k")), max_size=1))
    return Hostile(method, path, b"", (*usual, *more), sent)
