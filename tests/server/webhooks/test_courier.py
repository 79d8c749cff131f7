"""The courier of a running server: each endpoint on its own, in order, in real time (rules WH-6, WH-8)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.world import Blueprint, World
from isa_mockserver.webhooks import courier
from isa_mockserver.webhooks.adversary import Shipment
from isa_mockserver.webhooks.courier import Courier
from isa_mockserver.webhooks.endpoints import NewEndpoint, register, remove
from isa_mockserver.webhooks.model import DELIVERIES, TABLES, Delivery
from isa_mockserver.webhooks.outbox import Parcel
from isa_mockserver.webhooks.outcome import Outcome
from isa_mockserver.webhooks.wiring import JOBS

pytestmark = pytest.mark.asyncio

START = datetime(2024, 1, 28, 10, tzinfo=UTC)
Answer = Callable[[Parcel], Outcome | float]


class FakeSender:
    """Notes what is sent where; a float in place of an outcome is a wait in seconds before a 204."""

    def __init__(self, answer: Answer = lambda _: Outcome(status=204)) -> None:
        self.answer = answer
        self.sent: list[tuple[str, str]] = []
        self.in_flight: list[str] = []
        self.most_in_flight: dict[str, int] = {}
        self.closed = False

    async def send(self, parcel: Parcel, shipment: Shipment) -> Outcome:
        url = parcel.url.rpartition("/")[2]
        self.sent.append((url, shipment.headers["webhook-id"]))
        self.in_flight.append(url)
        self.most_in_flight[url] = max(self.most_in_flight.get(url, 0), self.in_flight.count(url))
        try:
            outcome = self.answer(parcel)
            if isinstance(outcome, Outcome):
                await asyncio.sleep(0)
                return outcome
            await asyncio.sleep(outcome)
            return Outcome(status=204)
        finally:
            self.in_flight.remove(url)

    async def aclose(self) -> None:
        self.closed = True

    def to(self, url: str) -> list[str]:
        return [event_id for name, event_id in self.sent if name == url]


def make_world(*names: str, clock: Clock | None = None) -> World:
    world = World(Blueprint(tables=TABLES, jobs=JOBS), clock=clock or Clock(START), ids=IdSource(0))
    with world.unit() as unit:
        for name in names:
            register(unit, NewEndpoint(url=f"http://receiver/{name}"))
    return world


def emit(world: World, count: int = 1) -> list[str]:
    for _ in range(count):
        with world.unit() as unit:
            unit.emit("invoice.paid", "alice", {})
    return [event.id for event in world.events[-count:]]


@asynccontextmanager
async def working(sender: FakeSender, *worlds: World) -> AsyncIterator[Courier]:
    at_work = Courier(lambda: worlds, sender)
    for world in worlds:
        world.listeners = [at_work.note]
    task = asyncio.create_task(at_work.run())
    try:
        yield at_work
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert sender.closed
        assert sender.in_flight == []


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - what is waited for knows of no Event
            await asyncio.sleep(0.002)


def deliveries(world: World) -> list[Delivery]:
    return list(world.tables[DELIVERIES.name].rows.values())


async def test_what_was_there_at_the_start_and_what_comes_later_is_sent_in_order() -> None:
    world, sender = make_world("a"), FakeSender()
    early = emit(world, 3)
    async with working(sender, world):
        await until(lambda: len(sender.sent) == 3)
        late = emit(world, 3)
        await until(lambda: len(sender.sent) == 6)
    assert sender.to("a") == early + late


async def test_wh8_a_slow_endpoint_holds_up_no_other_one() -> None:
    world = make_world("slow", "quick")
    sender = FakeSender(lambda parcel: 60.0 if parcel.url.endswith("slow") else Outcome(status=204))
    async with working(sender, world):
        ids = emit(world, 20)
        await until(lambda: sender.to("quick") == ids)
        assert sender.to("slow") == ids[:1]


async def test_wh8_one_request_at_a_time_for_each_endpoint() -> None:
    world = make_world("a", "b")
    sender = FakeSender(lambda _: 0.001)
    async with working(sender, world):
        ids = emit(world, 10)
        await until(lambda: sender.to("a") == ids == sender.to("b"))
    assert sender.most_in_flight == {"a": 1, "b": 1}


async def test_wh8_first_attempts_keep_their_order_past_a_failure() -> None:
    world = make_world("a")
    failing: set[str] = set()
    sender = FakeSender(
        lambda parcel: Outcome(status=500) if parcel.delivery_id in failing else Outcome(status=204)
    )
    ids = emit(world, 5)
    webhook_id = next(iter(world.tables["webhook_endpoints"].rows))
    failing.add(f"{ids[1]}:{webhook_id}")
    async with working(sender, world):
        await until(lambda: len(sender.sent) == 5)
        failing.clear()
        await asyncio.to_thread(world.advance, 5)
        await until(lambda: len(sender.sent) == 6)
        await until(lambda: {each.state for each in deliveries(world)} == {"delivered"})
    assert sender.to("a") == [*ids, ids[1]]


async def test_wh7_in_real_time_retries_come_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time runs a thousand times as fast here, for the World's clock and for the courier's sleep alike."""
    loop, idle_s = asyncio.get_running_loop(), courier._idle_s
    began = loop.time()
    clock = Clock(wall=lambda: START + timedelta(seconds=int((loop.time() - began) * 1000)))
    monkeypatch.setattr(courier, "_idle_s", lambda world: idle_s(world) / 1000)
    world = make_world("a", clock=clock)
    answers = [Outcome(status=500), Outcome(status=500)]
    sender = FakeSender(lambda _: answers.pop() if answers else Outcome(status=204))
    async with working(sender, world):
        emit(world)
        await until(lambda: bool(deliveries(world)) and deliveries(world)[0].state == "delivered")
    first, second, third = (attempt.at for attempt in deliveries(world)[0].attempts)
    assert timedelta(seconds=5) <= second - first <= timedelta(seconds=60)
    assert timedelta(minutes=5) <= third - second <= timedelta(minutes=7)


async def test_a_reset_leaves_what_the_old_world_had_unsent() -> None:
    old, new = make_world("old"), make_world("new")
    worlds = [old]
    sender = FakeSender(lambda parcel: 0.05 if parcel.url.endswith("old") else Outcome(status=204))
    working = Courier(lambda: worlds, sender)
    old.listeners = new.listeners = [working.note]
    task = asyncio.create_task(working.run())
    ids = emit(old, 5)
    await until(lambda: len(sender.sent) == 1)
    worlds[:] = [new]
    new.announce()
    emit(new)
    await until(lambda: len(sender.to("new")) == 1)
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait([task])
    assert sender.to("old") == ids[:1]


async def test_worlds_are_served_side_by_side() -> None:
    one, two = make_world("one"), make_world("two")
    sender = FakeSender(lambda parcel: 60.0 if parcel.url.endswith("one") else Outcome(status=204))
    async with working(sender, one, two):
        emit(one)
        ids = emit(two, 3)
        await until(lambda: sender.to("two") == ids)


async def test_what_is_cut_off_at_the_end_was_not_delivered() -> None:
    world, sender = make_world("a"), FakeSender(lambda _: 60.0)
    async with working(sender, world):
        emit(world)
        await until(lambda: len(sender.sent) == 1)
    (delivery,) = deliveries(world)
    assert (delivery.state, delivery.attempts) == ("pending", ())
    again = FakeSender()
    async with working(again, world):
        await until(lambda: deliveries(world)[0].state == "delivered")


async def test_an_endpoint_that_goes_during_its_request_ends_there() -> None:
    world, sender = make_world("a"), FakeSender(lambda _: 0.02)
    webhook_id = next(iter(world.tables["webhook_endpoints"].rows))
    async with working(sender, world):
        emit(world, 3)
        await until(lambda: len(sender.sent) == 1)
        with world.unit() as unit:
            remove(unit, webhook_id)
        await until(lambda: len(deliveries(world)[0].attempts) == 1)
        await asyncio.sleep(0.05)
    assert len(sender.sent) == 1
    assert {each.state for each in deliveries(world)} == {"failed"}


async def test_a_defect_is_logged_and_does_not_end_the_courier(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("isa_mockserver.webhooks.courier._AFTER_DEFECT_S", 0.01)
    world, sender = make_world("a"), FakeSender()
    defects: list[Exception] = [LookupError("first"), LookupError("second")]

    def answer(_: Parcel) -> Outcome:
        if defects:
            raise defects.pop()
        return Outcome(status=204)

    sender.answer = answer
    with caplog.at_level(logging.ERROR, "isa_mockserver"):
        async with working(sender, world):
            emit(world)
            await until(lambda: deliveries(world) != [] and deliveries(world)[0].state == "delivered")
    assert caplog.text.count("this is a defect of the server") == 2


async def test_a_job_that_fails_is_logged_and_does_not_end_the_courier(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("isa_mockserver.webhooks.courier._AFTER_DEFECT_S", 0.01)
    world, sender = make_world("a"), FakeSender()
    defects = [LookupError("broken")]
    catch_up = world.catch_up

    def broken() -> object:
        if defects:
            raise defects.pop()
        return catch_up()

    monkeypatch.setattr(world, "catch_up", broken)
    with caplog.at_level(logging.ERROR, "isa_mockserver"):
        async with working(sender, world):
            emit(world)
            await until(lambda: len(sender.sent) == 1)
    assert "looking after due work failed" in caplog.text


async def test_waking_it_after_its_loop_ended_does_no_harm() -> None:
    world = make_world("a")

    async def make() -> Courier:
        return Courier(lambda: (world,), FakeSender())

    ended = await asyncio.to_thread(asyncio.run, make())
    ended._changed.clear()
    ended.note(world)


async def test_commits_that_concern_nobody_leave_it_asleep() -> None:
    """No endpoint, and nothing falls due that did not before: a busy server has better to do."""
    world, looks = make_world(), 0

    def worlds() -> tuple[World]:
        nonlocal looks
        looks += 1
        return (world,)

    at_work = Courier(worlds, FakeSender())
    world.listeners = [at_work.note]
    task = asyncio.create_task(at_work.run())
    await until(lambda: looks == 2)  # when it was made, and at its first look around
    emit(world, 20)
    await asyncio.sleep(0.05)
    assert looks == 2
    task.cancel()
    await asyncio.wait([task])


async def test_a_job_without_any_endpoint_runs_when_it_is_due() -> None:
    """Rules CK-1: planned for now, and planned for an hour away from which time is moved to a second."""
    ran: list[str] = []
    clock = Clock()
    world = World(
        Blueprint(tables=TABLES, jobs={"overdue": lambda unit, id_: ran.append(id_)}),
        clock=clock,
        ids=IdSource(0),
    )
    async with working(FakeSender(), world):
        await asyncio.sleep(0.02)
        with world.unit() as unit:
            unit.plan(unit.now, "overdue", "now")
            unit.plan(unit.now + timedelta(hours=1), "overdue", "later")
        await until(lambda: ran == ["now"])
        world.advance(3_599)
        assert ran == ["now"]
        await until(lambda: ran == ["now", "later"])
