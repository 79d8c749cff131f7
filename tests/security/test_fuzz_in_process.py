"""Bad input (mockserver page): raw bytes in every place, never a 5xx, never a change by what was refused.

The short run is the same every time; `ISA_FUZZ_EXAMPLES=20000` tries that many, other ones each time.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given

from isa_mockserver.kernel.state import dump
from isa_mockserver.testing import MockServer
from isa_mockserver.web.journal import MAX_KEPT_BODY_BYTES
from isa_mockserver.web.wire import MAX_BODY_BYTES, Request, headers_of, raw_headers
from tests.security.hostile import CONTROL, SERVICE_ROUTES, Hostile, effort, nearly_right, requests

MOST_WORK_S = 5
"""Of the processor, not of the clock: making /openapi.json takes the most."""

NOTED = ("users", "idempotency")
"""Tables that a refused request may write to: who came (AU-3), and what was answered (ID-4)."""


def _ask(server: MockServer, asked: Hostile) -> tuple[int, dict[bytes, bytes], bytes]:
    sent = [(b"host", b"localhost:8200"), *asked.headers]
    request = Request(
        asked.method,
        asked.decoded_path,
        asked.query.decode("latin-1"),
        headers_of(sent),
        {},
        asked.body if len(asked.body) <= MAX_BODY_BYTES else None,
        sent,
    )
    answer = server._application.gateway.answer(request)
    return answer.status, dict(raw_headers(answer)), answer.body


def _state(server: MockServer) -> dict[str, Any]:
    document = dump(server._application.runtime.world)
    tables = {name: rows for name, rows in document["tables"].items() if name not in NOTED}
    return {**document, "tables": tables}


def _check_refusal(headers: dict[bytes, bytes], body: bytes, status: int) -> None:
    assert headers[b"content-type"] == b"application/problem+json"
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["code"]
    assert problem["request_id"].encode() == headers[b"x-request-id"]
    assert len(body) < 600_000


def _answered(server: MockServer, asked: Hostile) -> int:
    """Ask, and hold the answer against the promise; gives its status."""
    began = time.process_time()
    status, headers, body = _ask(server, asked)
    assert time.process_time() - began < MOST_WORK_S
    assert 200 <= status < 500, (status, body)
    assert all(b"\r" not in value and b"\n" not in value for value in headers.values())
    # A page of another origin is answered by the CORS layer where it only asks whether it may ask.
    is_preflight = asked.method == "OPTIONS" and b"origin" in dict(asked.headers)
    if status >= 400 and status != 402 and asked.method != "HEAD" and not is_preflight:
        _check_refusal(headers, body, status)
    return status


def _attack(asked: Hostile) -> None:
    with MockServer(seed="demo", clock="2024-01-28T10:00:00Z") as server:
        before = _state(server)
        status = _answered(server, asked)
        assert status in (200, 201, 202, 204, 402) or _state(server) == before
        boxes = server._application.runtime.sandboxes.all()
        assert len(boxes) <= 2
        entries = [entry for box in boxes for entry in box.journal.all()]
        assert all(len(entry.sent_body or b"") <= MAX_KEPT_BODY_BYTES for entry in entries)
        assert server.request("GET", "/_mock/requests", user=None).status == 200
        assert server.ledger.check().ok


@effort(200)
@given(requests(SERVICE_ROUTES))
def test_no_bytes_make_a_service_fail_or_change_what_they_were_refused_for(asked: Hostile) -> None:
    _attack(asked)


@effort(250)
@given(nearly_right())
def test_no_body_that_is_nearly_right_makes_a_service_fail(asked: Hostile) -> None:
    _attack(asked)


@effort(150)
@given(requests(CONTROL))
def test_no_bytes_make_the_control_api_fail_or_change_what_they_were_refused_for(asked: Hostile) -> None:
    _attack(asked)


OPEN = [("GET", path) for path in ("/health", "/openapi.json", "/docs", "/", "/docs/{file}")]


@pytest.fixture(scope="module")
def open_server() -> MockServer:
    """One server for all, for it makes its documents once."""
    return MockServer(seed="demo")


@effort(100)
@given(requests(OPEN))
def test_no_bytes_make_the_open_pages_fail(open_server: MockServer, asked: Hostile) -> None:
    before = _state(open_server)
    _answered(open_server, asked)
    assert _state(open_server) == before
