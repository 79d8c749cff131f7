"""A thread with an event loop, for what has to be awaited where no loop may run."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Portal:
    """Starts its thread on first use; the thread does not keep the process alive."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[], object] | None = None

    def submit(self, awaitable: Awaitable[T]) -> Future[T]:
        """Await it on the portal's loop, in a context of its own: a trio caller's says it runs on trio."""
        begin = asyncio.run_coroutine_threadsafe
        return contextvars.Context().run(begin, _awaited(awaitable), self._running())

    def run(self, awaitable: Awaitable[T]) -> T:
        """Await it on the portal's loop and give what it gives."""
        return self.submit(awaitable).result()

    def close(self) -> None:
        """End the thread; it starts again when it is needed."""
        with self._starting:
            self._loop = None
            if self._end is not None:
                self._end()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="isa-mockserver-portal", daemon=True
                )
                thread.start()
                self._end = weakref.finalize(self, _stop, self._loop, thread)
            return self._loop


async def _awaited(awaitable: Awaitable[T]) -> T:
    return await awaitable


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    if thread is not threading.current_thread():
        thread.join()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()
