"""A life with all five services, in steps that can be told with or without restarts between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from isa_mockserver.testing import MockServer
from isa_user import (
    CardDeclinedError,
    SyncBillingClient,
    SyncCreditClient,
    SyncPaymentClient,
    SyncSubscriptionClient,
    SyncWalletClient,
)

USER = "user_456"
FRIEND = "user_789"
START = "2024-01-28T10:00:00Z"
Step = Callable[[MockServer], None]


def state(server: MockServer, sandbox: str = "default") -> Any:
    """Everything that a sandbox holds, as one document."""
    answer = server.request("GET", "/_mock/state", user=None, headers={"Isa-Sandbox": sandbox})
    assert answer.status == 200
    return answer.json()


def story(server: MockServer, sandbox: str = "default") -> Any:
    """As `state`, but without what differs from run to run: the keys and request ids of stored answers."""
    document = state(server, sandbox)
    for _, answer in document["tables"]["idempotency"]["rows"]:
        del answer["id"], answer["body"]
    return document


def pays(server: MockServer) -> None:
    client = server.client(SyncPaymentClient, user=USER)
    paid = client.create_intent(amount=2999, currency="usd", idempotency_key="order-1")
    client.confirm_intent(paid.payment_intent_id, payment_method_id="pm_card_visa")
    client.refund(paid.payment_intent_id, amount=1000)
    declined = client.create_intent(amount=500, currency="eur")
    with pytest.raises(CardDeclinedError):
        client.confirm_intent(declined.payment_intent_id, payment_method_id="pm_card_chargeDeclined")
    debit = client.create_intent(amount=700, currency="usd")
    client.confirm_intent(debit.payment_intent_id, payment_method_id="pm_bank_success")
    coin = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    client.create_crypto_payment(
        amount=1_000_000, currency="USDC", blockchain="ethereum", wallet_address=coin
    )


def moves_money(server: MockServer) -> None:
    wallet = server.client(SyncWalletClient, user=USER)
    wallet.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")
    wallet.transfer(to_user_id=FRIEND, amount=1234, currency="usd", note="für dich")


def subscribes(server: MockServer) -> None:
    client = server.client(SyncSubscriptionClient, user=USER)
    client.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    billing = server.client(SyncBillingClient, user=USER)
    billing.record_usage(metric="api_calls", quantity=12_345)
    billing.create_invoice(
        customer_id=USER,
        items=[{"description": "Work", "quantity": 2, "unit_price": 4999}],
        auto_finalize=False,
    )


def spends_credits(server: MockServer) -> None:
    client = server.client(SyncCreditClient, user=USER)
    client.purchase(package="credits_100", payment_method_id="pm_card_visa")
    client.consume(amount=10, reason="api_premium_feature", metadata={"feature": "image_generation"})
    client.reserve(amount=20, reason="later", ttl_seconds=900)


def a_month_passes(server: MockServer) -> None:
    server.clock.advance(days=32)


def works_in_a_sandbox(server: MockServer) -> None:
    wallet = server.sandbox("aside", seed="demo").client(SyncWalletClient, user=USER)
    wallet.deposit(amount=100, currency="usd", payment_method_id="pm_card_visa")


LIFE: Sequence[Step] = (
    pays,
    moves_money,
    subscribes,
    spends_credits,
    works_in_a_sandbox,
    a_month_passes,
    moves_money,
    spends_credits,
)
