"""A wallet: money in, money to a friend, the statement. Sync."""

from isa_user import SyncWalletClient

with SyncWalletClient(token="user_456") as wallets:
    deposit = wallets.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")
    print(f"deposit: {deposit.status}, balance {deposit.balance} cents")

    transfer = wallets.transfer(to_user_id="user_789", amount=1000, currency="usd", note="Lunch")
    print(f"transfer: {transfer.status}, balance {transfer.balance} cents")

    for entry in wallets.get_transactions():
        print(f"statement: {entry.type} {entry.amount:+d} {entry.currency} -> {entry.balance_after}")
