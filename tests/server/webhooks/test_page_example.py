"""The page's webhook handler, with verification, gets its six events from real calls over real sockets."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from isa_mockserver.testing import MockServer
from isa_mockserver.testing.live import LiveServer
from isa_user import SyncPaymentClient, SyncSubscriptionClient
from isa_user.errors import CardDeclinedError, WebhookVerificationError
from isa_user.webhooks import Webhook
from tests.server.webhooks.sockets import listening

PATH = "/webhooks/payments"
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OF_THE_PAGE = [
    "payment.succeeded",
    "payment.failed",
    "subscription.created",
    "subscription.canceled",
    "invoice.paid",
    "refund.created",
]


class Shop:
    """What both apps do with a delivery: down for the first two of each event, then handle it once."""

    def __init__(self) -> None:
        self.arrivals: Counter[str] = Counter()
        self.refused = 0
        self.handled: list[Any] = []

    def take(self, body: bytes, request: Request) -> int:
        try:
            Webhook(SECRET).verify(body, request.headers)
        except WebhookVerificationError:
            self.refused += 1
            return 400
        event = json.loads(body)
        self.arrivals[event["id"]] += 1
        if self.arrivals[event["id"]] <= 2:
            return 503
        # The page's own branches.
        subject = event["data"]["object"]
        if event["type"] == "payment.succeeded":
            self.handled.append((event["type"], subject["amount"]))
        elif event["type"] == "payment.failed":
            self.handled.append((event["type"], subject["last_payment_error"]["code"]))
        elif event["type"] == "subscription.canceled":
            self.handled.append((event["type"], subject["cancellation_reason"]))
        else:
            self.handled.append((event["type"], None))
        return 200


def starlette_app(shop: Shop) -> Starlette:
    async def handle_payment_webhook(request: Request) -> Response:
        return JSONResponse({}, status_code=shop.take(await request.body(), request))

    return Starlette(routes=[Route(PATH, handle_payment_webhook, methods=["POST"])])


def fastapi_app(shop: Shop) -> FastAPI:
    app = FastAPI()

    @app.post(PATH)
    async def handle_payment_webhook(request: Request) -> dict[str, str]:
        status = shop.take(await request.body(), request)
        if status != 200:
            raise HTTPException(status)
        return {}

    return app


def live_a_little(live: LiveServer) -> None:
    """Real calls whose outcome is each of the six events."""
    with (
        SyncPaymentClient(live.url("payments"), token="user_1") as payments,
        SyncSubscriptionClient(live.url("subscriptions"), token="user_1") as subscriptions,
    ):
        intent = payments.create_intent(amount=2999, currency="usd")
        with pytest.raises(CardDeclinedError):
            payments.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_chargeDeclined")
        payments.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
        payments.refund(intent.payment_intent_id, amount=1000)
        subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
        subscriptions.cancel_subscription(at_period_end=False, reason="too_expensive")


def until(reached: Callable[[], bool]) -> None:
    for _ in range(500):
        if reached():
            return
        time.sleep(0.01)
    raise AssertionError("that took longer than five seconds")


@pytest.mark.parametrize("make_app", [starlette_app, fastapi_app])
def test_each_of_the_six_events_is_handled_once_by_a_receiver_that_is_down_twice(
    server: MockServer, make_app: Callable[[Shop], Any]
) -> None:
    shop = Shop()
    with listening(make_app(shop)) as base, server.serve() as live:
        server.webhooks.add(f"{base}{PATH}", events=OF_THE_PAGE, secret=SECRET)
        live_a_little(live)
        expected = [event for event in server.events.all() if event.type in OF_THE_PAGE]
        until(lambda: len(shop.arrivals) == len(expected))
        server.webhooks.wait()
        assert shop.handled == []
        server.clock.advance(seconds=5)
        server.webhooks.wait()
        until(lambda: set(shop.arrivals.values()) == {2})
        assert shop.handled == []
        server.clock.advance(minutes=5)
        server.webhooks.wait()
    assert sorted(shop.handled, key=str) == [
        ("invoice.paid", None),
        ("payment.failed", "card_declined"),
        ("payment.succeeded", 2999),
        ("payment.succeeded", 2999),  # the intent, and the subscription's first month
        ("refund.created", None),
        ("subscription.canceled", "too_expensive"),
        ("subscription.created", None),
    ]
    assert shop.refused == 0
    assert set(shop.arrivals) == {event.id for event in expected}
    assert {delivery.state for delivery in server.webhooks.deliveries()} == {"delivered"}


def test_the_same_in_process(server: MockServer) -> None:
    shop = Shop()
    server.webhooks.add(starlette_app(shop), path=PATH, events=OF_THE_PAGE, secret=SECRET)
    payments = server.client(SyncPaymentClient)
    intent = payments.create_intent(amount=2999, currency="usd")
    payments.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    assert shop.handled == []
    server.clock.advance(seconds=305)
    assert shop.handled == [("payment.succeeded", 2999)]
