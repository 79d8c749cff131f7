"""Anything a client can send gets a 4xx problem document and changes nothing (the server's "Bad input")."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from isa_mockserver.kernel.state import dump
from isa_mockserver.testing import MockServer, RawAnswer
from tests.contract.page import Curl, read_page

WRITES = [curl for curl in read_page().curls if curl.method == "POST"]
EVM_ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"

WRONG_VALUES: dict[str, Any] = {
    "float": 1.5,
    "whole float": 29.0,
    "numeric text": "100",
    "true": True,
    "null": None,
    "list": [1],
    "object": {"a": 1},
    "zero": 0,
    "negative": -5,
    "huge": 10**30,
    "empty text": "",
    "long text": "x" * 5000,
    "control characters": "\x00\n\u202e",
}
"""Values that no number or token of the page's bodies accepts."""

ACCEPTED = {
    ("description", "empty text"),
    ("description", "control characters"),
    ("description", "numeric text"),
    ("note", "empty text"),
    ("note", "control characters"),
    ("note", "numeric text"),
    ("reason", "control characters"),
    ("reason", "numeric text"),
    ("reason", "empty text"),
    ("prorate", "true"),
    ("at_period_end", "true"),
}
"""(field, wrong value) pairs that are in fact right: free text may say anything, a flag may be true."""

OPTIONAL = {"description", "metadata", "note", "due_date", "timestamp", "prorate", "at_period_end", "reason"}
OPTIONAL_HERE = {
    "Process Refund": {"amount"},
    "Confirm Payment": {"payment_method_id"},
    "Create Subscription": {"payment_method_id"},
}
NAMES = ("payment_method_id", "to_user_id", "package", "plan_id", "new_plan_id")
KNOWN = {"pm_card_visa", "user_789", "credits_1000", "plan_pro_monthly", "plan_enterprise_annual"}
"""Fields whose text is the name of something: well-formed text that names nothing is 404 instead."""

REQUIRED_HERE = {"Use Credits": {"reason"}}


def valid_body(curl: Curl) -> dict[str, Any]:
    """The page's own body, with a real address in place of its placeholder."""
    return {**curl.body, **({"wallet_address": EVM_ADDRESS} if "wallet_address" in curl.body else {})}


def optional_fields(curl: Curl) -> set[str]:
    here = OPTIONAL | OPTIONAL_HERE.get(curl.heading, set())
    return here - REQUIRED_HERE.get(curl.heading, set())


def mutations(curl: Curl) -> Iterator[tuple[str, dict[str, Any]]]:
    body = valid_body(curl)
    for field in body:
        for name, value in WRONG_VALUES.items():
            fits = (
                (field, name) in ACCEPTED
                or (value is None and field in optional_fields(curl))
                or (field == "metadata" and name == "object" and value == {})
            )
            if not fits:
                yield f"{field} is {name}", {**body, field: value}
        if field not in optional_fields(curl):
            yield f"{field} is missing", {key: value for key, value in body.items() if key != field}


CASES = [(curl, what, body) for curl in WRITES for what, body in mutations(curl)]


@pytest.fixture(scope="module")
def server() -> MockServer:
    """One server for all: nothing of what is sent here may change it."""
    made = MockServer(seed="demo", check_responses=True)
    for curl in WRITES:
        made.request("GET", curl.path, user="user_456")
    return made


def assert_refused_without_effect(server: MockServer, answer: RawAnswer, before: dict[str, Any]) -> None:
    assert 400 <= answer.status < 500, (answer.status, answer.body)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status
    assert problem["code"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert dump(server._application.runtime.world) == before


@pytest.mark.parametrize(
    ("curl", "body"), [(c, b) for c, _, b in CASES], ids=[f"{c.heading}: {what}" for c, what, _ in CASES]
)
def test_a_wrong_or_missing_value_is_refused_without_effect(
    server: MockServer, curl: Curl, body: dict[str, Any]
) -> None:
    before = dump(server._application.runtime.world)
    answer = server.request(curl.method, curl.path, user="user_456", json_body=body)
    assert_refused_without_effect(server, answer, before)
    names_nothing = any(isinstance(body.get(field), str) and body[field] not in KNOWN for field in NAMES)
    names_another = isinstance(body.get("customer_id"), str) and body["customer_id"] != "user_456"
    allowed = {422} | ({404} if names_nothing else set()) | ({403} if names_another else set())
    assert answer.status in allowed


RAW_BODIES = {
    "cut JSON": b'{"amount": 10',
    "no JSON": b"amount=10",
    "an array": b"[1,2]",
    "NaN": b'{"amount": NaN}',
    "a key twice": b'{"amount": 1, "amount": 2}',
    "invalid UTF-8": b'{"amount": "\xff\xfe"}',
    "deep nesting": b'{"amount":' * 5000 + b"1" + b"}" * 5000,
    "an endless integer": b'{"amount": ' + b"9" * 100_000 + b"}",
}


@pytest.mark.parametrize("what", RAW_BODIES)
@pytest.mark.parametrize("curl", WRITES, ids=[curl.heading for curl in WRITES])
def test_a_body_that_is_not_one_json_object_is_refused_without_effect(
    server: MockServer, curl: Curl, what: str
) -> None:
    before = dump(server._application.runtime.world)
    answer = server.request(curl.method, curl.path, user="user_456", body=RAW_BODIES[what])
    assert_refused_without_effect(server, answer, before)
    assert answer.json()["code"] == "malformed_json"


@pytest.mark.parametrize("curl", WRITES, ids=[curl.heading for curl in WRITES])
def test_other_content_types_huge_bodies_and_wrong_schemes_are_refused_without_effect(
    server: MockServer, curl: Curl
) -> None:
    before = dump(server._application.runtime.world)
    good = json.dumps(valid_body(curl)).encode()
    form = {"content-type": "application/x-www-form-urlencoded"}
    for answer, status in (
        (server.request("POST", curl.path, user="user_456", body=good, headers=form), 415),
        (server.request("POST", curl.path, user="user_456", body=good + b" " * 1_048_576), 413),
        (server.request("POST", curl.path, user=None, body=good), 401),
        (server.request("POST", curl.path, body=good, headers={"authorization": "Basic dTpw"}), 401),
        (server.request("POST", curl.path, body=good, headers={"authorization": "Bearer "}), 401),
        (server.request("PUT", curl.path, user="user_456", body=good), 405),
    ):
        assert answer.status == status
        assert_refused_without_effect(server, answer, before)
