"""The sync client in a threaded application (Flask, Django, Celery): one client for all threads.

It stands for a Flask application: handlers run in threads, the client is made once, a call brings its user.
"""

import atexit
from concurrent.futures import ThreadPoolExecutor

from isa_user import InsufficientFundsError, SyncIsaUser

isa = SyncIsaUser(timeout=10, deadline=20)  # thread-safe; no token of its own
atexit.register(isa.close)


def top_up(user: str) -> int:
    """`@app.post("/top-up")`: its own key for each user's first top-up, so that a repetition is harmless."""
    done = isa.wallets.deposit(
        amount=1000,
        currency="usd",
        payment_method_id="pm_card_visa",
        token=user,
        idempotency_key=f"first-top-up-{user}",
    )
    return done.balance


def tip(user: str, amount: int) -> str:
    """`@app.post("/tip")`: to the house."""
    try:
        return isa.wallets.transfer(to_user_id="user_house", amount=amount, currency="usd", token=user).status
    except InsufficientFundsError as error:
        return f"{error.context['shortfall']} cents short"


isa.wallets.get_balance(token="user_house")  # who has called once is known, and can receive
users = [f"user_{number}" for number in range(20)]
with ThreadPoolExecutor(8) as threads:
    balances = list(threads.map(top_up, users * 2))
    tips = list(threads.map(tip, users, [100] * 19 + [5000]))

print(f"balances: {sorted(set(balances))}")
print(f"tips: {tips.count('completed')} completed, {[each for each in tips if each != 'completed']}")
print(f"the house has {isa.wallets.get_balance(token='user_house').balances['usd']} cents")
