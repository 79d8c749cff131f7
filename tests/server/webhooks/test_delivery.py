"""Deliveries: what counts as arrived, when it is tried again, in which order (rules WH-6 to WH-9, WH-12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import pytest

from isa_mockserver.kernel.clock import wall_now
from isa_mockserver.kernel.events import Event
from isa_mockserver.testing import MockServer
from isa_mockserver.webhooks.model import Delivery
from isa_user import SyncPaymentClient
from isa_user.webhooks import Webhook
from tests.server.webhooks.inbox import Inbox, seconds
from tests.server.webhooks.test_schedule import DELAYS_S

START = datetime(2024, 1, 28, 10, tzinfo=UTC)
OFFSETS_S = list(accumulate([0, *DELAYS_S]))


def only(server: MockServer, event: Event) -> Delivery:
    (delivery,) = server.webhooks.deliveries(event)
    return delivery


def test_wh1_wh4_a_delivery_is_the_event_signed_with_the_time_of_the_attempt(server: MockServer) -> None:
    inbox = Inbox()
    secret = server.webhooks.add(inbox, path="/webhooks/payments")
    before = wall_now()
    event = server.events.trigger("payment.succeeded")
    (got,) = inbox.got
    assert got.headers["content-type"] == "application/json"
    assert got.id == event.id
    assert "." not in got.id
    assert before.timestamp() <= got.timestamp <= wall_now().timestamp()
    assert got.event["timestamp"] == "2024-01-28T10:00:00Z"
    assert Webhook(secret).verify(got.body, got.headers).id == event.id


def test_wh6_a_2xx_ends_it(server: MockServer) -> None:
    inbox = Inbox(202)
    server.webhooks.add(inbox)
    event = server.events.trigger("invoice.paid")
    server.clock.advance(days=10)
    assert len(inbox.got) == 1
    delivery = only(server, event)
    assert (delivery.state, [attempt.status for attempt in delivery.attempts]) == ("delivered", [202])


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_wh6_everything_else_is_tried_again_five_seconds_later(server: MockServer, status: int) -> None:
    inbox = Inbox(status)
    server.webhooks.add(inbox)
    event = server.events.trigger("invoice.paid")
    assert only(server, event).state == "pending"
    server.clock.advance(seconds=4)
    assert len(inbox.got) == 1
    server.clock.advance(seconds=1)
    assert len(inbox.got) == 2
    delivery = only(server, event)
    assert (delivery.state, [attempt.status for attempt in delivery.attempts]) == ("delivered", [status, 204])


@pytest.mark.parametrize("step", [timedelta(days=4), timedelta(hours=1), timedelta(minutes=7, seconds=3)])
def test_wh7_ten_attempts_at_their_times_however_the_clock_moves(server: MockServer, step: timedelta) -> None:
    inbox = Inbox(then=500)
    server.webhooks.add(inbox)
    event = server.events.trigger("invoice.paid")
    while server.clock.now() < START + timedelta(days=4):
        server.clock.advance(seconds=int(step.total_seconds()))
    delivery = only(server, event)
    assert delivery.state == "failed"
    assert seconds((attempt.at for attempt in delivery.attempts), START) == OFFSETS_S
    assert len(inbox.got) == 10
    assert set(inbox.ids) == {event.id}


def test_wh7_a_jump_over_the_control_api_makes_up_for_the_attempts_on_the_way(server: MockServer) -> None:
    """P5: each attempt sees its own due time, not the one to which the clock jumped."""
    inbox = Inbox(500, 500, 500)
    server.webhooks.add(inbox)
    event = server.events.trigger("invoice.paid")
    server.request("POST", "/_mock/clock", json_body={"advance": "P4D"})
    delivery = only(server, event)
    assert delivery.state == "delivered"
    assert seconds((attempt.at for attempt in delivery.attempts), START) == OFFSETS_S[:4]


def test_wh7_the_signature_s_time_is_that_of_each_attempt_on_a_moved_clock_too(server: MockServer) -> None:
    """WH-4: always real time, so that a receiver's tolerance holds."""
    inbox = Inbox(500)
    secret = server.webhooks.add(inbox)
    server.events.trigger("invoice.paid")
    server.clock.advance(days=300)
    assert len(inbox.got) == 2
    for got in inbox.got:
        Webhook(secret).verify(got.body, got.headers)


def test_wh7_an_endpoint_is_disabled_by_an_event_given_up_after_five_days_without_a_success(
    server: MockServer,
) -> None:
    inbox = Inbox(then=500)
    server.webhooks.add(inbox)
    server.events.trigger("invoice.paid")
    server.clock.advance(days=4)
    last = server.events.trigger("invoice.paid")
    server.clock.advance(seconds=OFFSETS_S[-1] - 1)
    assert server.webhooks.all()[0].enabled
    server.clock.advance(seconds=1)
    (endpoint,) = server.webhooks.all()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, "no success for 5 days")
    assert only(server, last).state == "failed"
    got = len(inbox.got)
    server.events.trigger("invoice.paid")
    server.clock.advance(days=10)
    assert len(inbox.got) == got


def test_wh7_a_jump_of_the_clock_is_no_five_days_of_attempts(server: MockServer) -> None:
    """A month passes in one step; what happens after it still gets its attempts."""
    inbox = Inbox(then=307)
    server.webhooks.add(inbox)
    server.events.trigger("invoice.paid")
    server.clock.advance(days=31)
    renewal = server.events.trigger("subscription.renewed")
    assert (server.webhooks.all()[0].enabled, only(server, renewal).state) == (True, "pending")


def test_a_disabled_endpoint_is_turned_on_again(server: MockServer) -> None:
    inbox = Inbox(410)
    server.webhooks.add(inbox)
    server.events.trigger("invoice.paid")
    (endpoint,) = server.webhooks.all()
    server.webhooks.enable(endpoint.id)
    server.events.trigger("refund.created")
    assert inbox.types == ["invoice.paid", "refund.created"]


def test_wh7_one_success_begins_the_five_days_anew(server: MockServer) -> None:
    inbox = Inbox(*[500] * 10, 204, then=500)
    server.webhooks.add(inbox)
    server.events.trigger("invoice.paid")
    server.clock.advance(days=4)
    server.events.trigger("invoice.paid")
    server.clock.advance(days=4)
    server.events.trigger("invoice.paid")
    server.clock.advance(days=4)
    assert server.webhooks.all()[0].enabled


def test_wh6_gone_disables_the_endpoint_at_once(server: MockServer) -> None:
    inbox = Inbox(500, 410)
    server.webhooks.add(inbox)
    first = server.events.trigger("invoice.paid")
    second = server.events.trigger("invoice.paid")
    (endpoint,) = server.webhooks.all()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, "410 Gone")
    assert [only(server, event).state for event in (first, second)] == ["failed", "failed"]
    server.clock.advance(days=10)
    server.events.trigger("invoice.paid")
    assert len(inbox.got) == 2


@pytest.mark.parametrize(("header", "due_s"), [("120", 120), ("3", 5), ("172800", 86_400), ("x", 5)])
def test_wh6_retry_after_is_respected_up_to_a_day(server: MockServer, header: str, due_s: int) -> None:
    inbox = Inbox(503, headers={"retry-after": header})
    server.webhooks.add(inbox)
    event = server.events.trigger("invoice.paid")
    assert only(server, event).due == START + timedelta(seconds=due_s)
    server.clock.advance(seconds=due_s - 1)
    assert len(inbox.got) == 1
    server.clock.advance(seconds=1)
    assert len(inbox.got) == 2


def test_wh8_first_attempts_are_in_order_and_a_failed_one_holds_up_nothing(server: MockServer) -> None:
    inbox = Inbox(204, 500)
    server.webhooks.add(inbox)
    events = [server.events.trigger("invoice.paid") for _ in range(4)]
    assert inbox.sequences == [1, 2, 3, 4]
    server.clock.advance(seconds=5)
    assert inbox.ids == [*(event.id for event in events), events[1].id]


def test_wh8_one_operation_s_events_come_in_the_order_of_wh3b(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox)
    body = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_visa"}
    assert server.request("POST", "/api/v1/wallets/me/deposit", json_body=body).status == 201
    assert inbox.types == ["payment.created", "payment.succeeded", "wallet.deposited"]
    assert inbox.sequences == [1, 2, 3]


def test_wh8_two_endpoints_get_the_same_events_and_fail_alone(server: MockServer) -> None:
    good, bad = Inbox(), Inbox(then=500)
    server.webhooks.add(bad)
    server.webhooks.add(good)
    events = [server.events.trigger("invoice.paid") for _ in range(3)]
    assert good.ids == bad.ids == [event.id for event in events]
    states = {delivery.webhook_id: delivery.state for delivery in server.webhooks.deliveries()}
    assert list(states.values()) == ["pending", "delivered"]


def test_wh9_what_is_rolled_back_sends_nothing_and_a_decline_sends_what_it_leaves(
    server: MockServer,
) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox)
    payments = "/api/v1/payments"
    assert (
        server.request("POST", f"{payments}/intent", json_body={"amount": 1, "currency": "usd"}).status == 422
    )
    assert server.request("POST", f"{payments}/pi_none/refund").status == 404
    assert inbox.got == []
    body = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_chargeDeclined"}
    assert server.request("POST", "/api/v1/wallets/me/deposit", json_body=body).status == 402
    assert inbox.types == ["payment.created", "payment.failed"]


def test_id2_a_replayed_request_sends_nothing_again(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox)
    client = server.client(SyncPaymentClient)
    for _ in range(2):
        client.create_intent(amount=2999, currency="usd", idempotency_key="once")
    assert inbox.types == ["payment.created"]


def test_wh1_an_event_of_more_than_256_kib_is_not_sent_and_says_why(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox)
    huge = server.events.trigger("invoice.paid", note="x" * 262_144)
    after = server.events.trigger("invoice.paid")
    assert inbox.ids == [after.id]
    delivery = only(server, huge)
    assert (delivery.state, delivery.attempts[0].error) == ("failed", "the event has more than 262144 bytes")


def test_wh1_an_event_of_just_256_kib_is_sent(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox)
    server.events.trigger("invoice.paid", note="")
    room = 262_144 - len(inbox.got[0].body)
    server.events.trigger("invoice.paid", note="x" * room)
    assert len(inbox.got[1].body) == 262_144


def test_events_that_nobody_wants_are_passed_over(server: MockServer) -> None:
    """Many of them, so that the endpoint's place in the outbox is moved on between two it wants."""
    inbox = Inbox()
    server.webhooks.add(inbox, events=["invoice.paid"])
    for _ in range(600):
        server.events.trigger("webhook.ping")
    server.events.trigger("invoice.paid")
    assert inbox.sequences == [601]
    (endpoint,) = server.webhooks.all()
    assert endpoint.position == 601


class TestOverTheControlApi:
    """WH-12."""

    def deliveries(self, server: MockServer, event: Event) -> Any:
        answer = server.request("GET", f"/_mock/events/{event.id}/deliveries")
        assert answer.status == 200
        return answer.json()["data"]

    def test_every_attempt_is_shown(self, server: MockServer) -> None:
        server.webhooks.add(Inbox(500, 503))
        event = server.events.trigger("invoice.paid")
        webhook_id = server.webhooks.all()[0].id
        pending = self.deliveries(server, event)
        assert pending == [
            {
                "event_id": event.id,
                "webhook_id": webhook_id,
                "state": "pending",
                "attempts": [
                    {
                        "at": "2024-01-28T10:00:00Z",
                        "status": 500,
                        "latency_ms": None,
                        "error": None,
                        "trick": None,
                    }
                ],
                "next_attempt": "2024-01-28T10:00:05Z",
                "created_at": "2024-01-28T10:00:00Z",
            }
        ]
        server.clock.advance(days=1)
        (done,) = self.deliveries(server, event)
        assert (done["state"], done["next_attempt"]) == ("delivered", None)
        assert [attempt["at"][11:19] for attempt in done["attempts"]] == ["10:00:00", "10:00:05", "10:05:05"]

    def test_one_event_can_be_looked_at(self, server: MockServer) -> None:
        event = server.events.trigger("invoice.paid")
        shown = server.request("GET", f"/_mock/events/{event.id}").json()
        assert (shown["id"], shown["data"]["object"]) == (event.id, event.object)

    def test_a_redelivery_has_the_same_id_and_a_new_signature(self, server: MockServer) -> None:
        inbox = Inbox()
        secret = server.webhooks.add(inbox)
        event = server.events.trigger("invoice.paid")
        server.clock.advance(days=200)
        answer = server.request("POST", f"/_mock/events/{event.id}/redeliver")
        assert (answer.status, len(answer.json()["data"])) == (202, 1)
        assert inbox.ids == [event.id, event.id]
        assert inbox.got[0].body == inbox.got[1].body
        Webhook(secret).verify(inbox.got[1].body, inbox.got[1].headers)
        (delivery,) = self.deliveries(server, event)
        assert [attempt["at"] for attempt in delivery["attempts"]] == [
            "2024-01-28T10:00:00Z",
            "2024-08-15T10:00:00Z",
        ]

    def test_a_redelivery_that_fails_begins_a_new_series(self, server: MockServer) -> None:
        inbox = Inbox(then=500)
        server.webhooks.add(inbox)
        event = server.events.trigger("invoice.paid")
        server.clock.advance(days=4)
        inbox.script, inbox.then = [500, 500], 204
        server.request("POST", f"/_mock/events/{event.id}/redeliver")
        server.clock.advance(days=1)
        (delivery,) = self.deliveries(server, event)
        assert (delivery["state"], len(delivery["attempts"])) == ("delivered", 13)

    def test_what_waits_for_its_retry_is_sent_at_once_and_goes_on_from_there(
        self, server: MockServer
    ) -> None:
        inbox = Inbox(500, 500, 500, 500)
        server.webhooks.add(inbox)
        event = server.events.trigger("invoice.paid")
        server.clock.advance(minutes=6)
        assert len(inbox.got) == 3
        server.request("POST", f"/_mock/events/{event.id}/redeliver")
        assert len(inbox.got) == 4
        (delivery,) = self.deliveries(server, event)
        assert delivery["next_attempt"] == "2024-01-28T12:06:00Z"

    def test_it_can_name_the_endpoint(self, server: MockServer) -> None:
        first, second = Inbox(), Inbox()
        server.webhooks.add(first)
        server.webhooks.add(second, events=["refund.created"])
        event = server.events.trigger("invoice.paid")
        webhook_id = server.webhooks.all()[1].id
        body = {"webhook_id": webhook_id}
        again = server.request("POST", f"/_mock/events/{event.id}/redeliver", json_body=body).json()
        assert [each["webhook_id"] for each in again["data"]] == [webhook_id]
        assert (len(first.got), len(second.got)) == (1, 1)

    def test_unknown_events_and_endpoints_are_404_and_disabled_ones_are_not_sent_to(
        self, server: MockServer
    ) -> None:
        server.webhooks.add(Inbox(410))
        event = server.events.trigger("invoice.paid")

        def code(method: str, path: str, body: Any = None) -> tuple[int, str]:
            answer = server.request(method, f"/_mock/events/{path}", json_body=body)
            return answer.status, answer.json()["code"]

        assert code("GET", "evt_none") == (404, "event_not_found")
        assert code("GET", "evt_none/deliveries") == (404, "event_not_found")
        assert code("POST", "evt_none/redeliver") == (404, "event_not_found")
        named = {"webhook_id": "wh_none"}
        assert code("POST", f"{event.id}/redeliver", named) == (404, "webhook_endpoint_not_found")
        disabled = {"webhook_id": server.webhooks.all()[0].id}
        assert code("POST", f"{event.id}/redeliver", disabled) == (422, "invalid_value")
        answer = server.request("POST", f"/_mock/events/{event.id}/redeliver")
        assert (answer.status, answer.json()["data"]) == (202, [])
