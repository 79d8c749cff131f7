"""When changes are written: at once, or many at a time by a thread; and waiting until they are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from threading import Condition, Lock, Thread
from typing import Protocol

from isa_mockserver.kernel.changes import Changes

from .store import Store

logger = logging.getLogger("isa_mockserver")

ENOUGH = 64
"""Changes that are written without waiting for more."""

Told = Callable[[bool], object]
"""Is told whether something is durable; false if it will never be."""

_Waiting = tuple[int, asyncio.AbstractEventLoop, Told]


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

    def when_reached(self, sequence: int, tell: Told) -> None:
        """Have it told once so many changes are durable: at once if they are, else in the loop that asked."""
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

    def when_reached(self, sequence: int, tell: Told) -> None:
        """Tell whether what was written is durable; there is nothing to wait for."""
        tell(self.failure is None)

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

    def when_reached(self, sequence: int, tell: Told) -> None:
        """Have it told once so many changes are durable; all who wait in a loop are told in one go.

        Where they are durable already, or the disk has failed, it is told before this returns.
        """
        with self._changed:
            if self.failure is None and self._durable < sequence:
                self._waiting.append((sequence, asyncio.get_running_loop(), tell))
                return
        tell(self.failure is None)

    async def reached(self, sequence: int) -> bool:
        """Wait until so many changes are durable; false if the disk has failed."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.when_reached(sequence, partial(_resolve, future))
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
    by_loop: dict[asyncio.AbstractEventLoop, list[Told]] = {}
    for _, loop, tell in waiting:
        by_loop.setdefault(loop, []).append(tell)
    for loop, own in by_loop.items():
        try:
            loop.call_soon_threadsafe(_tell_all, own, outcome)
        except RuntimeError:
            continue  # the loop is closed: nobody waits there any more


def _tell_all(waiting: list[Told], outcome: bool) -> None:
    for tell in waiting:
        try:
            tell(outcome)
        except Exception:
            logger.exception("Who waited for the disk failed")


def _resolve(future: asyncio.Future[bool], outcome: bool) -> None:
    if not future.done():
        future.set_result(outcome)
