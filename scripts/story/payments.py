"""A chapter, async: a payment, a decline, another card, a refund."""

from __future__ import annotations

from isa_user import CardDeclinedError, IsaUser
from isa_user.models import PaymentIntent
from scripts.story.facts import known
from scripts.story.table import Chapter, Row, dollars


async def payments_chapter(user: str) -> Chapter:
    """What one customer's cards do, told from the answers."""
    async with IsaUser(token=user) as isa:
        rows = [*await _pay(isa), *await _declined_then_paid(isa)]
    return Chapter(f"Payments (async, {user})", rows)


async def _pay(isa: IsaUser) -> list[Row]:
    intent = await isa.payments.create_intent(amount=2999, currency="usd", description="Pro Plan - Monthly")
    paid = await isa.payments.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    refund = await isa.payments.refund(paid.payment_intent_id, amount=1000, reason="customer_request")
    return [
        Row("a card pays", "confirm_intent", paid.status, _received(paid)),
        Row("part of it goes back", "refund", refund.status, dollars(-refund.amount)),
    ]


async def _declined_then_paid(isa: IsaUser) -> list[Row]:
    intent = await isa.payments.create_intent(amount=1200, currency="usd", description="Stickers")
    try:
        await isa.payments.confirm_intent(
            intent.payment_intent_id, payment_method_id="pm_card_chargeDeclined"
        )
    except CardDeclinedError as error:
        declined = Row("a card is declined", "confirm_intent", f"{error.code}: {error.decline_code}")
    else:
        raise RuntimeError("the card that always declines was charged")
    paid = await isa.payments.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_mastercard")
    return [
        declined,
        Row("another card pays it", "confirm_intent", paid.status, _received(paid)),
    ]


def _received(paid: PaymentIntent) -> str:
    return dollars(known(paid.amount_received, "amount_received"))
