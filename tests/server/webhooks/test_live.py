"""Webhooks while real ports are open: delivered in the background, of the same World."""

from __future__ import annotations

import threading
from typing import Any

import anyio
import httpx
import pytest

from isa_mockserver.testing import MockServer
from isa_user import SyncPaymentClient
from tests.server.webhooks.inbox import Inbox
from tests.server.webhooks.sockets import listening


def create(url: str) -> None:
    with SyncPaymentClient(url, token="user_1") as client:
        client.create_intent(amount=2999, currency="usd")


def test_calls_over_sockets_and_in_process_are_delivered_by_one_courier(server: MockServer) -> None:
    inbox = Inbox()
    with listening(inbox) as url, server.serve() as live:
        server.webhooks.add(url)
        inside = server.client(SyncPaymentClient)
        for _ in range(10):
            create(live.url("payments"))
            inside.create_intent(amount=2999, currency="usd")
        server.webhooks.wait()
    assert inbox.sequences == list(range(1, 21))


def test_functions_and_apps_receive_too_beside_the_server_s_own_loop(server: MockServer) -> None:
    """So a function may call the open ports itself, and wait for the answer."""
    seen: list[Any] = []
    with server.serve() as live:

        def read_back(event: Any) -> None:
            with SyncPaymentClient(live.url("payments"), token="user_1") as client:
                seen.append(client.get_intent(event.data.object.payment_intent_id).amount)

        async def read_back_async(event: Any) -> None:
            headers = {"Authorization": "Bearer user_1"}
            async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
                history = await client.get(f"{live.url('payments')}/api/v1/payments/history")
            seen.append(len(history.json()["data"]))

        inbox = Inbox()
        for target in (read_back, read_back_async, inbox):
            server.webhooks.add(target)
        create(live.url("payments"))
        server.webhooks.wait()
        assert sorted(seen) == [1, 2999]
        assert inbox.types == ["payment.created"]


def test_what_the_closing_cuts_off_is_delivered_in_process(server: MockServer) -> None:
    patience = threading.Event()
    seen: list[int] = []

    async def handle(event: Any) -> None:
        if not patience.is_set():
            patience.set()
            await anyio.sleep_forever()
        seen.append(event.sequence)

    with server.serve() as live:
        server.webhooks.add(handle)
        create(live.url("payments"))
        assert patience.wait(5)
    assert seen == [1]


def test_a_second_server_over_the_same_world_delivers_nothing_twice(server: MockServer) -> None:
    inbox = Inbox()
    with listening(inbox) as url, server.serve() as first, server.serve() as second:
        server.webhooks.add(url)
        create(first.url("payments"))
        create(second.url("payments"))
        server.webhooks.wait()
    assert inbox.sequences == [1, 2]


def test_waiting_in_vain_says_so(server: MockServer) -> None:
    with server.serve():
        server.webhooks.add(lambda _: threading.Event().wait(0.3))
        server.events.trigger("webhook.ping")
        with pytest.raises(TimeoutError, match=r"after 0\.05 s there are still webhooks to deliver"):
            server.webhooks.wait(0.05)
        server.webhooks.wait()


def test_the_sandboxes_of_one_server_have_their_own_webhooks(server: MockServer) -> None:
    """WH-13, over sockets."""
    here, there = Inbox(), Inbox()
    other = server.sandbox("other")
    with listening(here) as one, listening(there) as two, server.serve() as live:
        server.webhooks.add(one)
        other.webhooks.add(two)
        for token, count in ((server.token("a"), 1), (other.token("a"), 2)):
            with SyncPaymentClient(live.url("payments"), token=token) as client:
                for _ in range(count):
                    client.create_intent(amount=2999, currency="usd")
        server.webhooks.wait()
        other.webhooks.wait()
    assert (len(here.got), len(there.got)) == (1, 2)
    assert not set(here.ids) & set(there.ids)
