"""`MockServer.webhooks`: functions and apps as receivers, in both colours, without sockets."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import Mock

import anyio
import anyio.lowlevel
import pytest
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.testing import MockServer
from isa_user import PaymentClient, SyncPaymentClient, SyncSubscriptionClient, SyncWalletClient
from isa_user.webhooks import Event, PaymentCreated, PaymentSucceeded, SubscriptionPastDue, WebhookReceiver
from tests.server.webhooks.inbox import Inbox


def pay(server: MockServer) -> str:
    client = server.client(SyncPaymentClient)
    intent = client.create_intent(amount=2999, currency="usd")
    client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
    return intent.payment_intent_id


def test_a_function_gets_the_typed_event_when_the_call_returns(server: MockServer) -> None:
    seen: list[Event] = []
    server.webhooks.add(seen.append, events=["payment.succeeded"])
    intent_id = pay(server)
    (event,) = seen
    assert isinstance(event, PaymentSucceeded)
    assert event.data.object.payment_intent_id == intent_id


def test_a_mock_serves_as_a_function(server: MockServer) -> None:
    handler = Mock()
    server.webhooks.add(handler)
    pay(server)
    assert [type(call.args[0]) for call in handler.call_args_list] == [PaymentCreated, PaymentSucceeded]


def test_a_function_runs_in_the_caller_s_own_thread(server: MockServer) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("create table seen (id text)")
    server.webhooks.add(lambda event: database.execute("insert into seen values (?)", [event.id]))
    pay(server)
    assert database.execute("select count(*) from seen").fetchone() == (2,)
    database.close()


def test_a_function_may_use_the_sdk_and_what_it_causes_comes_after_what_was_there(
    server: MockServer,
) -> None:
    """No nesting: first in, first out."""
    order: list[str] = []
    wallet = server.client(SyncWalletClient)

    def handle(event: Any) -> None:
        order.append(f"begin {event.type}")
        if event.type == "payment.succeeded" and event.data.object.type == "payment":
            wallet.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")
        order.append(f"end {event.type}")

    server.webhooks.add(handle, events=["payment.succeeded", "wallet.deposited"])
    pay(server)
    types = ["payment.succeeded", "payment.succeeded", "wallet.deposited"]
    assert order == [line for each in types for line in (f"begin {each}", f"end {each}")]


def test_every_receiver_gets_an_event_before_the_next_event_s_turn(server: MockServer) -> None:
    order: list[tuple[str, int]] = []
    server.webhooks.add(lambda event: order.append(("first", event.sequence)))
    server.webhooks.add(lambda event: order.append(("second", event.sequence)))
    pay(server)
    assert order == [("first", 1), ("second", 1), ("first", 2), ("second", 2)]


def test_a_function_that_raises_has_its_event_again_later_and_the_caller_is_not_disturbed(
    server: MockServer, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [ValueError("out of stock"), None]

    def handle(event: Event) -> None:
        if error := answers.pop(0):
            raise error

    server.webhooks.add(handle)
    with caplog.at_level(logging.ERROR, "isa_mockserver"):
        event = server.events.trigger("payment.succeeded")
    assert "out of stock" in caplog.text
    (delivery,) = server.webhooks.deliveries(event)
    assert delivery.attempts[0].error == "ValueError: out of stock"
    server.clock.advance(seconds=5)
    assert server.webhooks.deliveries(event)[0].state == "delivered"


def test_an_async_function_runs_for_sync_callers_too_also_where_it_waits(server: MockServer) -> None:
    seen: list[str] = []

    async def handle(event: Any) -> None:
        await anyio.sleep(0.001)
        seen.append(event.type)

    server.webhooks.add(handle)
    pay(server)
    assert seen == ["payment.created", "payment.succeeded"]


@pytest.mark.parametrize("make", [Starlette, FastAPI])
def test_an_app_is_called_at_its_path(server: MockServer, make: Callable[[], Any]) -> None:
    inbox, app = Inbox(), make()
    app.router.routes.append(Route("/webhooks/payments", inbox))
    server.webhooks.add(app, path="/webhooks/payments")
    server.webhooks.add(app, path="/elsewhere")
    event = server.events.trigger("payment.succeeded")
    assert inbox.ids == [event.id]
    right, wrong = server.webhooks.deliveries(event)
    assert (right.state, wrong.attempts[0].status) == ("delivered", 404)


def test_the_sdk_s_receiver_is_an_app(server: MockServer) -> None:
    """The secret is the receiver's own, as in an application's settings."""
    secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    receiver, seen = WebhookReceiver(secret), list[PaymentSucceeded]()
    receiver.on("payment.succeeded")(seen.append)
    assert server.webhooks.add(receiver, secret=secret) == secret
    pay(server)
    assert len(seen) == 1


def test_an_endpoint_of_an_app_may_run_in_a_thread(server: MockServer) -> None:
    app, threads = FastAPI(), list[str]()

    @app.post("/hook")
    def hook() -> None:
        threads.append(threading.current_thread().name)

    server.webhooks.add(app, path="/hook")
    event = server.events.trigger("payment.succeeded")
    assert server.webhooks.deliveries(event)[0].state == "delivered"
    assert threads != [threading.current_thread().name]


def test_an_app_that_raises_failed_and_one_that_answered_first_has_answered(
    server: MockServer, caplog: pytest.LogCaptureFixture
) -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("no such table")

    async def mute(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    async def late(scope: Any, receive: Any, send: Any) -> None:
        await Response(status_code=204)(scope, receive, send)
        raise LookupError("after the answer")

    for app in (silent, mute, late):
        server.webhooks.add(app)
    event = server.events.trigger("payment.succeeded")
    attempts = [delivery.attempts[0] for delivery in server.webhooks.deliveries(event)]
    assert [(attempt.status, attempt.error) for attempt in attempts] == [
        (500, "LookupError: no such table"),
        (None, "the app did not answer"),
        (204, None),
    ]
    assert "after the answer" in caplog.text


@pytest.mark.parametrize("backend", ["sync", "asyncio", "trio"])
def test_wh6_who_does_not_finish_in_time_has_not_answered(
    server: MockServer, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setattr("isa_mockserver.testing.receivers.TIMEOUT_S", 0.02)

    async def slow_app(scope: Any, receive: Any, send: Any) -> None:
        await anyio.sleep_forever()

    async def slow_function(event: Event) -> None:
        await anyio.sleep_forever()

    async def story() -> None:
        async with server.client(PaymentClient) as client:
            await client.create_intent(amount=2999, currency="usd")

    for target in (slow_app, slow_function):
        server.webhooks.add(target)
    if backend == "sync":
        server.client(SyncPaymentClient).create_intent(amount=2999, currency="usd")
    else:
        anyio.run(story, backend=backend)
    errors = [delivery.attempts[0].error for delivery in server.webhooks.deliveries()]
    assert errors == ["no answer within 15 seconds"] * 2


def test_a_function_sees_only_what_verifies(server: MockServer) -> None:
    seen: list[str] = []
    server.webhooks.add(lambda event: seen.append(event.id), adversary=["wrong_signature", "stale_timestamp"])
    event = server.events.trigger("payment.succeeded")
    assert seen == [event.id]
    errors = [attempt.error for attempt in server.webhooks.deliveries(event)[0].attempts]
    assert errors == ["refused: timestamp_too_old", "refused: no_matching_signature", None]


def test_an_async_function_that_raises_has_failed(server: MockServer) -> None:
    async def handle(event: Event) -> None:
        await anyio.sleep(0.001)
        raise ValueError("out of stock")

    server.webhooks.add(handle)
    event = server.events.trigger("payment.succeeded")
    assert server.webhooks.deliveries(event)[0].attempts[0].error == "ValueError: out of stock"


def test_an_app_that_waits_for_the_end_of_the_connection_is_not_told_of_one(server: MockServer) -> None:
    """Frameworks listen for it beside the endpoint; there is none before the answer."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        with anyio.move_on_after(0.01):
            await receive()
            raise AssertionError("told of an end")
        await Response(status_code=202)(scope, receive, send)

    server.webhooks.add(app)
    event = server.events.trigger("payment.succeeded")
    assert server.webhooks.deliveries(event)[0].attempts[0].status == 202


@pytest.mark.parametrize("target", [lambda: None, lambda one, two: None, lambda a, b, c, d: None, 5])
def test_what_can_take_neither_an_event_nor_a_request_is_refused(server: MockServer, target: Any) -> None:
    with pytest.raises(TypeError, match="neither a function of one event nor an ASGI app"):
        server.webhooks.add(target)
    assert server.webhooks.all() == []


def test_unknown_names_and_bad_addresses_are_refused(server: MockServer) -> None:
    with pytest.raises(ValueError, match=r"no event type 'payment\.exploded'"):
        server.webhooks.add(Mock(), events=["payment.exploded"])
    with pytest.raises(ValueError, match="no trick 'lazy'"):
        server.webhooks.add(Mock(), adversary=["lazy"])
    with pytest.raises(ValueError, match="must be an http or https address"):
        server.webhooks.add("ftp://localhost/x")
    with pytest.raises(ValueError, match="must be whsec_"):
        server.webhooks.add(Mock(), secret="hunter2")
    with pytest.raises(DomainError):
        server.webhooks.remove("wh_none")
    with pytest.raises(DomainError):
        server.webhooks.rotate("wh_none")
    with pytest.raises(LookupError, match="no event 'evt_none'"):
        server.webhooks.redeliver("evt_none")
    assert server.webhooks.all() == []


def test_after_a_reset_a_receiver_gets_nothing_more(server: MockServer) -> None:
    old, new = Inbox(), Inbox()
    server.webhooks.add(old)
    server.reset()
    assert server.webhooks.all() == []
    server.webhooks.add(new)
    server.events.trigger("invoice.paid")
    assert (old.types, new.types) == ([], ["invoice.paid"])


def test_what_happens_while_time_moves_is_told_at_its_time(server: MockServer) -> None:
    """A receiver that reacts to a failed renewal does so before the next retry, within one long move."""
    subscriptions = server.client(SyncSubscriptionClient)
    subscriptions.create_subscription(
        plan_id="plan_pro_monthly", payment_method_id="pm_card_chargeCustomerFail"
    )
    seen: list[tuple[str, str]] = []

    def handle(event: Any) -> None:
        seen.append((event.type, server.clock.now().isoformat()))
        if isinstance(event, SubscriptionPastDue):
            subscriptions.cancel_subscription(at_period_end=False)

    server.webhooks.add(handle, events=["subscription.past_due", "subscription.canceled"])
    server.clock.advance(days=120)
    (past_due, when), (canceled, then) = seen
    assert (past_due, canceled) == ("subscription.past_due", "subscription.canceled")
    assert when == then < "2024-03-01"


def test_one_long_move_and_many_short_ones_deliver_the_same() -> None:
    """CK-1, here the attempts too."""
    histories = []
    for steps in (1, 60):
        with MockServer(clock="2024-01-28T10:00:00Z") as server:
            server.webhooks.add(Inbox(*[500, 204, 500, 500] * 5))
            subscriptions = server.client(SyncSubscriptionClient)
            subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
            for _ in range(steps):
                server.clock.advance(days=60 // steps)
            histories.append((server.events.all(), server.webhooks.deliveries()))
    assert histories[0] == histories[1]


def test_receivers_that_cause_ever_new_events_are_stopped(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isa_mockserver.testing.post.MOST_AT_ONCE", 50)
    client = server.client(SyncPaymentClient)
    server.webhooks.add(lambda _: client.create_intent(amount=2999, currency="usd"))
    with pytest.raises(RuntimeError, match="ever new events: 50 deliveries in one call"):
        client.create_intent(amount=2999, currency="usd")


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
class TestAsyncCallers:
    """Receivers are awaited on the caller's own loop."""

    def live(self, backend: str, story: Callable[[], Awaitable[None]]) -> None:
        anyio.run(story, backend=backend)

    def test_apps_and_functions_of_both_colours(self, server: MockServer, backend: str) -> None:
        seen: list[tuple[str, int]] = []

        async def story() -> None:
            here = threading.get_ident()
            app = FastAPI()

            @app.post("/hook")
            async def hook(request: Request) -> None:
                await anyio.sleep(0.001)
                assert threading.get_ident() == here
                seen.append(("app", (await request.json())["sequence"]))

            async def handle(event: Any) -> None:
                await anyio.sleep(0.001)
                assert threading.get_ident() == here
                seen.append(("async", event.sequence))

            server.webhooks.add(app, path="/hook")
            server.webhooks.add(handle)
            server.webhooks.add(lambda event: seen.append(("sync", event.sequence)))
            async with server.client(PaymentClient) as client:
                intent = await client.create_intent(amount=2999, currency="usd")
                await client.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")

        self.live(backend, story)
        assert seen == [(kind, number) for number in (1, 2) for kind in ("app", "async", "sync")]

    def test_a_handler_may_use_the_async_sdk(self, server: MockServer, backend: str) -> None:
        seen: list[str] = []

        async def story() -> None:
            async with server.client(PaymentClient) as client:

                async def handle(event: Any) -> None:
                    found = await client.get_intent(event.data.object.payment_intent_id)
                    seen.append(f"{event.type}: {found.status}")
                    if event.type == "payment.created":
                        await client.confirm_intent(found.payment_intent_id, payment_method_id="pm_card_visa")

                server.webhooks.add(handle)
                await client.create_intent(amount=2999, currency="usd")

        self.live(backend, story)
        assert seen == ["payment.created: requires_payment_method", "payment.succeeded: succeeded"]

    def test_callers_side_by_side_have_each_event_delivered_once(
        self, server: MockServer, backend: str
    ) -> None:
        seen: list[int] = []

        async def story() -> None:
            async def handle(event: Any) -> None:
                await anyio.sleep(0.001)
                seen.append(event.sequence)

            server.webhooks.add(handle)
            async with server.client(PaymentClient) as client, anyio.create_task_group() as group:

                async def create() -> None:
                    await client.create_intent(amount=2999, currency="usd")

                for _ in range(20):
                    group.start_soon(create)

        self.live(backend, story)
        assert seen == list(range(1, 21))

    def test_sync_calls_inside_a_running_loop_deliver_too(self, server: MockServer, backend: str) -> None:
        seen: list[str] = []

        async def story() -> None:
            async def handle(event: Any) -> None:
                await anyio.sleep(0.001)
                seen.append(event.type)

            server.webhooks.add(handle)
            pay(server)

        self.live(backend, story)
        assert seen == ["payment.created", "payment.succeeded"]

    def test_a_caller_that_gives_up_leaves_the_event_for_the_next(
        self, server: MockServer, backend: str
    ) -> None:
        seen: list[int] = []

        async def story() -> None:
            patience = [False, True]

            async def handle(event: Any) -> None:
                if not patience.pop(0):
                    await anyio.sleep_forever()
                seen.append(event.sequence)

            server.webhooks.add(handle, events=["payment.created"])
            async with server.client(PaymentClient) as client:
                with anyio.move_on_after(0.05):
                    await client.create_intent(amount=2999, currency="usd")
                assert seen == []
                await client.get_history()
            assert seen == [1]

        self.live(backend, story)


def test_threads_side_by_side_have_each_event_delivered_once(server: MockServer) -> None:
    seen: list[int] = []
    server.webhooks.add(lambda event: seen.append(event.sequence))

    def work() -> None:
        client = server.client(SyncPaymentClient)
        for _ in range(25):
            client.create_intent(amount=2999, currency="usd")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == list(range(1, 201))


def test_closing_the_server_ends_its_thread(server: MockServer) -> None:
    async def handle(event: Event) -> None:
        await anyio.lowlevel.checkpoint()

    server.webhooks.add(handle)
    server.events.trigger("webhook.ping")
    assert "isa-mockserver-portal" in {thread.name for thread in threading.enumerate()}
    server.__exit__()
    assert "isa-mockserver-portal" not in {thread.name for thread in threading.enumerate()}
    server.events.trigger("webhook.ping")
    assert [delivery.state for delivery in server.webhooks.deliveries()] == ["delivered", "delivered"]


def test_a_server_that_is_dropped_without_being_closed_ends_its_thread() -> None:
    import gc

    async def handle(event: Event) -> None:
        await anyio.lowlevel.checkpoint()

    server = MockServer()
    server.webhooks.add(handle)
    server.events.trigger("webhook.ping")
    before = [thread for thread in threading.enumerate() if thread.name == "isa-mockserver-portal"]
    del server
    gc.collect()
    for thread in before:
        thread.join(timeout=5)
    assert not any(thread.is_alive() for thread in before)
