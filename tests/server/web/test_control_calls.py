"""Reset, state, ledger, events, users and tokens of the control API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isa_mockserver.kernel.state import dump
from isa_mockserver.kernel.users import USERS
from isa_mockserver.web.auth import DevAuthenticator, Mint
from isa_mockserver.web.control import ControlSettings
from isa_mockserver.web.control.state import MAX_STATE_BYTES
from tests.server.web.controls import ControlServer


@pytest.fixture
def server() -> ControlServer:
    return ControlServer()


def paid() -> ControlServer:
    """Three deposits: user_1 got 100, user_2 200, user_3 300."""
    server = ControlServer()
    for number in (1, 2, 3):
        server.pay(number, number * 100)
    return server


# Reset and state


def test_reset_goes_back_to_the_start(server: ControlServer) -> None:
    """Reset = back to start-up: fixture, clock, id seed."""
    at_start = dump(server.world)
    server.pay(1, 100)
    server.call("POST", "/_mock/clock", {"advance": "P1Y"})
    got = server.call("POST", "/_mock/reset")
    assert (got.status, got.json) == (200, {"now": "2024-01-31T10:00:00Z", "frozen": True})
    assert dump(server.world) == at_start


def test_a_saved_state_can_be_loaded_into_another_server() -> None:
    server = paid()
    server.plan("later", days=9)
    saved = server.call("GET", "/_mock/state")
    assert saved.status == 200
    other = ControlServer()
    other.pay(7, 700)
    got = other.call("PUT", "/_mock/state", saved.body)
    assert (got.status, got.json) == (200, {"now": "2024-01-31T10:00:00Z", "frozen": True})
    assert other.call("GET", "/_mock/state").body == saved.body
    assert [job["id"] for job in other.call("POST", "/_mock/clock", {"advance": "P9D"}).json["ran"]] == [
        "later"
    ]


def broken_states() -> list[Any]:
    good = paid().call("GET", "/_mock/state").json
    unbalanced = json.loads(json.dumps(good))
    unbalanced["ledger"][0]["postings"][0]["amount"] = -5
    wrong_types = json.loads(json.dumps(good))
    wrong_types["tables"]["users"]["rows"][0][1]["id"] = 7
    return [
        {},
        {"version": 1},
        {**good, "version": 99},
        {**good, "version": "1"},
        {**good, "tables": []},
        {**good, "tables": {"users": {"next_seq": 2, "rows": [[1, {"id": "x"}]]}}},
        {**good, "ledger": [1]},
        {**good, "events": "none"},
        {**good, "jobs": [["2024-01-31T10:00:00Z", "no_such_kind", "a"]]},
        {**good, "jobs": [["+99999-01-31T10:00:00Z", "settlement", "a"]]},
        {**good, "clock": {"now": "later", "frozen": True}},
        {**good, "counters": {"id:evt": "many"}},
        unbalanced,
        wrong_types,
    ]


@pytest.mark.parametrize("state", broken_states())
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(server: ControlServer, state: Any) -> None:
    before = dump(server.world)
    assert server.call("PUT", "/_mock/state", state).status == 422
    assert dump(server.world) == before


def test_a_state_may_be_larger_than_other_bodies(server: ControlServer) -> None:
    """The limit of 1 MiB is for the services; a state has 64 MiB."""
    state = server.call("GET", "/_mock/state").body
    assert server.call("PUT", "/_mock/state", state + b" " * 2_000_000).status == 200
    too_large = server.call("PUT", "/_mock/state", headers={"content-length": str(MAX_STATE_BYTES + 1)})
    assert too_large.refused == (413, "body_too_large")
    assert server.call("POST", "/_mock/users", state + b" " * 2_000_000).refused == (413, "body_too_large")


# Ledger


def test_the_ledger_shows_accounts_and_postings() -> None:
    got = paid().call("GET", "/_mock/ledger", headers={}).json
    assert got["accounts"] == [
        {"account": "external:card", "currency": "usd", "balance": -600},
        {"account": "wallet:user_1:available", "currency": "usd", "balance": 100},
        {"account": "wallet:user_2:available", "currency": "usd", "balance": 200},
        {"account": "wallet:user_3:available", "currency": "usd", "balance": 300},
    ]
    assert got["transactions"][1] == {
        "sequence": 2,
        "at": "2024-01-31T10:00:00Z",
        "reference": {"type": "deposit", "id": "tx_2"},
        "postings": [
            {
                "source": "external:card",
                "destination": "wallet:user_2:available",
                "amount": 200,
                "currency": "usd",
            }
        ],
    }
    assert (got["accounts_total"], got["has_more"], got["next_since"]) == (4, False, 3)


def test_the_ledger_is_read_in_pages() -> None:
    server = paid()
    seen: list[int] = []
    since, more = 0, True
    while more:
        page = server.call("GET", f"/_mock/ledger?limit=2&since={since}").json
        assert len(page["accounts"]) == 2
        seen += [transaction["sequence"] for transaction in page["transactions"]]
        since, more = page["next_since"], page["has_more"]
    assert seen == [1, 2, 3]


def test_the_ledger_of_one_user() -> None:
    got = paid().call("GET", "/_mock/ledger?account=wallet:user_2").json
    assert [account["account"] for account in got["accounts"]] == ["wallet:user_2:available"]
    assert [transaction["sequence"] for transaction in got["transactions"]] == [2]
    assert paid().call("GET", "/_mock/ledger?account=wallet:user").json["accounts"] == []


def test_the_books_are_proved() -> None:
    """Invariants 1 to 3."""
    server = paid()
    assert server.call("GET", "/_mock/ledger/check").json == {
        "ok": True,
        "currencies": {"usd": 0},
        "violations": [],
    }
    server.world.ledger.balances["external:card", "usd"] += 1
    assert server.call("GET", "/_mock/ledger/check").json["ok"] is False


# Events


def test_events_are_listed_oldest_first_in_their_envelope() -> None:
    """WH-1, WH-12."""
    got = paid().call("GET", "/_mock/events").json
    assert [event["sequence"] for event in got["data"]] == [1, 2, 3]
    first = got["data"][0]
    assert first.pop("id").startswith("evt_")
    assert first == {
        "type": "wallet.deposited",
        "timestamp": "2024-01-31T10:00:00Z",
        "api_version": "2024-01-28",
        "sequence": 1,
        "data": {"object": {"amount": 100}},
    }


def test_events_are_filtered_by_type_and_followed_by_sequence_or_time() -> None:
    """WH-12."""
    server = paid()
    server.plan("a", days=1)
    server.call("POST", "/_mock/clock", {"advance": "P1D"})

    def sequences(query: str) -> list[int]:
        page = server.call("GET", f"/_mock/events?{query}").json
        return [event["sequence"] for event in page["data"]]

    assert sequences("type=webhook.ping") == [4]
    assert sequences("since=2") == [3, 4]
    assert sequences("since=2024-02-01T10:00:00Z") == [4]
    assert sequences("since=2&type=wallet.deposited") == [3]
    assert sequences("since=99") == []
    page = server.call("GET", "/_mock/events?limit=3").json
    assert (page["has_more"], page["next_since"]) == (True, 3)
    rest = server.call("GET", "/_mock/events?limit=3&since=3&type=webhook.ping").json
    assert (rest["has_more"], rest["next_since"]) == (False, 4)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/_mock/events?type=payment.suceeded", "unknown_event_type"),
        ("/_mock/events?type=", "unknown_event_type"),
        ("/_mock/events?since=-1", "invalid_value"),
        ("/_mock/events?since=yesterday", "invalid_value"),
        ("/_mock/events?since=" + "9" * 5000, "invalid_value"),
        ("/_mock/events?limit=0", "invalid_limit"),
        ("/_mock/events?limit=1001", "invalid_limit"),
        ("/_mock/events?limit=ten", "invalid_limit"),
        ("/_mock/events?typ=webhook.ping", "unknown_field"),
        ("/_mock/events?limit=1&limit=2", "invalid_value"),
        ("/_mock/ledger?since=-1", "invalid_value"),
        ("/_mock/ledger?limit=0", "invalid_limit"),
        ("/_mock/ledger?acount=x", "unknown_field"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(server: ControlServer, path: str, code: str) -> None:
    assert server.call("GET", path).refused == (422, code)


# Users and tokens


def test_a_user_can_be_made_known(server: ControlServer) -> None:
    """W-7."""
    got = server.call("POST", "/_mock/users", {"user_id": "carol"})
    assert (got.status, got.json) == (201, {"user_id": "carol", "created_at": "2024-01-31T10:00:00Z"})
    assert server.call("POST", "/_mock/users", {"user_id": "carol"}).status == 200
    assert set(server.world.tables[USERS.name].rows) == {"user_456", "carol"}


def test_a_minted_token_is_accepted(server: ControlServer) -> None:
    """AU-3: tokens live in real time, whatever the World's clock says."""
    wanted = {"sub": "carol", "roles": ["admin"], "sandbox": "box-1", "ttl": 60}
    got = server.call("POST", "/_mock/tokens", wanted)
    assert (got.status, got.json["sub"], got.json["roles"]) == (201, "carol", ["admin"])
    caller = DevAuthenticator().authenticate(f"Bearer {got.json['token']}")
    assert (caller.user_id, caller.is_admin, caller.sandbox) == ("carol", True, "box-1")


def test_an_expired_token_can_be_minted(server: ControlServer) -> None:
    """AU-3: `ttl: -60`."""
    token = server.call("POST", "/_mock/tokens", {"sub": "carol", "ttl": -60}).json["token"]
    got = server.call("GET", "/_mock/clock", headers={"authorization": f"Bearer {token}"})
    assert got.status == 200, "the control API asks for no token in dev mode"
    admins = ControlServer(ControlSettings(admins_only=True))
    got = admins.call("GET", "/_mock/clock", headers={"authorization": f"Bearer {token}"})
    assert got.refused == (401, "token_expired")


@pytest.mark.parametrize(
    ("path", "body", "code", "param"),
    [
        ("/_mock/users", {}, "missing_field", "user_id"),
        ("/_mock/users", {"user_id": ""}, "invalid_value", "user_id"),
        ("/_mock/users", {"user_id": "a\0b"}, "invalid_value", "user_id"),
        ("/_mock/users", {"user_id": "x" * 256}, "invalid_value", "user_id"),
        ("/_mock/users", {"user_id": 7}, "invalid_type", "user_id"),
        ("/_mock/tokens", {}, "missing_field", "sub"),
        ("/_mock/tokens", {"sub": "a\nb"}, "invalid_value", "sub"),
        ("/_mock/tokens", {"sub": "a", "roles": "admin"}, "invalid_type", "roles"),
        ("/_mock/tokens", {"sub": "a", "roles": ["two words"]}, "invalid_value", "roles[0]"),
        ("/_mock/tokens", {"sub": "a", "roles": ["r"] * 51}, "invalid_value", "roles"),
        ("/_mock/tokens", {"sub": "a", "ttl": 1.5}, "invalid_type", "ttl"),
        ("/_mock/tokens", {"sub": "a", "ttl": 10**12}, "invalid_value", "ttl"),
        ("/_mock/tokens", {"sub": "a", "ttl": -(10**12)}, "invalid_value", "ttl"),
        ("/_mock/tokens", {"sub": "a", "sandbox": "a b"}, "invalid_value", "sandbox"),
        ("/_mock/tokens", {"sub": "a", "role": "admin"}, "unknown_field", "role"),
    ],
)
def test_users_and_tokens_are_checked(
    server: ControlServer, path: str, body: Any, code: str, param: str
) -> None:
    got = server.call("POST", path, body)
    assert got.refused == (422, code)
    assert got.json["param"] == param


def test_a_server_without_a_signing_key_mints_nothing() -> None:
    """AU-2: RS256 with a public key only."""
    server = ControlServer(ControlSettings(mint=None))
    assert server.call("POST", "/_mock/tokens", {"sub": "carol"}).refused == (422, "invalid_value")


def test_the_mint_does_not_show_its_secret() -> None:
    assert "hush" not in repr(Mint(secret="hush"))
