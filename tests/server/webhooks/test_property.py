"""Random walks: every event reaches every endpoint exactly as often as it must (rules 8.8, 33 and 34)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from isa_mockserver.testing import MockServer
from isa_user.errors import WebhookVerificationError
from isa_user.webhooks import Webhook
from tests.server.webhooks.inbox import Inbox

STEPS = {
    "intent": ("/api/v1/payments/intent", {"amount": 2999, "currency": "usd"}),
    "bad intent": ("/api/v1/payments/intent", {"amount": 0, "currency": "usd"}),
    "deposit": (
        "/api/v1/wallets/me/deposit",
        {"amount": 900, "currency": "usd", "payment_method_id": "pm_card_visa"},
    ),
    "declined": (
        "/api/v1/wallets/me/deposit",
        {"amount": 900, "currency": "usd", "payment_method_id": "pm_card_chargeDeclined"},
    ),
    "credits": (
        "/api/v1/credits/purchase",
        {"package": "credits_100", "payment_method_id": "pm_card_visa"},
    ),
    "too many credits": ("/api/v1/credits/consume", {"amount": 10_000, "reason": "much"}),
    "few credits": ("/api/v1/credits/consume", {"amount": 1, "reason": "little"}),
    "subscription": (
        "/api/v1/subscriptions",
        {"plan_id": "plan_pro_monthly", "payment_method_id": "pm_card_chargeCustomerFail"},
    ),
}

walks = st.lists(st.one_of(st.sampled_from(sorted(STEPS)), st.integers(0, 40)), max_size=12)
answers = st.lists(st.sampled_from([204, 204, 500, 503]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(walk=walks, script=answers)
def test_33_34_every_event_arrives_verified_and_in_order_whatever_the_receiver_does(
    walk: list[Any], script: list[int]
) -> None:
    with MockServer(clock="2024-01-28T10:00:00Z") as server:
        inbox = Inbox(*script)
        secret = server.webhooks.add(inbox)
        for step in walk:
            if isinstance(step, int):
                server.clock.advance(days=step)
            else:
                path, body = STEPS[step]
                server.request("POST", path, json_body=body)
        assume(server.webhooks.all()[0].enabled)  # it is not after five days of failures
        first_attempts = list(dict.fromkeys(inbox.sequences))
        assert first_attempts == list(range(1, len(server.events.all()) + 1))
        for got in inbox.got:
            assert Webhook(secret).verify(got.body, got.headers).id == got.id
        server.clock.advance(days=4)
        by_event = {delivery.event_id: delivery for delivery in server.webhooks.deliveries()}
        assert set(by_event) == {event.id for event in server.events.all()}
        for event_id, delivery in by_event.items():
            statuses = [attempt.status for attempt in delivery.attempts]
            assert inbox.ids.count(event_id) == len(statuses)
            assert (statuses[-1] == 204) == (delivery.state == "delivered")
            assert 204 not in statuses[:-1]


@settings(max_examples=100, deadline=None)
@given(
    place=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 7),
    part=st.sampled_from(["id", "time", "body"]),
)
def test_34_a_change_of_any_byte_is_noticed(place: float, bit: int, part: str) -> None:
    with MockServer(clock="2024-01-28T10:00:00Z") as server:
        inbox = Inbox()
        secret = server.webhooks.add(inbox)
        server.events.trigger("payment.succeeded")
    (got,) = inbox.got
    body, headers = bytearray(got.body), dict(got.headers)
    if part == "body":
        body[int(place * len(body))] ^= 1 << bit
    else:
        name = "webhook-id" if part == "id" else "webhook-timestamp"
        text = headers[name]
        at = int(place * len(text))
        other = "1" if text[at] != "1" else "2"
        headers[name] = text[:at] + other + text[at + 1 :]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(bytes(body), headers)
