"""The shop's own tests: its code is unchanged, and every call that it makes is answered in process."""

from collections.abc import AsyncIterator
from pathlib import Path
from runpy import run_path

import httpx
import pytest

from isa_mockserver.testing import MockServer

SHOP = run_path(str(Path(__file__).with_name("shop.py")))
ADA = {"token": "user_ada"}
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def shop(anyio_backend: str, isa_intercept: MockServer) -> AsyncIterator[httpx.AsyncClient]:
    """The running shop, which gets each webhook twice and a forged one before."""
    app = SHOP["create_app"]()
    secret, tricks = SHOP["DEVELOPMENT_SECRET"], ["wrong_signature", "duplicate"]
    isa_intercept.webhooks.add(app, path="/webhooks/payments", secret=secret, adversary=tricks)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://shop", headers=ADA) as client,
    ):
        yield client


async def _order(shop: httpx.AsyncClient, card: str, number: str = "1") -> str:
    answer = await shop.post("/orders/lamp", params={"card": card, "number": number})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["order"])


async def _is_paid(shop: httpx.AsyncClient, order: str) -> bool:
    return bool((await shop.get(f"/orders/{order}")).json()["paid"])


async def test_an_order_is_paid_when_the_webhook_says_so(shop: httpx.AsyncClient) -> None:
    assert await _is_paid(shop, await _order(shop, "pm_card_visa"))


async def test_a_bank_debit_is_paid_three_days_later(shop: httpx.AsyncClient, isa_server: MockServer) -> None:
    order = await _order(shop, "pm_bank_success")
    assert not await _is_paid(shop, order)
    isa_server.clock.advance(days=3)
    assert await _is_paid(shop, order)


async def test_a_declined_card_is_the_customers_to_see(shop: httpx.AsyncClient) -> None:
    answer = await shop.post("/orders/lamp", params={"card": "pm_card_chargeDeclined", "number": "1"})
    assert (answer.status_code, answer.json()) == (402, {"detail": "The card was declined."})


async def test_an_order_that_is_sent_twice_is_charged_once(
    shop: httpx.AsyncClient, isa_server: MockServer
) -> None:
    assert await _order(shop, "pm_card_visa", "7") == await _order(shop, "pm_card_visa", "7")
    assert isa_server.ledger.balance("platform:revenue:payments", "usd") == 2999


@pytest.mark.isa(faults=[{"status": 429, "operation": "create_intent", "retry_after_s": 0, "times": 2}])
async def test_a_busy_platform_is_asked_again(shop: httpx.AsyncClient, isa_server: MockServer) -> None:
    await _order(shop, "pm_card_visa")
    isa_server.requests.assert_called("create_intent", times=3)


async def test_a_return_gives_all_of_it_back(shop: httpx.AsyncClient, isa_server: MockServer) -> None:
    order = await _order(shop, "pm_card_visa")
    assert (await shop.post(f"/orders/{order}/return")).json() == {"refunded": 2999}
    assert isa_server.ledger.balance("platform:revenue:payments", "usd") == 0
