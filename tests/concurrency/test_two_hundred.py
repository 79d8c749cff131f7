"""Two hundred calls at once over real sockets: money is moved once, and the books stay in balance.

Rules PI-6 (one charge however many confirms), RF-8 (refunds never pass what was received) and W-8
(transfers never overdraw and never deadlock).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

import anyio
import pytest

from isa_mockserver.testing import MockServer
from isa_user import APIStatusError, PaymentClient, WalletClient

pytestmark = pytest.mark.anyio

CALLS = 200
Call = Callable[[], Awaitable[object]]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server() -> MockServer:
    return MockServer(check_responses=True)


@pytest.fixture
def environment(server: MockServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with server.serve() as live:
        for name, value in live.environment().items():
            monkeypatch.setenv(name, value)
        yield


async def all_at_once(calls: list[Call]) -> Counter[str]:
    """How the calls ended: `ok`, or the code of the refusal."""
    ended: Counter[str] = Counter()

    async def run(call: Call) -> None:
        try:
            await call()
            ended["ok"] += 1
        except APIStatusError as error:
            ended[str(error.code)] += 1

    async with anyio.create_task_group() as group:
        for call in calls:
            group.start_soon(run, call)
    return ended


@pytest.mark.usefixtures("environment")
async def test_pi6_two_hundred_confirms_of_one_intent_charge_it_once(server: MockServer) -> None:
    async with PaymentClient(token="user_1") as client:
        intent = await client.create_intent(amount=2999, currency="usd")
        confirm = partial(client.confirm_intent, intent.payment_intent_id, payment_method_id="pm_card_visa")
        ended = await all_at_once([confirm] * CALLS)
    assert ended == {"ok": 1, "payment_intent_unexpected_state": CALLS - 1}
    assert server.ledger.balance("external:card", "usd") == -2999
    assert Counter(server.events.types()) == {"payment.created": 1, "payment.succeeded": 1}
    assert server.ledger.check().violations == ()


@pytest.mark.usefixtures("environment")
async def test_rf8_two_hundred_refunds_of_20_give_back_no_more_than_the_2999_received(
    server: MockServer,
) -> None:
    async with PaymentClient(token="user_1") as client:
        intent = await client.create_intent(amount=2999, currency="usd")
        await client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
        refund = partial(client.refund, intent.payment_intent_id, amount=20)
        ended = await all_at_once([refund] * CALLS)
        [row] = (await client.get_history()).data
    whole = 2999 // 20
    assert ended == {"ok": whole, "refund_exceeds_remaining": CALLS - whole}
    assert row.amount_refunded == whole * 20 == 2980
    assert server.ledger.balance("external:card", "usd") == -(2999 - 2980)
    assert server.ledger.check().violations == ()


@pytest.mark.usefixtures("environment")
async def test_w8_two_hundred_transfers_both_ways_never_overdraw_and_lose_nothing(server: MockServer) -> None:
    async with WalletClient(token="user_1") as alice, WalletClient(token="user_2") as bob:
        for client in (alice, bob):
            await client.deposit(amount=1000, currency="usd", payment_method_id="pm_card_visa")
        to_bob = partial(alice.transfer, to_user_id="user_2", amount=70, currency="usd")
        to_alice = partial(bob.transfer, to_user_id="user_1", amount=10, currency="usd")
        ended = await all_at_once([to_bob, to_alice] * (CALLS // 2))
        balances = [(await client.get_balance()).balances["usd"] for client in (alice, bob)]
    assert sum(balances) == 2000
    assert min(balances) >= 0
    assert set(ended) <= {"ok", "insufficient_funds"}
    assert ended["ok"] + ended["insufficient_funds"] == CALLS
    assert server.ledger.check().violations == ()


@pytest.mark.usefixtures("environment")
async def test_confirms_transfers_and_refunds_at_once_leave_the_books_in_balance(server: MockServer) -> None:
    async with PaymentClient(token="user_1") as payments, WalletClient(token="user_1") as wallets:
        async with WalletClient(token="user_2") as other:
            await other.get_balance()
        await wallets.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")
        intents = [await payments.create_intent(amount=500, currency="usd") for _ in range(10)]
        calls: list[Call] = []
        for intent in intents:
            name = intent.payment_intent_id
            calls += [partial(payments.confirm_intent, name, payment_method_id="pm_card_visa")] * 7
            calls += [partial(payments.refund, name, amount=300)] * 6
            calls += [partial(wallets.transfer, to_user_id="user_2", amount=100, currency="usd")] * 7
        assert len(calls) == CALLS
        await all_at_once(calls)
        rows = (await payments.get_history(type="payment", limit=100)).data
        balance = (await wallets.get_balance()).balances["usd"]
    assert all(row.amount_received in (0, 500) for row in rows)
    assert all((row.amount_refunded or 0) <= (row.amount_received or 0) for row in rows)
    assert balance == 0
    charged = sum((row.amount_received or 0) - (row.amount_refunded or 0) for row in rows)
    assert server.ledger.balance("external:card", "usd") == -(charged + 5000)
    assert Counter(server.events.types())["payment.succeeded"] == 1 + sum(
        row.status == "succeeded" for row in rows
    )
    assert server.ledger.check().violations == ()


@pytest.mark.usefixtures("environment")
async def test_invariant_31_two_hundred_deposits_under_one_key_are_one_deposit(server: MockServer) -> None:
    async with WalletClient(token="user_1") as client:
        deposit = partial(
            client.deposit,
            amount=5000,
            currency="usd",
            payment_method_id="pm_card_visa",
            idempotency_key="one",
        )
        ended = await all_at_once([deposit] * CALLS)
        balance = (await client.get_balance()).balances["usd"]
    assert (ended, balance) == ({"ok": CALLS}, 5000)
    assert Counter(server.events.types())["wallet.deposited"] == 1
