"""The lock of a World, which tells when its outermost holder lets go."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock


class WorldLock:
    """A reentrant lock that calls `released` just before the outermost holder lets go."""

    def __init__(self, released: Callable[[], None]) -> None:
        self._lock = RLock()
        self._released = released
        self._depth = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1

    def __exit__(self, *exc_info: object) -> None:
        try:
            if self._depth == 1:
                self._released()
        finally:
            self._depth -= 1
            self._lock.release()
