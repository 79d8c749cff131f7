"""A client of a running server's control API: another process's, a container's, one for many tests."""

from __future__ import annotations

from ._async import MockControl
from ._sync import SyncMockControl
from .caller import DEFAULT_URL
from .errors import ControlError, ControlRefusedError, ControlUnreachableError

__all__ = [
    "DEFAULT_URL",
    "ControlError",
    "ControlRefusedError",
    "ControlUnreachableError",
    "MockControl",
    "SyncMockControl",
]
