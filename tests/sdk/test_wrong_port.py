"""A client on another service's port is told which port is its own (rules 8.3, `route_not_found`)."""

from __future__ import annotations

import pytest

from isa_mockserver.testing import MockServer
from isa_user import CreditClient, NotFoundError, SyncPaymentClient, SyncWalletClient


def test_a_call_to_the_wrong_port_names_the_url_that_was_called_and_the_right_port() -> None:
    wallets = MockServer().client(SyncWalletClient, base_url="http://localhost:8207")
    with pytest.raises(NotFoundError) as caught:
        wallets.get_balance()
    assert caught.value.code == "route_not_found"
    assert "/api/v1/wallets is on port 8208" in str(caught.value)
    assert "(GET http://localhost:8207/api/v1/wallets/me, HTTP 404" in str(caught.value)


@pytest.mark.anyio
async def test_so_does_an_async_client() -> None:
    credit = MockServer().client(CreditClient, base_url="http://localhost:8216")
    with pytest.raises(NotFoundError, match=r"/api/v1/credits is on port 8229"):
        await credit.get_balance()


def test_the_gateway_serves_all_and_names_no_other_port() -> None:
    payments = MockServer().client(SyncPaymentClient, base_url="http://localhost:8200")
    assert payments.get_history().data == []
    answer = MockServer().request("GET", "/api/v1/wallets/nothing")
    assert answer.json()["code"] == "route_not_found"
    assert "is on port" not in answer.json()["detail"]
