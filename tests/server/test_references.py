"""What the books say of where a movement came from, and what ids say of their object."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from isa_mockserver.testing import MockServer
from isa_user import PaymentIntent, SyncIsaUser


@pytest.fixture
def server() -> Any:
    with MockServer(clock="2024-01-28T00:00:00Z") as server:
        yield server


@pytest.fixture
def isa(server: MockServer) -> SyncIsaUser:
    return server.client(SyncIsaUser)


def _references(server: MockServer) -> list[tuple[str, str]]:
    """Of every transaction in the books, oldest first."""
    with server.intercept():
        books = httpx.get("http://localhost:8200/_mock/ledger?limit=1000").json()
    return [(each["reference"]["type"], each["reference"]["id"]) for each in books["transactions"]]


def test_a_payment_and_its_refund(server: MockServer, isa: SyncIsaUser) -> None:
    paid = _paid(isa)
    refund = isa.payments.refund(paid.payment_intent_id, amount=1_000)
    assert _references(server) == [("payment", paid.payment_intent_id), ("refund", refund.refund_id)]


def test_a_refund_that_ends_later(server: MockServer, isa: SyncIsaUser) -> None:
    paid = _paid(isa, "pm_card_refundFail")
    refund = isa.payments.refund(paid.payment_intent_id)
    server.clock.advance(days=1)
    assert _references(server)[1:] == [("refund", refund.refund_id), ("refund_settlement", refund.refund_id)]


@pytest.mark.parametrize(
    ("method", "end"), [("pm_bank_success", "payment"), ("pm_bank_fail", "debit_return")]
)
def test_a_deposit_by_bank_debit(server: MockServer, isa: SyncIsaUser, method: str, end: str) -> None:
    deposit = isa.wallets.deposit(amount=5_000, currency="usd", payment_method_id=method)
    server.clock.advance(days=4)
    (waits, attempt), (ended, what) = _references(server)
    assert (waits, attempt[:4], ended) == ("debit", "att_", end)
    assert what == (attempt if end == "debit_return" else deposit.payment_intent_id)


def test_credits_and_the_money_for_them(server: MockServer, isa: SyncIsaUser) -> None:
    bought = isa.credits.purchase(package="credits_100", payment_method_id="pm_card_visa")
    isa.credits.consume(amount=10, reason="x")
    spent, granted = isa.credits.get_transactions().data
    assert _references(server) == [
        ("payment", bought.payment_intent_id),
        ("credit_transaction", granted.transaction_id),
        ("credit_transaction", spent.transaction_id),
    ]


def test_ids_tell_what_they_are_of(isa: SyncIsaUser) -> None:
    payment = _paid(isa)
    invoice = isa.billing.create_invoice(
        customer_id="user_1",
        items=[{"description": "Work", "quantity": 1, "unit_price": 1_000}],
        currency="usd",
    )
    bought = isa.credits.purchase(package="credits_100", payment_method_id="pm_card_visa")
    ids = {
        "pi_": payment.payment_intent_id,
        "re_": isa.payments.refund(payment.payment_intent_id).refund_id,
        "tx_": isa.wallets.deposit(
            amount=500, currency="usd", payment_method_id="pm_card_visa"
        ).transaction_id,
        "in_": invoice.invoice_id,
        "usage_": isa.billing.record_usage(metric="api_calls", quantity=1).usage_id,
        "sub_": isa.subscriptions.create_subscription(plan_id="plan_free").subscription_id,
        "cp_": bought.purchase_id,
        "grant_": bought.grant_id,
        "con_": isa.credits.consume(amount=10, reason="x").consumption_id,
        "res_": isa.credits.reserve(amount=10, reason="x").reservation_id,
        "ctx_": isa.credits.get_transactions().data[0].transaction_id,
    }
    assert {prefix: _kind(given) for prefix, given in ids.items()} == {prefix: prefix for prefix in ids}


def test_ids_of_what_the_system_makes_tell_what_they_are_of(server: MockServer, isa: SyncIsaUser) -> None:
    paid = isa.subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    server.clock.advance(days=31)
    renewed = isa.subscriptions.get_subscription()
    assert paid.latest_invoice_id != renewed.latest_invoice_id
    assert _kind(paid.latest_invoice_id) == _kind(renewed.latest_invoice_id) == "in_"


def _kind(given: str | None) -> str:
    """The id without its random end."""
    return re.sub(r"[A-Za-z0-9]{20}$", "", str(given))


def _paid(isa: SyncIsaUser, method: str = "pm_card_visa") -> PaymentIntent:
    return isa.payments.create_intent(amount=2_999, currency="usd", payment_method_id=method, confirm=True)
