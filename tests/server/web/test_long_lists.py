"""A long past costs nothing: events, postings and lists are read where they are, never copied (rules 8.5)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest

from isa_mockserver.testing import MockServer

MANY = 30


class InPlace(list[Any]):
    """A list that refuses to be copied in part."""

    def __getitem__(self, place: Any) -> Any:
        assert not isinstance(place, slice), "all of it was copied"
        return super().__getitem__(place)


@pytest.fixture
def server() -> MockServer:
    """A server with thirty payments, and with lists that are not copied."""
    server = MockServer()
    for number in range(MANY):
        body = {"amount": 100 + number, "currency": "usd", "payment_method_id": "pm_card_visa"}
        assert server.request("POST", "/api/v1/wallets/me/deposit", json_body=body).status == 201
    world = server._runtime.world
    world.events = InPlace(world.events)
    world.ledger.transactions = InPlace(world.ledger.transactions)
    for keys in world.tables["payments"].index.values():
        keys.update({key: InPlace(ids) for key, ids in keys.items()})
    return server


def _read(server: MockServer, path: str, user: str | None = "user_1") -> Any:
    answer = server.request("GET", path, user=user)
    assert answer.status == 200
    return answer.json()


def test_events_go_on_from_any_place(server: MockServer) -> None:
    """Three events a deposit: created, succeeded, deposited."""
    first = _read(server, "/_mock/events?limit=2", user=None)
    assert [event["sequence"] for event in first["data"]] == [1, 2]
    last = _read(server, f"/_mock/events?limit=5&since={3 * MANY - 2}", user=None)
    assert [event["sequence"] for event in last["data"]] == [3 * MANY - 1, 3 * MANY]
    assert _read(server, f"/_mock/events?since={3 * MANY + 7}", user=None)["data"] == []


def test_postings_go_on_from_any_place(server: MockServer) -> None:
    last = _read(server, f"/_mock/ledger?since={MANY - 1}", user=None)
    assert [transaction["sequence"] for transaction in last["transactions"]] == [MANY]


def test_pages_of_a_list_follow_each_other_from_any_place(server: MockServer) -> None:
    page = _read(server, "/api/v1/payments/history?limit=10")
    amounts = [row["amount"] for row in page["data"]]
    while page["has_more"]:
        page = _read(server, f"/api/v1/payments/history?limit=10&cursor={page['next_cursor']}")
        amounts += [row["amount"] for row in page["data"]]
    assert amounts == [*range(100 + MANY - 1, 99, -1)]


MONEY = {"amount": 100, "currency": "usd"}
CARD = {"payment_method_id": "pm_card_visa"}
INVOICE = {"customer_id": "user_1", "items": [{"description": "API Usage", "quantity": 1, "unit_price": 100}]}
LISTS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "payments": ("/payments/history", "/payments/intent", MONEY),
    "statement": (
        "/wallets/me/transactions",
        "/wallets/me/deposit",
        {"amount": 100, "currency": "usd", **CARD},
    ),
    "invoices": ("/billing/invoices", "/billing/invoices", {**INVOICE, "due_date": "2030-01-31"}),
    "credit history": ("/credits/me/transactions", "/credits/consume", {"amount": 1, "reason": "long"}),
}
"""Where it is read, and what makes an entry of it."""


def _calls_of_a_deep_page(name: str, entries: int) -> int:
    """How many functions run for ten entries in the second half of the list, those in C included."""
    listed, made, body = LISTS[name]
    server = MockServer(id_seed=1)
    grant = {"user": "user_1", "amount": entries, "expires_at": None}
    assert server.request("POST", "/_mock/grants", json_body=grant, user=None).status == 201
    for _ in range(entries):
        assert server.request("POST", f"/api/v1{made}", json_body=body).status in (200, 201)
    half = _read(server, f"/api/v1{listed}?limit={entries // 2}")
    path = f"/api/v1{listed}?limit=10&cursor={half['next_cursor']}"
    _read(server, path)
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        _read(server, path)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", LISTS)
def test_a_deep_page_takes_the_same_steps_however_long_the_list_is(name: str) -> None:
    """Its first entry is found by halves, within one call of the standard library."""
    assert _calls_of_a_deep_page(name, 40) == _calls_of_a_deep_page(name, 200)
