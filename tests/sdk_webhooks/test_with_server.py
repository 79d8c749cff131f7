"""Every event that the reference server commits is verified and known by the SDK (rules WH-1 to WH-4)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import isa_user
from isa_mockserver.kernel.events import envelope
from isa_mockserver.testing import MockServer
from isa_mockserver.webhooks.signing import key_of, signed_headers
from isa_user.webhooks import Event, UnknownEvent, sign
from tests.contract.page import read_page
from tests.sdk_webhooks.deliveries import NOW, SECRET, webhook

JANUARY = "2024-01-28T00:00:00Z"
CARD = "pm_card_visa"
WALLET_ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def live_a_little(server: MockServer) -> None:
    """A user's months with as many kinds of events as the SDK's calls and time bring about."""
    payments = server.client(isa_user.SyncPaymentClient)
    wallets = server.client(isa_user.SyncWalletClient)
    credits_ = server.client(isa_user.SyncCreditClient)
    subscriptions = server.client(isa_user.SyncSubscriptionClient)
    billing = server.client(isa_user.SyncBillingClient)

    paid = payments.create_intent(amount=2999, currency="usd", payment_method_id=CARD, confirm=True)
    payments.refund(paid.payment_intent_id, amount=1000, reason="customer_request")
    declined = payments.create_intent(amount=500, currency="usd")
    with pytest.raises(isa_user.CardDeclinedError):
        payments.confirm_intent(declined.payment_intent_id, payment_method_id="pm_card_chargeDeclined")
    payments.create_crypto_payment(
        amount=100, currency="usdc", blockchain="ethereum", wallet_address=WALLET_ADDRESS
    )
    wallets.deposit(amount=5000, currency="usd", payment_method_id=CARD)
    server.client(isa_user.SyncWalletClient, user="user_789").deposit(
        amount=100, currency="usd", payment_method_id=CARD
    )
    wallets.transfer(to_user_id="user_789", amount=1000, currency="usd")
    credits_.purchase(package="credits_1000", payment_method_id=CARD)
    credits_.consume(amount=10, reason="api_premium_feature")
    billing.record_usage(metric="api_calls", quantity=1000)
    billing.create_invoice(
        customer_id="user_1",
        items=[{"description": "API Usage - January", "quantity": 10000, "unit_price": 1}],
        due_date="2024-02-15",
    )
    subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id=CARD)
    subscriptions.change_plan(new_plan_id="plan_enterprise_annual")
    server.clock.advance(days=40)
    subscriptions.cancel_subscription(at_period_end=False)
    server.clock.advance(days=400)


@pytest.fixture(scope="module")
def bodies() -> list[bytes]:
    with MockServer(clock=JANUARY) as server:
        live_a_little(server)
        return [json.dumps(envelope(event)).encode() for event in server.events.all()]


@pytest.fixture(scope="module")
def events(bodies: list[bytes]) -> list[Event]:
    def received() -> Iterator[Event]:
        for body in bodies:
            headers = signed_headers([key_of(SECRET)], json.loads(body)["id"], NOW, body)
            yield webhook().verify(body, headers)

    return list(received())


def test_every_event_of_the_server_is_typed(events: list[Event]) -> None:
    unknown = [(event.type, event.problems) for event in events if isinstance(event, UnknownEvent)]
    assert unknown == []


def test_the_story_has_every_event_type_of_the_page_and_more(events: list[Event]) -> None:
    types = {event.type for event in events}
    assert types >= set(read_page().event_types)
    assert types >= {"wallet.transferred", "credits.consumed", "usage.quota_exceeded", "invoice.overdue"}
    assert len(types) >= 20


def test_wh_8_the_sequence_numbers_only_grow(events: list[Event]) -> None:
    numbers = [event.sequence or 0 for event in events]
    assert numbers == sorted(set(numbers))


def test_nothing_that_the_server_sends_is_lost_on_the_way(bodies: list[bytes], events: list[Event]) -> None:
    for body, event in zip(bodies, events, strict=True):
        sent = json.loads(body)["data"]["object"]
        kept = event.model_dump(mode="json")["data"]["object"]
        assert {name: kept[name] for name in sent if not isinstance(sent[name], dict | list)} == {
            name: value for name, value in sent.items() if not isinstance(value, dict | list)
        }


def test_the_server_and_the_sdk_sign_alike(bodies: list[bytes]) -> None:
    for body in bodies:
        webhook_id = json.loads(body)["id"]
        by_server = signed_headers([key_of(SECRET)], webhook_id, NOW, body)
        by_sdk = sign(body, SECRET, timestamp=NOW).headers
        assert by_sdk == {**by_server, "content-type": "application/json"}
