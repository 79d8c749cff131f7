"""Looking at refunds, and refunds that take their time (rules 2.5)."""

from __future__ import annotations

from isa_user import ConflictError, InvalidRequestError, NotFoundError, PaymentIntent

from .colours import Cast, everything, story
from .failures import fails


async def _paid(cast: Cast, method: str = "pm_card_visa") -> PaymentIntent:
    return await cast.payments().create_intent(
        amount=2999, currency="usd", payment_method_id=method, confirm=True
    )


@story
async def test_rf1_the_refunds_of_a_payment_are_listed_newest_first_and_read_one_by_one(cast: Cast) -> None:
    client = cast.payments()
    intent, other = await _paid(cast), await _paid(cast)
    await client.refund(other.payment_intent_id, amount=1)
    made = [await client.refund(intent.payment_intent_id, amount=amount) for amount in (500, 600, 700)]
    rows = await everything(client.get_refunds(intent.payment_intent_id, limit=2))
    assert [row.amount for row in rows] == [700, 600, 500]
    assert rows == made[::-1]
    assert await client.get_refund(made[0].refund_id) == made[0]
    assert (await client.get_intent(intent.payment_intent_id)).amount_refunded == 1800
    says = "Check the id, whose token is used, and that the base URL is the right service."
    with fails(NotFoundError, 404, "refund_not_found", says=says):
        await cast.payments("user_2").get_refund(made[0].refund_id)
    with fails(NotFoundError, 404, "payment_intent_not_found", says=says):
        await cast.payments("user_2").get_refunds(intent.payment_intent_id)


@story
async def test_rf1_more_than_remains_is_refused_and_says_how_much_remains(cast: Cast) -> None:
    client = cast.payments()
    intent = await _paid(cast)
    await client.refund(intent.payment_intent_id, amount=1000)
    with fails(
        InvalidRequestError,
        422,
        "refund_exceeds_remaining",
        param="amount",
        context={"remaining": 1999},
        says="Refund at most what remains (context['remaining'], minor units).",
    ):
        await client.refund(intent.payment_intent_id, amount=2000)
    await client.refund(intent.payment_intent_id)
    with fails(
        ConflictError,
        409,
        "charge_already_refunded",
        says="Nothing has to be done: all of the money went back already.",
    ):
        await client.refund(intent.payment_intent_id)


@story
async def test_rf2_a_pending_refund_succeeds_with_the_clock(cast: Cast) -> None:
    client = cast.payments()
    intent = await _paid(cast, "pm_card_pendingRefund")
    refund = await client.refund(intent.payment_intent_id, amount=1000)
    assert refund.status == "pending"
    assert (await client.get_intent(intent.payment_intent_id)).amount_refunded == 1000
    cast.server.clock.advance(seconds=1)
    assert (await client.get_refund(refund.refund_id)).status == "succeeded"
    assert cast.server.events.types()[-2:] == ["refund.created", "refund.updated"]


@story
async def test_rf2_a_failed_refund_gives_its_amount_back_to_what_remains(cast: Cast) -> None:
    client = cast.payments()
    intent = await _paid(cast, "pm_card_refundFail")
    refund = await client.refund(intent.payment_intent_id)
    cast.server.clock.advance(seconds=1)
    assert (await client.get_refund(refund.refund_id)).status == "failed"
    assert (await client.get_intent(intent.payment_intent_id)).amount_refunded == 0
    assert cast.server.events.types()[-1] == "refund.failed"
    assert cast.server.ledger.balance("external:card", "usd") == -2999


@story
async def test_rf7_after_180_days_the_window_is_closed(cast: Cast) -> None:
    intent = await _paid(cast)
    cast.server.clock.advance(days=181)
    with fails(
        ConflictError,
        409,
        "refund_window_expired",
        says="Pay the customer another way; this payment is too old to be refunded.",
    ):
        await cast.payments().refund(intent.payment_intent_id)


@story
async def test_2_5_what_was_never_paid_cannot_be_refunded(cast: Cast) -> None:
    client = cast.payments()
    intent = await client.create_intent(amount=2999, currency="usd")
    with fails(
        ConflictError,
        409,
        "payment_not_refundable",
        says="Wait until the payment has succeeded, or cancel it if it has not.",
    ):
        await client.refund(intent.payment_intent_id)
