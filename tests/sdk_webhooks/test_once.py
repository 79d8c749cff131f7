"""An event is handled once however often and however close together it is delivered (rules WH-8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from isa_user.errors import ConfigurationError
from isa_user.webhooks import Claim, MemoryDeliveryStore, PaymentSucceeded, WebhookReceiver, sign
from isa_user.webhooks import _once as once
from tests.sdk_webhooks.asgi import Answered, post
from tests.sdk_webhooks.deliveries import NOW, PAYMENT, SECRET, envelope

pytestmark = pytest.mark.anyio


def delivery(webhook_id: str = "evt_1", timestamp: int = NOW) -> tuple[bytes, Any]:
    payload = envelope("payment.succeeded", PAYMENT, id=webhook_id)
    return sign(payload, SECRET, timestamp=timestamp)


def make_receiver(handle: Callable[[PaymentSucceeded], object], **options: Any) -> WebhookReceiver:
    receiver = WebhookReceiver(SECRET, now=lambda: NOW, **options)
    receiver.on("payment.succeeded")(handle)
    return receiver


async def deliver_together(receiver: WebhookReceiver, times: int) -> list[Answered]:
    answers: list[Answered] = []

    async def one() -> None:
        answers.append(await post(receiver, *delivery()))

    async with anyio.create_task_group() as group:
        for _ in range(times):
            group.start_soon(one)
    return answers


async def test_a_repeated_delivery_is_accepted_and_not_handled_again() -> None:
    seen = list[PaymentSucceeded]()
    receiver = make_receiver(seen.append)
    for age in (0, 5, 300):
        assert (await post(receiver, *delivery(timestamp=NOW - age))).status == 204
    assert len(seen) == 1


async def test_the_id_of_the_delivery_counts_not_its_content() -> None:
    seen = list[PaymentSucceeded]()
    receiver = make_receiver(seen.append)
    for webhook_id in ("evt_1", "evt_2", "evt_1"):
        await post(receiver, *delivery(webhook_id))
    assert [event.id for event in seen] == ["evt_1", "evt_2"]


async def test_deliveries_at_the_same_time_are_handled_once_and_all_answered_when_that_is_done() -> None:
    steps = list[str]()

    async def slow(event: PaymentSucceeded) -> None:
        steps.append("begun")
        await anyio.sleep(0.05)
        steps.append("done")

    answers = await deliver_together(make_receiver(slow), 5)
    assert [answer.status for answer in answers] == [204] * 5
    assert steps == ["begun", "done"]


async def test_where_the_first_of_two_at_the_same_time_fails_the_second_handles_the_event() -> None:
    attempts = list[int]()

    async def fails_first(event: PaymentSucceeded) -> None:
        attempts.append(1)
        await anyio.sleep(0.02)
        if len(attempts) == 1:
            raise RuntimeError

    answers = await deliver_together(make_receiver(fails_first), 2)
    assert sorted(answer.status for answer in answers) == [204, 500]
    assert len(attempts) == 2


async def test_a_delivery_that_waited_too_long_for_another_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(once, "WAITS_S", (0.001, 0.001))
    gate = anyio.Event()

    async def stuck(event: PaymentSucceeded) -> None:
        await gate.wait()

    receiver = make_receiver(stuck)
    async with anyio.create_task_group() as group:
        group.start_soon(post, receiver, *delivery())
        await anyio.wait_all_tasks_blocked()
        second = await post(receiver, *delivery())
        assert (second.status, second.code, second.headers["retry-after"]) == (503, "in_progress", "5")
        gate.set()
    assert (await post(receiver, *delivery())).status == 204


def test_wh_6_a_duplicate_waits_less_than_the_sender_s_15_seconds() -> None:
    assert 5 < sum(once.WAITS_S) < 15


async def test_a_cancelled_delivery_leaves_the_event_to_the_next_one() -> None:
    calls = list[int]()

    async def hangs_first(event: PaymentSucceeded) -> None:
        calls.append(1)
        if len(calls) == 1:
            await anyio.sleep_forever()

    receiver = make_receiver(hangs_first, store=SlowStore())
    with anyio.move_on_after(0.05) as scope:
        await post(receiver, *delivery())
    assert scope.cancelled_caught
    assert (await post(receiver, *delivery())).status == 204
    assert len(calls) == 2


async def test_a_delivery_cancelled_after_its_work_was_done_does_not_repeat_it() -> None:
    calls, scope = list[int](), anyio.CancelScope()

    def handled(event: PaymentSucceeded) -> None:
        calls.append(1)
        scope.cancel()

    receiver = make_receiver(handled, store=SlowStore())
    with scope:
        await post(receiver, *delivery())
    assert (await post(receiver, *delivery())).status == 204
    assert len(calls) == 1


class SlowStore(MemoryDeliveryStore):
    """A store that has to wait for its answers, as one over a network does."""

    async def claim(self, webhook_id: str) -> Claim:
        await anyio.sleep(0.001)
        return await super().claim(webhook_id)

    async def finish(self, webhook_id: str) -> None:
        await anyio.sleep(0.001)
        await super().finish(webhook_id)

    async def release(self, webhook_id: str) -> None:
        await anyio.sleep(0.001)
        await super().release(webhook_id)


async def test_two_receivers_with_one_store_handle_an_event_once() -> None:
    seen, store = list[PaymentSucceeded](), SlowStore()
    receivers = [make_receiver(seen.append, store=store) for _ in range(2)]
    async with anyio.create_task_group() as group:
        for receiver in receivers:
            group.start_soon(post, receiver, *delivery())
    assert len(seen) == 1


class BrokenStore(MemoryDeliveryStore):
    """A store of which one call fails."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        self.broken = broken

    def _fail(self, call: str) -> None:
        if call == self.broken:
            raise ConnectionError(f"no {call}")

    async def claim(self, webhook_id: str) -> Claim:
        self._fail("claim")
        return await super().claim(webhook_id)

    async def finish(self, webhook_id: str) -> None:
        self._fail("finish")
        await super().finish(webhook_id)

    async def release(self, webhook_id: str) -> None:
        self._fail("release")
        await super().release(webhook_id)


async def test_where_the_store_cannot_be_asked_nothing_is_handled_and_the_sender_tries_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen = list[PaymentSucceeded]()
    answer = await post(make_receiver(seen.append, store=BrokenStore("claim")), *delivery())
    assert (answer.status, seen) == (500, [])
    assert "no claim" in caplog.text


async def test_work_that_is_done_is_not_asked_for_again_when_the_store_cannot_note_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen = list[PaymentSucceeded]()
    answer = await post(make_receiver(seen.append, store=BrokenStore("finish")), *delivery())
    assert (answer.status, len(seen)) == (204, 1)
    assert "no finish" in caplog.text


async def test_where_handling_and_the_store_both_fail_the_answer_is_still_500(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(event: PaymentSucceeded) -> None:
        raise LookupError("no such order")

    answer = await post(make_receiver(fails, store=BrokenStore("release")), *delivery())
    assert answer.status == 500
    assert "no such order" in caplog.text
    assert "no release" in caplog.text


async def test_the_memory_of_ids_is_bounded_and_forgets_the_oldest() -> None:
    store = MemoryDeliveryStore(max_ids=2)
    for webhook_id in ("a", "b", "c"):
        assert await store.claim(webhook_id) == "new"
        await store.finish(webhook_id)
    assert [await store.claim(webhook_id) for webhook_id in ("c", "b", "a")] == ["done", "done", "new"]


async def test_an_event_in_work_is_never_forgotten() -> None:
    store = MemoryDeliveryStore(max_ids=1)
    assert await store.claim("in work") == "new"
    for webhook_id in ("a", "b", "c"):
        await store.claim(webhook_id)
        await store.finish(webhook_id)
    assert await store.claim("in work") == "running"
    await store.release("in work")
    assert await store.claim("in work") == "new"


def test_a_memory_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        MemoryDeliveryStore(max_ids=0)
