"""Sandboxes: isolated Worlds in one server, by claim or header (mockserver page, Sandboxes)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from isa_mockserver.kernel.state import dump
from isa_mockserver.testing import MockServer
from isa_mockserver.web.auth import Mint, TrustedKey, VerifyAuthenticator, mint_token
from isa_mockserver.web.control import ROUTES, ControlRoute, ControlSettings
from isa_mockserver.web.sandboxes import MAX_SANDBOXES
from isa_user import SyncPaymentClient, SyncWalletClient
from tests.server.web.controls import ControlServer
from tests.server.web.jwts import SECRET
from tests.server.web.toys import ToyServer

HISTORY = "/api/v1/payments/history"


def _intents(server: MockServer, **headers: str) -> Any:
    return server.request("GET", HISTORY, headers=headers).json()["data"]


def test_a_claim_names_an_isolated_world_made_on_first_use_and_empty() -> None:
    with MockServer(seed="demo") as server:
        token = mint_token("user_456", sandbox="red")
        answer = server.request("GET", HISTORY, headers={"Authorization": f"Bearer {token}"})
        assert answer.json()["data"] == []
        assert len(server.request("GET", HISTORY, user="user_456").json()["data"]) == 2


def test_a_header_names_it_too() -> None:
    with MockServer() as server:
        server.client(SyncPaymentClient, default_headers={"Isa-Sandbox": "red"}).create_intent(
            amount=2999, currency="usd"
        )
        assert [len(_intents(server, **{"Isa-Sandbox": "red"})), len(_intents(server))] == [1, 0]


def test_what_happens_in_one_is_nowhere_else() -> None:
    """Own clock, ids, events and ledger."""
    with MockServer(clock="2024-01-28T00:00:00Z") as server:
        red, blue = server.sandbox("red"), server.sandbox("blue")
        untouched = dump(blue._runtime.world)
        made = red.client(SyncWalletClient).deposit(
            amount=5000, currency="usd", payment_method_id="pm_card_visa"
        )
        red.clock.advance(days=3)
        assert dump(blue._runtime.world) == untouched
        assert server.events.types() == []
        assert red.events.types() == ["payment.created", "payment.succeeded", "wallet.deposited"]
        assert red.ledger.balance("wallet:user_1:available", "usd") == 5000
        assert (blue.clock.now().day, red.clock.now().day) == (28, 31)
        twin = blue.client(SyncWalletClient).deposit(
            amount=5000, currency="usd", payment_method_id="pm_card_visa"
        )
        assert twin.transaction_id != made.transaction_id


def test_a_run_in_a_sandbox_repeats_byte_for_byte_whatever_others_do() -> None:
    """Decision 8: ids derive from the seed, the sandbox, the kind and a counter; request ids too."""

    def run(*, disturbed: bool) -> bytes:
        with MockServer(clock="2024-01-28T00:00:00Z") as server:
            if disturbed:
                server.sandbox("blue").request("GET", HISTORY)
                server.request("GET", HISTORY)
            answer = server.sandbox("red").request(
                "POST", "/api/v1/payments/intent", json_body={"amount": 0, "currency": "usd"}
            )
            assert answer.status == 422
            return answer.body

    assert run(disturbed=True) == run(disturbed=False)


@pytest.mark.parametrize(
    ("claim", "header", "expected"),
    [
        (None, None, "default"),
        (None, "default", "default"),
        (None, "red", "red"),
        ("red", None, "red"),
        ("red", "red", "red"),
        ("red", "blue", 403),
        ("red", "default", 403),
        ("default", "red", 403),
        (None, "", 422),
        (None, "no spaces", 422),
        (None, "a" * 64, "a" * 64),
        (None, "a" * 65, 422),
        (None, "a/b", 422),
        ("no spaces", None, 401),
    ],
)
def test_claim_before_header_before_default_and_a_disagreement_is_403(
    claim: str | None, header: str | None, expected: str | int
) -> None:
    with MockServer() as server:
        headers = {"Authorization": f"Bearer {mint_token('user_1', sandbox=claim)}"}
        if header is not None:
            headers["Isa-Sandbox"] = header
        answer = server.request("GET", HISTORY, headers=headers)
        if isinstance(expected, str):
            assert answer.status == 200
            found = server._runtime.sandboxes.find(expected)
            assert found is not None
            assert "user_1" in found.world.tables["users"].rows
        else:
            codes = {401: "invalid_token", 403: "permission_denied", 422: "invalid_value"}
            assert (answer.status, answer.json()["code"]) == (expected, codes[expected])
            assert [runtime.sandbox for runtime in server._runtime.sandboxes.all()] == ["default"]


def _verifying() -> ControlServer:
    return ControlServer(
        ControlSettings(admins_only=True, mint=Mint(secret=SECRET)),
        VerifyAuthenticator(TrustedKey.shared_secret(SECRET)),
    )


@pytest.mark.parametrize(
    ("claim", "header", "roles", "expected"),
    [
        (None, "red", [], 403),
        (None, "default", [], 200),
        ("red", "red", [], 200),
        ("red", "blue", [], 403),
        (None, "red", ["admin"], 200),
        ("red", "blue", ["admin"], 403),
    ],
)
def test_in_verify_mode_the_header_counts_for_admins_only(
    claim: str | None, header: str, roles: list[str], expected: int
) -> None:
    server = ToyServer()
    server.runtime.authenticator = VerifyAuthenticator(TrustedKey.shared_secret(SECRET))
    server.runtime.admins_only = True
    token = mint_token("alice", roles=roles, sandbox=claim, secret=SECRET)
    got = server.call("GET", "/toys", user=token, isa_sandbox=header)
    assert got.status == expected
    made = server.runtime.sandboxes.find("red") is not None
    assert made == (expected == 200 and header == "red")


def test_who_has_no_valid_token_makes_no_sandbox() -> None:
    with MockServer() as server:
        server.request("GET", HISTORY, user=None, headers={"Isa-Sandbox": "red"})
        assert server._runtime.sandboxes.find("red") is None


def test_there_are_at_most_a_thousand() -> None:
    server = ToyServer()
    for number in range(MAX_SANDBOXES):
        assert server.call("GET", "/toys", isa_sandbox=f"box-{number}").status == 200
    refused = server.call("GET", "/toys", isa_sandbox="one-more")
    assert (refused.status, refused.json["code"]) == (429, "too_many_sandboxes")
    assert server.call("GET", "/toys", isa_sandbox="box-7").status == 200
    server.runtime.sandboxes.drop("box-7")
    assert server.call("GET", "/toys", isa_sandbox="one-more").status == 200


def test_eight_threads_that_meet_in_a_new_sandbox_share_one_world() -> None:
    with MockServer() as server, ThreadPoolExecutor(8) as threads:
        box = server.sandbox("red")

        def pay(_: int) -> None:
            box.client(SyncPaymentClient).create_intent(amount=2999, currency="usd")

        def first(number: int) -> None:
            headers = {"Isa-Sandbox": f"new-{number // 8}"}
            body = {"amount": 2999, "currency": "usd"}
            server.request("POST", "/api/v1/payments/intent", json_body=body, headers=headers)

        list(threads.map(pay, range(64)))
        list(threads.map(first, range(64)))
        assert len(box.events.types()) == 64
        for number in range(8):
            assert len(server.sandbox(f"new-{number}").events.types()) == 8


def test_sandboxes_are_made_listed_and_deleted() -> None:
    server = ControlServer()
    made = server.call("POST", "/_mock/sandboxes", {"name": "red", "clock": "2030-01-01T00:00:00Z"})
    assert made.status == 201
    again = server.call("POST", "/_mock/sandboxes", {"name": "red"})
    assert again.refused == (409, "sandbox_exists")
    names = [box["name"] for box in server.call("GET", "/_mock/sandboxes").json["data"]]
    assert names == ["default", "red"]
    assert server.call("DELETE", "/_mock/sandboxes/red").status == 204
    assert server.call("DELETE", "/_mock/sandboxes/red").refused == (404, "sandbox_not_found")
    assert server.call("DELETE", "/_mock/sandboxes/default").refused == (404, "sandbox_not_found")
    server.call("POST", "/_mock/sandboxes", {"name": "blue"})
    assert server.call("DELETE", "/_mock/sandboxes").json == {"dropped": 1}


@pytest.mark.parametrize("name", ["", "no spaces", "a" * 65, 7, None, "ü", "red\n"])
def test_a_name_is_1_to_64_letters_digits_dashes_or_underscores(name: object) -> None:
    assert ControlServer().call("POST", "/_mock/sandboxes", {"name": name}).status == 422


def test_a_sandbox_may_start_with_the_fixture_and_a_clock_of_its_own() -> None:
    with MockServer() as server:
        body = {"name": "red", "seed": "demo", "clock": "2030-01-01T00:00:00Z"}
        made = server.request("POST", "/_mock/sandboxes", json_body=body)
        assert made.json() == {
            "name": "red",
            "clock": {"now": "2030-01-01T00:00:00Z", "frozen": True},
            "users": 2,
            "events": 0,
        }
        wallet = server.sandbox("red").client(SyncWalletClient, user="user_456").get_balance()
        assert wallet.balances["usd"] == 15_000


def test_reset_brings_one_sandbox_back_to_its_own_start() -> None:
    with MockServer() as server:
        red = server.sandbox("red", clock="2030-01-01T00:00:00Z")
        for box in (red, server):
            box.client(SyncPaymentClient).create_intent(amount=2999, currency="usd")
            box.clock.advance(days=1)
        red.request("POST", "/_mock/reset")
        assert (red.events.types(), str(red.clock.now())) == ([], "2030-01-01 00:00:00+00:00")
        assert server.events.types() == ["payment.created"]


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if "sandboxes" not in route.path], ids=lambda route: route.operation
)
def test_every_control_call_stays_in_its_sandbox(route: ControlRoute) -> None:
    """The control API takes the header too."""
    bodies: dict[str, object] = {
        "move_clock": {"advance": 60},
        "make_user": {"user_id": "alice"},
        "make_token": {"sub": "alice"},
        "load_state": None,
    }
    server = ControlServer()
    before = dump(server.world)
    headers = {"isa-sandbox": "red"}
    body = bodies.get(route.operation, {})
    if route.operation == "load_state":
        body = server.call("GET", "/_mock/state", headers=headers).json
    server.call(route.method, route.path, body, headers=headers)
    assert dump(server.world) == before


def test_the_control_api_takes_the_claim_too() -> None:
    server = ControlServer()
    token = {"authorization": f"Bearer {mint_token('alice', sandbox='red')}"}
    server.call("POST", "/_mock/clock", {"advance": 60}, headers=token)
    red = server.runtime.sandboxes.find("red")
    assert red is not None
    assert (red.world.clock.now() - server.world.clock.now()).total_seconds() == 60
    got = server.call("GET", "/_mock/clock", headers={**token, "isa-sandbox": "blue"})
    assert got.refused == (403, "permission_denied")


def test_only_admins_choose_a_sandbox_of_a_verifying_server() -> None:
    server = _verifying()
    admin = {"authorization": f"Bearer {mint_token('root', roles=['admin'], secret=SECRET)}"}
    assert server.call("GET", "/_mock/clock", headers={**admin, "isa-sandbox": "red"}).status == 200
    other = {"authorization": f"Bearer {mint_token('mallory', secret=SECRET)}"}
    got = server.call("GET", "/_mock/clock", headers={**other, "isa-sandbox": "blue"})
    assert got.refused == (403, "permission_denied")
    assert server.runtime.sandboxes.find("blue") is None


def test_a_page_of_another_site_makes_no_sandbox() -> None:
    server = ControlServer()
    headers = {"origin": "https://evil.example", "isa-sandbox": "red"}
    assert server.call("GET", "/_mock/clock", headers=headers).refused == (403, "forbidden_host")
    assert server.runtime.sandboxes.find("red") is None
