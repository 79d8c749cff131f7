"""Buying and spending credits, told through the SDK only."""

from __future__ import annotations

import pytest

from isa_user import CardDeclinedError, InsufficientCreditsError, NotFoundError

from .colours import Cast, story


@story
async def test_cr2_credits_are_bought_for_the_pages_price_and_spent(cast: Cast) -> None:
    client = cast.credits()
    empty = await client.get_balance()
    assert (empty.total_credits, empty.available_credits, empty.reserved_credits) == (0, 0, 0)
    assert empty.expiring_soon is None
    purchase = await client.purchase(package="credits_500", payment_method_id="pm_card_visa")
    assert (purchase.credits, purchase.amount, purchase.currency) == (500, 4500, "usd")
    used = await client.consume(
        amount=10, reason="api_premium_feature", metadata={"feature": "image_generation"}
    )
    assert used.amount == 10
    assert [(part.grant_id, part.amount) for part in used.allocations] == [(purchase.grant_id, 10)]
    balance = await client.get_balance()
    assert (balance.total_credits, balance.available_credits) == (490, 490)
    assert (await cast.wallets().get_balance()).balances["credits"] == 490
    assert cast.server.events.types() == [
        "payment.created",
        "payment.succeeded",
        "credits.granted",
        "credits.consumed",
    ]


@story
async def test_cr1_a_package_is_known_by_id_and_by_name(cast: Cast) -> None:
    client = cast.credits()
    purchase = await client.purchase(package="starter", payment_method_id="pm_card_visa")
    assert (purchase.package, purchase.credits, purchase.amount) == ("credits_100", 100, 1000)
    with pytest.raises(NotFoundError) as caught:
        await client.purchase(package="credits_1", payment_method_id="pm_card_visa")
    assert caught.value.code == "package_not_found"


@story
async def test_cr8_spending_is_all_or_nothing(cast: Cast) -> None:
    client = cast.credits()
    await client.purchase(package="credits_100", payment_method_id="pm_card_visa")
    with pytest.raises(InsufficientCreditsError) as caught:
        await client.consume(amount=101, reason="too_much")
    assert caught.value.context == {"required": 101, "available": 100, "shortfall": 1}
    assert (await client.get_balance()).available_credits == 100


@story
async def test_a_declined_purchase_grants_nothing(cast: Cast) -> None:
    client = cast.credits()
    with pytest.raises(CardDeclinedError):
        await client.purchase(package="credits_100", payment_method_id="pm_card_chargeDeclinedLostCard")
    assert (await client.get_balance()).total_credits == 0


@story
async def test_pi5_a_declined_purchase_whose_intent_is_paid_after_all_grants_its_credits(cast: Cast) -> None:
    client = cast.credits()
    with pytest.raises(CardDeclinedError) as caught:
        await client.purchase(package="credits_1000", payment_method_id="pm_card_chargeDeclined")
    assert caught.value.context is not None
    intent_id = caught.value.context["payment_intent_id"]
    await cast.payments().confirm_intent(intent_id, payment_method_id="pm_card_visa")
    assert (await client.get_balance()).total_credits == 1000
    assert cast.server.ledger.balance("platform:revenue:credits", "usd") == 8000
