"""Real ports over a MockServer's World."""

from __future__ import annotations

import httpx
import pytest

from isa_mockserver.serve.sockets import CannotListenError
from isa_mockserver.testing import MockServer
from isa_user import PaymentClient, SyncPaymentClient


def test_sockets_and_in_process_clients_share_one_world() -> None:
    with MockServer() as server, server.serve() as live:
        with SyncPaymentClient(live.url("payments"), token="user_1") as client:
            made = client.create_intent(amount=2999, currency="usd")
        inside = server.client(SyncPaymentClient, user="user_1")
        assert [row.payment_id for row in inside.get_history()] == [made.payment_intent_id]


@pytest.mark.asyncio
async def test_it_serves_inside_a_running_loop_too() -> None:
    with MockServer() as server, server.serve() as live:
        async with PaymentClient(live.url("payments"), token="user_1") as client:
            assert (await client.create_intent(amount=2999, currency="usd")).amount == 2999


def test_each_port_serves_its_own_service_and_the_gateway_all_of_them() -> None:
    paths = {
        "payments": "/api/v1/payments/history",
        "wallets": "/api/v1/wallets/me",
        "billing": "/api/v1/billing/invoices",
        "subscriptions": "/api/v1/subscriptions/plans",
        "credits": "/api/v1/credits/me",
    }
    auth = {"Authorization": "Bearer user_1"}
    with MockServer() as server, server.serve() as live, httpx.Client(headers=auth) as http:
        for service, path in paths.items():
            assert http.get(live.url() + path).status_code == 200
            for other in paths:
                expected = 200 if other == service else 404
                assert http.get(live.url(other) + path).status_code == expected


def test_the_environment_leads_the_sdk_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with MockServer() as server, server.serve() as live:
        for name, value in live.environment().items():
            monkeypatch.setenv(name, value)
        with SyncPaymentClient(token="user_1") as client:
            client.create_intent(amount=2999, currency="usd")
        assert server.events.types() == ["payment.created"]


def test_a_port_in_use_is_told_in_one_sentence_and_ports_are_given_back() -> None:
    with MockServer() as server:
        with server.serve() as live:
            taken = live.ports["payments"]
            with pytest.raises(CannotListenError, match=f"Port {taken} .payments. is already in use"):
                server.serve({"payments": taken}).__enter__()
        with server.serve({"payments": taken}) as live:
            assert live.ports["payments"] == taken
