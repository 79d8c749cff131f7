"""Where the system's clock comes into webhooks; everywhere else the time is an argument."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Now", "system_now"]

Now = Callable[[], float]
"""Gives the time in seconds since 1970-01-01T00:00:00Z."""


def system_now() -> float:
    """The system's time in seconds since 1970-01-01T00:00:00Z."""
    return time.time()
