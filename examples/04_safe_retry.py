"""The same write twice has one effect: choose the idempotency key yourself. Async."""

import asyncio

from isa_user import WalletClient


async def main() -> None:
    """Sends one deposit twice and looks at the statement."""
    async with WalletClient(token="user_456") as wallets:
        before = (await wallets.get_balance()).balances["usd"]
        for _ in range(2):
            deposit = await wallets.deposit(
                amount=5000, currency="usd", payment_method_id="pm_card_visa", idempotency_key="order-17"
            )
            print(
                f"{deposit.transaction_id}: {'replayed' if deposit.response.idempotent_replayed else 'done'}"
            )
        after = (await wallets.get_balance()).balances["usd"]
        print(f"balance: {before} -> {after} cents")


asyncio.run(main())
