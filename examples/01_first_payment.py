"""A payment from intent to refund, async."""

import asyncio

from isa_user import PaymentClient


async def main() -> None:
    """Takes $29.99 by card and gives $10.00 of it back."""
    async with PaymentClient(token="user_456") as payments:
        intent = await payments.create_intent(amount=2999, currency="usd", description="Pro Plan - Monthly")
        paid = await payments.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
        print(f"paid: {paid.status}, {paid.amount_received} cents")

        refund = await payments.refund(paid.payment_intent_id, amount=1000, reason="customer_request")
        print(f"refund: {refund.status}, {refund.amount} cents")

        newest = (await payments.get_history(limit=1)).data[0]
        print(f"history: {newest.amount} {newest.currency}, refunded: {newest.refund_status}")


asyncio.run(main())
