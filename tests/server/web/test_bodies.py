"""A call that has nothing to say reads a body all the same, as every POST does (rules 8.2, 8.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from isa_mockserver.slices import routes_by_service
from isa_mockserver.testing import MockServer, RawAnswer
from isa_mockserver.web.fields import NoFields
from isa_mockserver.web.route import Route
from isa_user import SyncIsaUser
from tests.docs.test_endpoints import PREPARED

USER = "user_456"
ROUTES = [route for routes in routes_by_service().values() for route in routes]
SILENT = [route for route in ROUTES if route.body is NoFields]
JSON = {"content-type": "application/json"}


@pytest.fixture(params=[False, True], ids=["lenient", "strict"])
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    with MockServer(seed="demo", strict_fields=request.param, check_responses=True) as made:
        yield made


def ready(server: MockServer, route: Route) -> str:
    """The path of the call, about something that it can be made about."""
    found = PREPARED[route.operation](server.client(SyncIsaUser, user=USER))
    return re.sub(r"{\w+}", found, route.path)


def post(server: MockServer, path: str, body: bytes = b"", **headers: str) -> RawAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return server.request("POST", path, user=USER, body=body, headers=named)


def is_strict(server: MockServer) -> bool:
    return server._runtime.strict_fields


def test_every_post_reads_its_body() -> None:
    assert [route.operation for route in ROUTES if route.method == "POST" and route.body is None] == []
    assert {route.operation for route in SILENT} == {
        "cancel_crypto_payment",
        "finalize_invoice",
        "void_invoice",
        "mark_uncollectible",
        "release_reservation",
        "pause_subscription",
    }


@pytest.mark.parametrize("route", SILENT, ids=lambda route: route.operation)
def test_nothing_and_an_empty_object_say_the_same(server: MockServer, route: Route) -> None:
    path = ready(server, route)
    first = post(server, path, idempotency_key="k")
    again = post(server, path, b"{}", idempotency_key="k")
    assert (first.status, again.status) == (200, 200)
    assert again.headers["idempotent-replayed"] == "true"
    assert "isa-mock-warning" not in first.headers


@pytest.mark.parametrize("route", SILENT, ids=lambda route: route.operation)
def test_id_2_the_same_key_with_another_body_is_refused(server: MockServer, route: Route) -> None:
    path = ready(server, route)
    assert post(server, path, idempotency_key="k").status == 200
    other = post(server, path, b'{"why": "no"}', idempotency_key="k")
    expected = "unknown_field" if is_strict(server) else "idempotency_key_reused"
    assert (other.status, other.json()["code"]) == (422, expected)


@pytest.mark.parametrize("route", SILENT, ids=lambda route: route.operation)
def test_8_3_unknown_fields_are_told_of_or_refused(server: MockServer, route: Route) -> None:
    answer = post(server, ready(server, route), b'{"why": "no"}')
    if is_strict(server):
        assert (answer.status, answer.json()["code"], answer.json()["param"]) == (422, "unknown_field", "why")
    else:
        assert (answer.status, answer.headers["isa-mock-warning"]) == (200, "unknown field 'why'")


@pytest.mark.parametrize("route", SILENT, ids=lambda route: route.operation)
def test_8_3_what_is_no_json_object_is_refused_and_does_nothing(server: MockServer, route: Route) -> None:
    path = ready(server, route)
    for body, kind, status in (
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "text/plain", 415),
    ):
        assert post(server, path, body, content_type=kind).status == status
    assert post(server, path).status == 200
