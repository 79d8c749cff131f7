"""Every control call is guarded; health is open; whatever is sent, the answer is below 500."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isa_mockserver.version import server_version
from isa_mockserver.web.auth import Mint, TrustedKey, VerifyAuthenticator, mint_token
from isa_mockserver.web.control import ROUTES, ControlRoute, ControlSettings
from tests.server.web.controls import ControlServer
from tests.server.web.jwts import SECRET

every_call = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)


@every_call
def test_a_foreign_host_is_refused_everywhere(route: ControlRoute) -> None:
    """DNS rebinding."""
    got = ControlServer().call(route.method, route.path, {}, headers={"host": "evil.example:8200"})
    assert got.refused == (403, "forbidden_host")


@every_call
def test_a_page_of_another_site_is_refused_everywhere(route: ControlRoute) -> None:
    for header in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        got = ControlServer().call(route.method, route.path, {}, headers=header)
        assert got.refused == (403, "forbidden_host")


@every_call
def test_where_tokens_are_verified_only_admins_pass(route: ControlRoute) -> None:
    """AU-4; mockserver page: with --auth verify the control API needs a token with role admin."""
    server = ControlServer(
        ControlSettings(admins_only=True, mint=Mint(secret=SECRET)),
        VerifyAuthenticator(TrustedKey.shared_secret(SECRET)),
    )

    def code(token: str | None) -> tuple[int, str]:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return server.call(route.method, route.path, {}, headers=headers).refused

    assert code(None) == (401, "authentication_required")
    assert code("user_456") == (401, "invalid_token")
    assert code(mint_token("alice", roles=["admin"])) == (401, "invalid_token")
    assert code(mint_token("alice", roles=["support"], secret=SECRET)) == (403, "permission_denied")
    admin = {"authorization": f"Bearer {mint_token('alice', roles=['admin'], secret=SECRET)}"}
    answered = server.call(route.method, route.path, {}, headers=admin)
    assert answered.status in (200, 404, 422), answered.body
    assert b"route_not_found" not in answered.body


@every_call
def test_the_guard_comes_before_the_token(route: ControlRoute) -> None:
    """A page of another site learns nothing, not even whether a token would do."""
    server = ControlServer(ControlSettings(admins_only=True))
    got = server.call(route.method, route.path, {}, headers={"origin": "https://evil.example"})
    assert got.refused == (403, "forbidden_host")


def test_an_allowed_host_is_answered() -> None:
    """--allow-host."""
    server = ControlServer(ControlSettings(allowed_hosts=frozenset({"mock.internal"})))
    assert server.call("GET", "/_mock/clock", headers={"host": "mock.internal:8200"}).status == 200


def test_another_method_is_405_and_another_path_404() -> None:
    server = ControlServer()
    got = server.call("DELETE", "/_mock/clock")
    assert got.refused == (405, "method_not_allowed")
    assert got.headers["allow"] == "GET, POST"
    assert server.call("GET", "/_mock/nothing").refused == (404, "route_not_found")


def test_every_answer_carries_a_request_id() -> None:
    got = ControlServer().call("GET", "/_mock/clock", headers={"x-request-id": "mine-1"})
    assert got.headers["x-request-id"] == "mine-1"


@pytest.mark.parametrize(
    ("body", "headers", "refused"),
    [
        (b"{", {}, (400, "malformed_json")),
        (b'{"user_id":"a","user_id":"b"}', {}, (400, "malformed_json")),
        (b"[" * 5000, {}, (400, "malformed_json")),
        (b"\xff", {}, (400, "malformed_json")),
        (b"[]", {}, (400, "malformed_json")),
        (b"", {}, (400, "body_required")),
        (b'{"user_id":"a"}', {"content-type": "text/plain"}, (415, "unsupported_media_type")),
    ],
)
def test_bodies_are_parsed_as_the_services_parse_them(
    body: bytes, headers: dict[str, str], refused: tuple[int, str]
) -> None:
    assert ControlServer().call("POST", "/_mock/users", body, headers=headers).refused == refused


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    ["advance", "to", "freeze", "unfreeze", "user_id", "sub", "roles", "ttl", "sandbox", "version", "tables"]
)


@settings(max_examples=200, deadline=None)
@given(route=st.sampled_from(ROUTES), body=st.dictionaries(fields, json_values, max_size=4))
def test_no_body_makes_the_server_fail(route: ControlRoute, body: dict[str, object]) -> None:
    """Bad input: a 4xx problem document, never a 5xx."""
    assert ControlServer().call(route.method, route.path, body).status < 500


def test_health_is_open_and_says_what_is_up() -> None:
    """AU-1: health endpoints are open, to any host too."""
    got = ControlServer().call("GET", "/health", headers={"host": "anything.example"})
    assert (got.status, got.json) == (
        200,
        {
            "status": "healthy",
            "service": "payment_service",
            "version": server_version(),
            "dependencies": {"store": "healthy"},
            "timestamp": "2024-01-31T10:00:00Z",
        },
    )
    assert ControlServer().call("POST", "/health").refused == (405, "method_not_allowed")
