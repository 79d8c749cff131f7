"""Whether a client may still be used: closed once is closed, until it is entered again."""

from __future__ import annotations

import threading

from isa_user.errors import ClientClosedError

__all__ = ["Lifetime"]


class Lifetime:
    """Counts how often a client was entered, by ``with`` in several threads or loops too."""

    __slots__ = ("_closed", "_entered", "_lock")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entered = 0
        self._closed = False

    def enter(self) -> None:
        """Open it, also where it was closed."""
        with self._lock:
            self._entered += 1
            self._closed = False

    def leave(self) -> bool:
        """Whether this was the last block that uses it, with which it closes."""
        with self._lock:
            self._entered -= 1
            return self._entered <= 0

    def close(self) -> None:
        """Close it for all that hold it."""
        with self._lock:
            self._entered = 0
            self._closed = True

    def check(self) -> None:
        """Raises ClientClosedError where it was closed."""
        if self._closed:
            raise ClientClosedError("This client is closed.")
