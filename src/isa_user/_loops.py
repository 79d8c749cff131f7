"""One value for each running event loop, so that a client may be used from several loops in turn."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

__all__ = ["PerLoop"]

T = TypeVar("T")


def _running_loop() -> Any:
    # Whoever runs a loop has imported its library; importing asyncio here would only cost time.
    asyncio, trio = sys.modules.get("asyncio"), sys.modules.get("trio")
    if asyncio is not None:
        with suppress(RuntimeError):
            return asyncio.get_running_loop()
    if trio is not None:
        return trio.lowlevel.current_trio_token()
    raise RuntimeError("An async client needs a running asyncio or trio event loop.")


class PerLoop(Generic[T]):
    """Makes a value the first time a loop asks for it; forgets it with the loop, and after a fork."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: WeakKeyDictionary[Any, T] = WeakKeyDictionary()
        self._pid = os.getpid()

    def get(self) -> T:
        """The running loop's value."""
        if self._pid != os.getpid():
            self._values, self._pid = WeakKeyDictionary(), os.getpid()
        loop = _running_loop()
        value = self._values.get(loop)
        if value is None:
            value = self._values[loop] = self._make()
        return value

    def pop(self) -> T | None:
        """Take the running loop's value away."""
        return self._values.pop(_running_loop(), None)
