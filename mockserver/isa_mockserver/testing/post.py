"""Deliveries in process: after each call its outermost caller hands over what is due, first in, first out.

There is no nesting: what a receiver causes by calls of its own waits for its turn, so that a receiver may
use the SDK. What has to be awaited is awaited on an async caller's own loop, and for a sync caller on the
loop of a thread that is started when it is first needed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime

from isa_mockserver.kernel.world import World
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.webhooks.adversary import Shipment
from isa_mockserver.webhooks.courier import Sender
from isa_mockserver.webhooks.http import HttpSender
from isa_mockserver.webhooks.model import ENDPOINTS, QUEUE
from isa_mockserver.webhooks.outbox import Parcel, line_up, take
from isa_mockserver.webhooks.outcome import Outcome
from isa_mockserver.webhooks.settling import settle
from isa_mockserver.webhooks.telling import tell

from .portal import Portal
from .receivers import Receiver

MOST_AT_ONCE = 10_000

Steps = Generator[Awaitable[Outcome], Outcome | None, None]
_PATIENCE_S = 20.0


class Post:
    """Delivers what the Worlds of one server have for their endpoints, of every sandbox."""

    def __init__(self, runtime: Runtime) -> None:
        self._sandboxes = runtime.sandboxes
        self.receivers: dict[str, Receiver] = {}
        self._portal = Portal()
        self._http = HttpSender()
        self._turn = threading.Lock()
        self._lent = False
        self._changed: set[World] = set()
        runtime.sandboxes.listeners.append(self._note)

    def deliver(self) -> None:
        """Hand over everything that is due, unless someone is at it."""
        while self._changed and self._turn.acquire(blocking=False):
            steps = self._steps(self._http)
            try:
                outcome = None
                while (awaitable := _go_on(steps, outcome)) is not None:
                    outcome = self._portal.run(awaitable)
            finally:
                steps.close()
                self._turn.release()

    async def deliver_async(self) -> None:
        """As `deliver`, awaiting receivers on the caller's own loop."""
        while self._changed and self._turn.acquire(blocking=False):
            http = HttpSender()
            steps = self._steps(http)
            try:
                outcome = None
                while (awaitable := _go_on(steps, outcome)) is not None:
                    outcome = await awaitable
            finally:
                steps.close()
                self._turn.release()
                await http.aclose()

    def next_stop(self, world: World, until: datetime) -> datetime | None:
        """Where a move of time pauses next, so that what happens there is told there; None: nowhere."""
        if self._lent or not world.tables[ENDPOINTS.name].rows:
            return None
        with world.lock:
            job = world.schedule.next_due(until)
            return None if job is None else max(job.due, world.clock.now())

    @contextmanager
    def lend(self) -> Iterator[Sender | None]:
        """Let a server with open ports deliver; None where another one does.

        Raises:
            RuntimeError: a delivery in process does not end.
        """
        if self._lent:
            yield None
            return
        if not self._turn.acquire(timeout=_PATIENCE_S):
            raise RuntimeError("webhooks are being delivered; open ports when that is done")
        self._lent = True
        try:
            yield _InBackground(self, self._portal)
        finally:
            self._lent = False
            self._turn.release()
        self._changed.update(runtime.world for runtime in self._sandboxes.all())
        self.deliver()

    def close(self) -> None:
        """End the thread, if there is one."""
        if self._http.is_open:
            self._portal.run(self._http.aclose())
        self._portal.close()

    def _note(self, world: World) -> None:
        if world.tables[ENDPOINTS.name].rows:
            self._changed.add(world)

    def _steps(self, http: HttpSender) -> Steps:
        """The whole policy of a round; what it yields has to be awaited by whoever drives it."""
        for _ in range(MOST_AT_ONCE):
            found = self._next()
            if found is None:
                return
            world, parcel = found
            outcomes: list[Outcome] = []
            for shipment in parcel.shipments:
                receiver = self.receivers.get(parcel.webhook_id)
                result = http.send(parcel, shipment) if receiver is None else receiver(shipment)
                outcome = result if isinstance(result, Outcome) else (yield result)
                assert outcome is not None
                outcomes.append(outcome)
            settle(world, parcel, outcomes)
            tell(world, parcel, outcomes)
        self._changed.clear()
        raise RuntimeError(f"webhook handlers cause ever new events: {MOST_AT_ONCE} deliveries in one call")

    def _next(self) -> tuple[World, Parcel] | None:
        present = {runtime.world for runtime in self._sandboxes.all()}
        while self._changed:
            world = self._changed.pop()
            if world in present and (parcel := _oldest(world)) is not None:
                self._changed.add(world)
                return world, parcel
        return None


class _InBackground:
    """Carries the webhooks of a server with open ports; handlers run in threads beside its loop."""

    def __init__(self, post: Post, portal: Portal) -> None:
        self._post = post
        self._portal = portal
        self._http = HttpSender()

    async def send(self, parcel: Parcel, shipment: Shipment) -> Outcome:
        receiver = self._post.receivers.get(parcel.webhook_id)
        if receiver is None:
            return await self._http.send(parcel, shipment)
        result = await asyncio.to_thread(receiver, shipment)
        if isinstance(result, Outcome):
            return result
        return await asyncio.wrap_future(self._portal.submit(result))

    async def aclose(self) -> None:
        await self._http.aclose()


def _go_on(steps: Steps, outcome: Outcome | None) -> Awaitable[Outcome] | None:
    """Give the last outcome; what has to be awaited next, or None at the end."""
    try:
        return steps.send(outcome)
    except StopIteration:
        return None


def _oldest(world: World) -> Parcel | None:
    with world.lock:
        world.catch_up()
        line_up(world)
        while rows := world.tables[QUEUE.name].rows:
            parcel = take(world, next(iter(rows.values())).webhook_id)
            if parcel is not None:
                return parcel
    return None
