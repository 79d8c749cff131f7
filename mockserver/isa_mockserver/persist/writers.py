"""When changes are written: at once, or many at a time by a thread; and waiting until they are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from threading import Condition, Lock, Thread
from typing import Protocol

from isa_mockserver.kernel.changes import Changes

from .store import Store

logger = logging.getLogger("isa_mockserver")

ENOUGH = 64
"""Changes that are written without waiting for more."""

_Future = asyncio.Future[bool]
_Waiting = tuple[int, asyncio.AbstractEventLoop, _Future]


class Writer(Protocol):
    """Takes changes in order and has them written."""

    @property
    def sequence(self) -> int:
        """How many changes it was given."""
        ...

    @property
    def failure(self) -> Exception | None:
        """Why nothing is written any more, if so."""
        ...

    on_failure: Callable[[], None]
    """Called once, in any thread, when the disk has failed."""

    def write(self, changes: Changes) -> None:
        """Take changes; it never waits for others."""
        ...

    async def reached(self, sequence: int) -> bool:
        """Wait until so many changes are durable; false if they will never be."""
        ...

    def close(self) -> None:
        """Write what was taken, then give the store back."""
        ...


class DirectWriter:
    """Writes before `write` returns: for a server in process, where nothing may wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one_at_a_time = Lock()
        self.on_failure = _nothing
        self.sequence = 0
        self.failure: Exception | None = None

    def write(self, changes: Changes) -> None:
        """Make the changes durable.

        Raises:
            OSError, sqlite3.Error: they are not, and memory is ahead of the disk for good.
        """
        with self._one_at_a_time:
            if self.failure is not None:
                raise self.failure
            try:
                self._store.commit([changes])
            except Exception as error:
                self.failure = error
                self.on_failure()
                raise
            self.sequence += 1

    async def reached(self, sequence: int) -> bool:
        """Whether what was written is durable; there is nothing to wait for."""
        return self.failure is None

    def close(self) -> None:
        """Give the store back."""
        self._store.close()


class GroupWriter:
    """One thread that writes whatever came in while it wrote before: many requests share one sync.

    An event loop that has requests at hand answers them all first: otherwise the first one would have a sync
    of its own, and the thread would take turns with the loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.on_failure = _nothing
        self.sequence = 0
        self.failure: Exception | None = None
        self._durable = 0
        self._pending: list[Changes] = []
        self._waiting: list[_Waiting] = []
        self._closing = False
        self._nudging: asyncio.AbstractEventLoop | None = None
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="isa-mockserver-writer", daemon=True)
        self._thread.start()

    def write(self, changes: Changes) -> None:
        """Take changes, to be written with the next group."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        with self._changed:
            self.sequence += 1
            self._pending.append(changes)
            if loop is None:
                self._changed.notify()
        if loop is not None and self._nudging is not loop:
            self._nudging = loop
            loop.call_soon(self._nudge, loop, self.sequence)

    async def reached(self, sequence: int) -> bool:
        """Wait until so many changes are durable; false if the disk has failed."""
        if self.failure is None and self._durable >= sequence:
            return True
        loop = asyncio.get_running_loop()
        with self._changed:
            if self.failure is not None or self._durable >= sequence:
                return self.failure is None
            future: _Future = loop.create_future()
            self._waiting.append((sequence, loop, future))
        return await future

    def close(self) -> None:
        """Write what was taken, end the thread, give the store back."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._store.close()

    def _nudge(self, loop: asyncio.AbstractEventLoop, seen: int) -> None:
        """Wake the thread once the loop has brought nothing more since it last came by, or enough."""
        if self.sequence != seen and len(self._pending) < ENOUGH:
            loop.call_soon(self._nudge, loop, self.sequence)
            return
        self._nudging = None
        with self._changed:
            self._changed.notify()

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                self._store.commit(batch)
            except Exception as error:
                self._fail(error)
                return
            self._tell(self._durable + len(batch))

    def _next_batch(self) -> list[Changes]:
        """Everything that is pending; nothing only at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closing)
            batch, self._pending = self._pending, []
            return batch

    def _tell(self, durable: int) -> None:
        with self._changed:
            self._durable = durable
            ready = [waiting for waiting in self._waiting if waiting[0] <= durable]
            self._waiting = [waiting for waiting in self._waiting if waiting[0] > durable]
        _wake(ready, outcome=True)

    def _fail(self, error: Exception) -> None:
        logger.error("State cannot be written any more: %s", error)
        with self._changed:
            self.failure = error
            ready, self._waiting = self._waiting, []
        _wake(ready, outcome=False)
        self.on_failure()


def _nothing() -> None:
    """Nobody has to know."""


def _wake(waiting: list[_Waiting], *, outcome: bool) -> None:
    futures: dict[asyncio.AbstractEventLoop, list[_Future]] = {}
    for _, loop, future in waiting:
        futures.setdefault(loop, []).append(future)
    for loop, own in futures.items():
        try:
            loop.call_soon_threadsafe(_resolve, own, outcome)
        except RuntimeError:
            continue  # the loop is closed: nobody waits there any more


def _resolve(futures: list[_Future], outcome: bool) -> None:
    for future in futures:
        if not future.done():
            future.set_result(outcome)
