"""The courier of a running server: delivers what the World has for each endpoint, each on its own (WH-8).

One task looks after time and the outboxes, and one task for every endpoint that has something to get sends
it, one request at a time. So a slow endpoint holds up nobody, and first attempts keep their order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from math import inf
from typing import Protocol

from isa_mockserver.kernel.clock import ClockState
from isa_mockserver.kernel.schedule import Schedule
from isa_mockserver.kernel.world import World

from .adversary import Shipment
from .model import ENDPOINTS, QUEUE
from .outbox import Parcel, line_up, take
from .outcome import Outcome
from .settling import settle
from .telling import tell

logger = logging.getLogger("isa_mockserver")


class Sender(Protocol):
    """What carries a request to its receiver."""

    async def send(self, parcel: Parcel, shipment: Shipment) -> Outcome:
        """Send one request and tell what came of it; nothing is raised for what a receiver does."""
        ...

    async def aclose(self) -> None:
        """Close what is open; it opens again when it is needed."""
        ...


_Plans = tuple[Schedule, int, ClockState]
"""Equal where the same falls due at the same moments of real time."""

_LONGEST_SLEEP_S = 3_600.0
_AFTER_DEFECT_S = 1.0
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Courier:
    """Works until it is cancelled. `worlds` gives those of each moment: a reset replaces one of them."""

    def __init__(self, worlds: Callable[[], Iterable[World]], sender: Sender) -> None:
        self._worlds = worlds
        self._sender = sender
        self._loop = asyncio.get_running_loop()
        self._awake = asyncio.Event()
        self._changed: set[World] = set(worlds())
        self._wake_at: dict[World, float] = {}
        self._plans: dict[World, _Plans] = {}
        self._rounds: dict[tuple[World, str], asyncio.Task[None]] = {}

    def note(self, world: World) -> None:
        """Something was committed in this World, or its time moved; callable from any thread, in its lock.

        Of no interest where nobody listens and nothing else falls due than before.
        """
        if world.tables[ENDPOINTS.name].rows or _plans(world) != self._plans.get(world):
            self._wake(world)

    def _wake(self, world: World) -> None:
        if world not in self._changed:
            self._changed.add(world)
            with suppress(RuntimeError):  # the loop ended in the meantime
                self._loop.call_soon_threadsafe(self._awake.set)

    async def run(self) -> None:
        """Run due work in real time, and send what it leaves in the outboxes."""
        try:
            while True:
                self._awake.clear()
                self._look_around()
                await self._sleep()
        finally:
            for task in self._rounds.values():
                task.cancel()
            await asyncio.gather(*self._rounds.values(), return_exceptions=True)
            await self._sender.aclose()

    def _look_around(self) -> None:
        now, present = self._loop.time(), set(self._worlds())
        self._wake_at = {world: at for world, at in self._wake_at.items() if world in present}
        self._plans = {world: plans for world, plans in self._plans.items() if world in present}
        due = {world for world, at in self._wake_at.items() if at <= now}
        while self._changed:
            due.add(self._changed.pop())
        for world in due & present:
            self._wake_at[world] = now + self._look(world)

    def _look(self, world: World) -> float:
        """Start what can be started; answers for how many seconds nothing can fall due."""
        try:
            with world.lock:
                world.catch_up()
                line_up(world)
                for webhook_id, waiting in world.tables[QUEUE.name].index["webhook_id"].items():
                    if waiting and (world, webhook_id) not in self._rounds:
                        task = asyncio.create_task(self._round(world, webhook_id))
                        self._rounds[world, webhook_id] = task
                self._plans[world] = _plans(world)
                return _idle_s(world)
        except Exception:
            logger.exception("looking after due work failed; this is a defect of the server")
            return _AFTER_DEFECT_S

    async def _round(self, world: World, webhook_id: str) -> None:
        """Send what waits for one endpoint, in its order."""
        try:
            while world in self._wake_at and (parcel := take(world, webhook_id)) is not None:
                outcomes = [await self._sender.send(parcel, shipment) for shipment in parcel.shipments]
                settle(world, parcel, outcomes)
                tell(world, parcel, outcomes)
        except Exception:
            logger.exception("delivering to %s failed; this is a defect of the server", webhook_id)
            await asyncio.sleep(_AFTER_DEFECT_S)
        finally:
            del self._rounds[world, webhook_id]
            self._wake(world)

    async def _sleep(self) -> None:
        seconds = min(self._wake_at.values(), default=inf) - self._loop.time()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, _LONGEST_SLEEP_S)):
                await self._awake.wait()


def _plans(world: World) -> _Plans:
    return world.schedule, world.schedule.next_seq, world.clock.state


def _idle_s(world: World) -> float:
    """Seconds until the next job is due; the World's time has whole seconds."""
    job = None if world.clock.frozen else world.schedule.next_due(_END_OF_TIME)
    return inf if job is None else (job.due - world.clock.now()).total_seconds()
