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

_NOT_INSTALLED = 'The reference server is not installed; install it with: pip install "isa-user[testing]"'
_OF_THE_SERVER = ("MockServer", "RawAnswer")


def __getattr__(name: str) -> Any:
    if name in __all__:
        module = "server" if name in _OF_THE_SERVER else "control"
        try:
            return getattr(import_module(f"{__name__}.{module}"), name)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] in ("isa_user", "isa_mockserver"):
                raise
            raise ModuleNotFoundError(_NOT_INSTALLED, name=error.name) from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
