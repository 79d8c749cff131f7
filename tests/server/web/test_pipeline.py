"""The endpoint pipeline: order of checks (AU-5), idempotency (8.2), problem documents (8.3), bad input."""

from __future__ import annotations

import json
import logging

import pytest

from isa_mockserver.kernel.state import dump
from isa_mockserver.web.lost import lost

from .toys import START, Got, ToyServer


@pytest.fixture
def server() -> ToyServer:
    return ToyServer()


def test_a_good_request_is_answered_committed_and_stamped(server: ToyServer) -> None:
    got = server.call("POST", "/toys", {"amount": 5})
    assert (got.status, got.json["amount"]) == (201, 5)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["x-request-id"].startswith("req_")
    assert [event.type for event in server.world.events] == ["webhook.ping"]


def test_a_204_has_no_body_and_no_content_type(server: ToyServer) -> None:
    got = server.call("DELETE", "/toys/t1")
    assert (got.status, got.body) == (204, b"")
    assert "content-type" not in got.headers


def assert_problem(got: Got, status: int, code: str) -> None:
    assert (got.status, got.json["code"], got.json["status"]) == (status, code, status)
    assert got.headers["content-type"] == "application/problem+json"
    assert got.json["request_id"] == got.headers["x-request-id"]
    assert got.json["type"].startswith("urn:isa:problem:")
    assert got.json["detail"]
    assert got.json["title"]


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "invalid_amount", "amount"),
        ({"amount": 29.0}, "invalid_amount", "amount"),
        ({"amount": "5"}, "invalid_amount", "amount"),
        ({"amount": True}, "invalid_amount", "amount"),
        ({"amount": None}, "invalid_amount", "amount"),
        ({"amount": [5]}, "invalid_amount", "amount"),
        ({"amount": 5, "note": 7}, "invalid_type", "note"),
        ({"amount": 5, "note": "x" * 501}, "too_long", "note"),
        ({"amount": 5, "metadata": []}, "invalid_metadata", "metadata"),
        ({"amount": 5, "metadata": {"k": 1}}, "invalid_metadata", "metadata"),
        ({"amount": 5, "metadata": {"k" * 41: "v"}}, "invalid_metadata", "metadata"),
        ({"amount": 5, "metadata": {"k": "v" * 501}}, "invalid_metadata", "metadata"),
        ({"amount": 5, "metadata": {str(n): "" for n in range(51)}}, "invalid_metadata", "metadata"),
    ],
)
def test_m1_m12_bad_values_get_their_own_code_and_change_nothing(
    server: ToyServer, body: dict[str, object], code: str, param: str
) -> None:
    server.call("GET", "/toys")
    before = dump(server.world)
    got = server.call("POST", "/toys", body)
    assert_problem(got, 422, code)
    assert got.json["param"] == param
    assert dump(server.world) == before


def test_8_3_all_failures_are_listed_in_schema_order_and_the_first_leads(server: ToyServer) -> None:
    got = server.call("POST", "/toys", {"metadata": 1, "note": 2, "amount": 1.5})
    assert [(error["param"], error["code"]) for error in got.json["errors"]] == [
        ("amount", "invalid_amount"),
        ("note", "invalid_type"),
        ("metadata", "invalid_metadata"),
    ]
    assert (got.json["code"], got.json["param"]) == ("invalid_amount", "amount")


DEEP = b'{"amount":5,"metadata":' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b"[]",
        b'"text"',
        b"null",
        b'{"amount":5,"amount":6}',
        b'{"amount":5,"metadata":{"a":"1","a":"2"}}',
        b'{"amount":NaN}',
        b'{"amount":Infinity}',
        b'{"amount":5,"note":"\\ud800"}',
        b'{"amount":5,"note":"\xff"}',
        b'{"amount":' + b"9" * 5000 + b"}",
        b'{"amount":1e999999}garbage',
        DEEP,
        b'{"a":' * 100_000,
        b"[" * 100_000,
    ],
)
def test_8_3_what_is_not_one_json_object_is_malformed(server: ToyServer, body: bytes) -> None:
    got = server.call("POST", "/toys", body)
    assert_problem(got, 400, "malformed_json")


def test_a_paired_surrogate_is_fine(server: ToyServer) -> None:
    assert server.call("POST", "/toys", b'{"amount":5,"note":"\\ud83d\\ude00"}').status == 201


def test_depth_32_is_the_limit_itself(server: ToyServer) -> None:
    levels = 31
    body = b'{"amount":5,"extra":' + b"[" * levels + b"]" * levels + b"}"
    assert server.call("POST", "/toys", body).status == 201
    body = b'{"amount":5,"extra":' + b"[" * (levels + 1) + b"]" * (levels + 1) + b"}"
    assert_problem(server.call("POST", "/toys", body), 400, "malformed_json")


def test_an_empty_body_is_required_unless_every_field_is_optional(server: ToyServer) -> None:
    assert_problem(server.call("POST", "/toys"), 400, "body_required")
    assert server.call("POST", "/toys/t1/nudge").json == {"toy_id": "t1", "amount": 0}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_415(server: ToyServer, content_type: str) -> None:
    got = server.call("POST", "/toys", b'{"amount":5}', content_type=content_type)
    assert_problem(got, 415, "unsupported_media_type")


def test_a_charset_parameter_is_fine(server: ToyServer) -> None:
    got = server.call("POST", "/toys", b'{"amount":5}', content_type="application/json; charset=utf-8")
    assert got.status == 201


def test_a_body_over_1_mib_is_413(server: ToyServer) -> None:
    fits = b'{"amount":5}' + b" " * (1_048_576 - 12)
    assert server.call("POST", "/toys", fits).status == 201
    assert_problem(server.call("POST", "/toys", fits + b" "), 413, "body_too_large")


def test_unknown_paths_and_methods_are_problems_too(server: ToyServer) -> None:
    assert_problem(server.call("GET", "/nowhere"), 404, "route_not_found")
    assert_problem(server.call("GET", "/toys/"), 404, "route_not_found")
    got = server.call("PUT", "/toys")
    assert_problem(got, 405, "method_not_allowed")
    assert got.headers["allow"] == "GET, POST"


def test_au5_auth_comes_before_the_body(server: ToyServer) -> None:
    got = server.call("POST", "/toys", b"{", user=None)
    assert_problem(got, 401, "authentication_required")
    assert got.headers["www-authenticate"] == "Bearer"


def test_au3_the_first_authentication_registers_the_user_even_when_the_request_is_refused(
    server: ToyServer,
) -> None:
    server.call("POST", "/toys", b"{", user="carol")
    assert list(server.world.tables["users"].rows) == ["carol"]


def test_unknown_fields_are_accepted_with_a_warning_or_refused_when_strict(server: ToyServer) -> None:
    body = {"amount": 5, "ammount": 6}
    got = server.call("POST", "/toys", body)
    assert (got.status, got.headers["isa-mock-warning"]) == (201, "unknown field 'ammount'")
    got = ToyServer(strict_fields=True).call("POST", "/toys", body)
    assert_problem(got, 422, "unknown_field")


def test_an_unknown_field_cannot_break_out_of_the_warning_header(server: ToyServer) -> None:
    got = server.call("POST", "/toys", {"amount": 5, "x\r\nSet-Cookie: a=b\u2028": 1})
    warning = got.headers["isa-mock-warning"]
    assert warning.isascii()
    assert warning.isprintable()


def test_a_defect_of_ours_is_a_500_that_tells_nothing(
    server: ToyServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        got = server.call("POST", "/toys", {"amount": 500})
    assert_problem(got, 500, "internal_error")
    assert b"SECRET" not in got.body
    assert "SECRET-IN-A-TRACEBACK" in caplog.text
    assert server.world.tables["toys"].rows == {}


def test_a_client_request_id_is_kept_when_it_is_fit_to_print(server: ToyServer) -> None:
    assert server.call("GET", "/toys", x_request_id="mine-1").headers["x-request-id"] == "mine-1"
    for unfit in ("x" * 129, "ä"):
        assert server.call("GET", "/toys", x_request_id=unfit).headers["x-request-id"].startswith("req_")


def test_p2_a_returned_decline_commits_and_a_raised_refusal_does_not(server: ToyServer) -> None:
    got = server.call("POST", "/toys", {"amount": 402})
    assert_problem(got, 402, "card_declined")
    assert got.json["decline_code"] == "generic_decline"
    assert len(server.world.tables["toys"].rows) == len(server.world.events) == 1
    assert_problem(server.call("POST", "/toys", {"amount": 404}), 404, "payment_intent_not_found")
    assert len(server.world.tables["toys"].rows) == len(server.world.events) == 1


def test_context_is_part_of_the_problem(server: ToyServer) -> None:
    got = server.call("POST", "/toys", {"amount": 422})
    assert (got.json["param"], got.json["context"]) == ("amount", {"minimum": 500})


@pytest.mark.parametrize("amount", [5, 402, 404])
def test_id2_id4_the_same_key_replays_the_same_bytes_without_effect(server: ToyServer, amount: int) -> None:
    first = server.call("POST", "/toys", {"amount": amount}, idempotency_key="k1")
    state = dump(server.world)
    again = server.call("POST", "/toys", b'{ "amount": %d }' % amount, idempotency_key="k1")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert dump(server.world) == state


def test_id2_another_body_or_path_under_the_same_key_is_refused(server: ToyServer) -> None:
    server.call("POST", "/toys", {"amount": 5}, idempotency_key="k1")
    got = server.call("POST", "/toys", {"amount": 6}, idempotency_key="k1")
    assert_problem(got, 422, "idempotency_key_reused")
    got = server.call("POST", "/toys/t1/nudge", {"amount": 5}, idempotency_key="k1")
    assert_problem(got, 422, "idempotency_key_reused")
    assert len(server.world.tables["toys"].rows) == 1


def test_id2_keys_of_other_users_are_other_keys(server: ToyServer) -> None:
    server.call("POST", "/toys", {"amount": 5}, idempotency_key="k1")
    got = server.call("POST", "/toys", {"amount": 6}, user="bob", idempotency_key="k1")
    assert (got.status, got.json["amount"]) == (201, 6)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b'{"amount":1.5}', 422), (b'{"amount":422}', 422), (b'{"amount":500}', 500)],
)
def test_id4_a_key_stays_free_when_nothing_happened(server: ToyServer, body: bytes, status: int) -> None:
    assert server.call("POST", "/toys", body, idempotency_key="k1").status == status
    assert server.call("POST", "/toys", {"amount": 5}, idempotency_key="k1").status == 201


def test_id5_the_key_is_new_again_after_a_day(server: ToyServer) -> None:
    server.call("POST", "/toys", {"amount": 5}, idempotency_key="k1")
    server.world.advance(86_400)
    got = server.call("POST", "/toys", {"amount": 6}, idempotency_key="k1")
    assert (got.status, got.json["amount"]) == (201, 6)


@pytest.mark.parametrize("key", ["x" * 256, "ä", "a\tb"])
def test_id1_an_unfit_key_is_refused(server: ToyServer, key: str) -> None:
    got = server.call("POST", "/toys", {"amount": 5}, idempotency_key=key)
    assert_problem(got, 422, "invalid_idempotency_key")


def test_id1_keys_on_reads_and_deletes_mean_nothing(server: ToyServer) -> None:
    assert server.call("GET", "/toys", idempotency_key="x" * 999).status == 200


def test_due_work_runs_before_the_request_that_finds_it_due(server: ToyServer) -> None:
    ran = []
    server.world.blueprint.jobs["overdue"] = lambda unit, subject: ran.append(subject)  # type: ignore[index]
    with server.world.unit() as unit:
        unit.plan(START, "overdue", "x")
    server.call("GET", "/toys")
    assert ran == ["x"]


def test_8_5_pages_are_newest_first_and_do_not_shift_while_rows_arrive(server: ToyServer) -> None:
    for amount in range(1, 6):
        server.call("POST", "/toys", {"amount": amount})
        server.call("POST", "/toys", {"amount": amount}, user="bob")
    first = server.call("GET", "/toys?limit=2").json
    assert ([toy["amount"] for toy in first["data"]], first["has_more"]) == ([5, 4], True)
    server.call("POST", "/toys", {"amount": 99})
    second = server.call("GET", f"/toys?limit=2&cursor={first['next_cursor']}").json
    assert [toy["amount"] for toy in second["data"]] == [3, 2]
    third = server.call("GET", f"/toys?limit=2&cursor={second['next_cursor']}").json
    assert third == {"data": third["data"], "has_more": False, "next_cursor": None}
    assert [toy["amount"] for toy in third["data"]] == [1]


def test_8_5_an_exactly_full_page_is_the_last_and_an_empty_list_is_200(server: ToyServer) -> None:
    assert server.call("GET", "/toys").json == {"data": [], "has_more": False, "next_cursor": None}
    for amount in (1, 2):
        server.call("POST", "/toys", {"amount": amount})
    assert server.call("GET", "/toys?limit=2").json["has_more"] is False


def test_8_5_a_cursor_belongs_to_its_list_and_filters(server: ToyServer) -> None:
    for _ in range(3):
        server.call("POST", "/toys", {"amount": 7})
    cursor = server.call("GET", "/toys?limit=1").json["next_cursor"]
    for path, user in (
        (f"/toys?limit=1&amount=7&cursor={cursor}", "alice"),
        (f"/toys?cursor={cursor}", "bob"),
        (f"/toys?cursor={cursor[:-2]}", "alice"),
        ("/toys?cursor=", "alice"),
        ("/toys?cursor=%00%ff", "alice"),
        ("/toys?cursor=W10", "alice"),
    ):
        got = server.call("GET", path, user=user)
        assert_problem(got, 422, "invalid_cursor")
    assert server.call("GET", f"/toys?limit=2&cursor={cursor}").json["has_more"] is False


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.5", ""])
def test_8_5_the_limit_is_1_to_100(server: ToyServer, limit: str) -> None:
    assert_problem(server.call("GET", f"/toys?limit={limit}"), 422, "invalid_limit")


def test_a_filter_given_twice_or_of_the_wrong_type_is_refused(server: ToyServer) -> None:
    assert_problem(server.call("GET", "/toys?limit=1&limit=2"), 422, "invalid_value")
    assert_problem(server.call("GET", "/toys?amount=x"), 422, "invalid_type")


def test_answers_are_one_line_of_compact_utf8_json(server: ToyServer) -> None:
    got = server.call("POST", "/toys", {"amount": 5})
    assert got.body == json.dumps(got.json, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/v1/wallets/me", "/api/v1/wallets is on port 8208"),
        ("/api/v1/wallets", "/api/v1/wallets is on port 8208"),
        ("/api/v1/api/v1/payments/history", "it has /api/v1 twice, so leave it off the base URL"),
        ("/api/v1/walletsx", "There is no such path on this service."),
        ("/api/v1/payments/nothing", "There is no such path on this service."),
    ],
)
def test_8_3_a_path_that_is_not_there_is_told_where_it_may_be(path: str, words: str) -> None:
    refused = lost(path, {"wallets": 8208, "billing": 8216})
    assert refused.code == "route_not_found"
    assert words in refused.detail
