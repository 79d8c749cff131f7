"""Many calls at once, with a limit and a deadline: anyio, so it runs on asyncio and on trio."""

import sys

import anyio

from isa_user import IsaUser, PaymentRequiredError

CARDS = ["pm_card_visa", "pm_card_mastercard", "pm_card_chargeDeclined", "pm_card_amex"]


async def charge(isa: IsaUser, number: int, limit: anyio.CapacityLimiter, paid: list[int]) -> None:
    """One payment of many; what is declined is no reason to stop the others."""
    async with limit:
        try:
            await isa.payments.create_intent(
                amount=1000 + number,
                currency="usd",
                payment_method_id=CARDS[number % len(CARDS)],
                confirm=True,
                idempotency_key=f"run-1-{number}",
            )
        except PaymentRequiredError:
            return
        paid.append(1000 + number)


async def main() -> None:
    """Two hundred payments, at most sixteen at a time, in at most thirty seconds together."""
    paid: list[int] = []
    limit = anyio.CapacityLimiter(16)
    async with IsaUser(token="user_many") as isa:
        with anyio.fail_after(30):
            async with anyio.create_task_group() as tasks:
                for number in range(200):
                    tasks.start_soon(charge, isa, number, limit, paid)

        # The history walks its own pages.
        booked = [
            row.amount_received async for row in isa.payments.get_history(status="succeeded", limit=100)
        ]
    print(f"paid: {len(paid)}, in the history: {len(booked)}, the same: {sorted(paid) == sorted(booked)}")


anyio.run(main, backend=sys.argv[1] if len(sys.argv) > 1 else "asyncio")
