"""Paying, being declined, refunding and looking back, told through the SDK only."""

from __future__ import annotations

import pytest

from isa_user import (
    CardDeclinedError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PaymentRequiredError,
)

from .colours import Cast, everything, story


@story
async def test_a_payment_is_created_confirmed_and_found_in_history(cast: Cast) -> None:
    client = cast.payments()
    intent = await client.create_intent(
        amount=2999, currency="USD", description="Pro Plan - Monthly", metadata={"product_id": "prod_123"}
    )
    assert (intent.status, intent.amount, intent.currency) == ("requires_payment_method", 2999, "usd")
    paid = await client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    assert (paid.status, paid.amount_received, paid.amount_refunded) == ("succeeded", 2999, 0)
    assert paid.client_secret == intent.client_secret
    [row] = await everything(client.get_history())
    assert (row.payment_id, row.type, row.status) == (intent.payment_intent_id, "payment", "succeeded")
    assert cast.server.events.types() == ["payment.created", "payment.succeeded"]
    assert cast.server.ledger.balance("platform:revenue:payments", "usd") == 2999
    assert cast.server.ledger.balance("external:card", "usd") == -2999


@story
async def test_pi5_a_declined_intent_survives_and_another_card_pays_it(cast: Cast) -> None:
    client = cast.payments()
    intent = await client.create_intent(amount=2999, currency="usd")
    with pytest.raises(CardDeclinedError) as caught:
        await client.confirm_intent(
            intent.payment_intent_id, payment_method_id="pm_card_visa_chargeDeclinedInsufficientFunds"
        )
    error = caught.value
    assert (error.status_code, error.code, error.decline_code) == (402, "card_declined", "insufficient_funds")
    assert error.context is not None
    assert error.context["payment_intent_id"] == intent.payment_intent_id
    [row] = (await client.get_history()).data
    assert (row.status, row.amount_received) == ("requires_payment_method", 0)
    assert row.last_payment_error is not None
    assert row.last_payment_error.decline_code == "insufficient_funds"
    paid = await client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    assert paid.status == "succeeded"
    assert cast.server.events.types() == ["payment.created", "payment.failed", "payment.succeeded"]


@story
async def test_a_succeeded_intent_is_not_charged_twice(cast: Cast) -> None:
    client = cast.payments()
    intent = await client.create_intent(amount=2999, currency="usd")
    await client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    with pytest.raises(ConflictError) as caught:
        await client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    assert (caught.value.status_code, caught.value.code) == (409, "payment_intent_unexpected_state")
    assert cast.server.ledger.balance("external:card", "usd") == -2999


@story
async def test_rf1_partial_refunds_add_up_to_what_was_received_and_no_further(cast: Cast) -> None:
    client = cast.payments()
    intent = await client.create_intent(amount=2999, currency="usd")
    await client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    first = await client.refund(intent.payment_intent_id, amount=1000, reason="customer_request")
    assert (first.amount, first.status, first.reason) == (1000, "succeeded", "customer_request")
    with pytest.raises(InvalidRequestError) as too_much:
        await client.refund(intent.payment_intent_id, amount=2000)
    assert (too_much.value.code, too_much.value.context) == ("refund_exceeds_remaining", {"remaining": 1999})
    rest = await client.refund(intent.payment_intent_id)
    assert rest.amount == 1999
    with pytest.raises(ConflictError) as caught:
        await client.refund(intent.payment_intent_id, amount=1)
    assert caught.value.code == "charge_already_refunded"
    [row] = (await client.get_history()).data
    assert (row.status, row.amount_refunded, row.refund_status) == ("succeeded", 2999, "full")
    assert cast.server.events.types()[2:] == ["refund.created", "refund.created"]
    assert cast.server.ledger.balance("external:card", "usd") == 0


@story
async def test_p4_another_users_intent_does_not_exist(cast: Cast) -> None:
    intent = await cast.payments("user_1").create_intent(amount=2999, currency="usd")
    stranger = cast.payments("user_2")
    for call in (stranger.confirm_intent, stranger.refund):
        with pytest.raises(NotFoundError) as foreign:
            await call(intent.payment_intent_id)
        with pytest.raises(NotFoundError) as unknown:
            await call("pi_unknown")
        assert foreign.value.code == unknown.value.code == "payment_intent_not_found"
        assert foreign.value.message.replace(intent.payment_intent_id, "") == unknown.value.message.replace(
            "pi_unknown", ""
        )
    assert (await stranger.get_history()).data == []


@story
async def test_history_is_walked_page_by_page_newest_first(cast: Cast) -> None:
    client = cast.payments()
    for amount in range(101, 108):
        await client.create_intent(amount=amount, currency="usd")
    assert [row.amount for row in await everything(client.get_history(limit=3))] == [
        107,
        106,
        105,
        104,
        103,
        102,
        101,
    ]
    page = await client.get_history(limit=3)
    assert ([row.amount for row in page.data], page.has_more) == ([107, 106, 105], True)
    following = await client.get_history(limit=3, cursor=page.next_cursor)
    assert [row.amount for row in following.data] == [104, 103, 102]


@story
async def test_cy_a_crypto_payment_waits_for_its_chain(cast: Cast) -> None:
    client = cast.payments()
    address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    payment = await client.create_crypto_payment(
        amount=100, currency="usdc", blockchain="ethereum", wallet_address=address.lower()
    )
    assert (payment.status, payment.amount, payment.wallet_address) == ("pending", 100, address)
    assert (payment.amount_decimal, payment.amount_atomic) == ("1.00", "1000000")
    assert payment.confirmations_required == 12
    with pytest.raises(InvalidRequestError) as caught:
        await client.create_crypto_payment(
            amount=100, currency="usdc", blockchain="ethereum", wallet_address="0x..."
        )
    assert (caught.value.code, caught.value.param) == ("invalid_wallet_address", "wallet_address")


@story
async def test_the_same_idempotency_key_gives_the_same_intent(cast: Cast) -> None:
    client = cast.payments()
    first = await client.create_intent(amount=2999, currency="usd", idempotency_key="order-42")
    again = await client.create_intent(amount=2999, currency="usd", idempotency_key="order-42")
    assert again == first
    assert first.response is not None
    assert again.response is not None
    assert (first.response.idempotent_replayed, again.response.idempotent_replayed) == (False, True)
    assert len((await client.get_history()).data) == 1
    with pytest.raises(InvalidRequestError) as caught:
        await client.create_intent(amount=3000, currency="usd", idempotency_key="order-42")
    assert caught.value.code == "idempotency_key_reused"


@story
async def test_a_decline_replays_as_a_decline_under_its_key(cast: Cast) -> None:
    client = cast.payments()
    intent = await client.create_intent(amount=2999, currency="usd")
    for _ in range(2):
        with pytest.raises(PaymentRequiredError):
            await client.confirm_intent(
                intent.payment_intent_id, payment_method_id="pm_card_chargeDeclined", idempotency_key="k"
            )
    assert cast.server.events.types() == ["payment.created", "payment.failed"]
