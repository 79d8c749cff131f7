"""The reference server in tests and notebooks: in process, no port, no thread. Loaded on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .control import (
        ControlError,
        ControlRefusedError,
        ControlUnreachableError,
        MockControl,
        SyncMockControl,
    )
    from .server import MockServer, RawAnswer

__all__ = [
    "ControlError",
    "ControlRefusedError",
    "ControlUnreachableError",
    "MockControl",
    "MockServer",
    "RawAnswer",
    "SyncMockControl",
]

_OF_THE_SERVER = ("MockServer", "RawAnswer")


def __getattr__(name: str) -> Any:
    if name in __all__:
        module = "server" if name in _OF_THE_SERVER else "control"
        return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
