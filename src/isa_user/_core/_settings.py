"""What both drivers hold and do alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, Final, TypeVar

from isa_user._call import Call
from isa_user._config import ClientConfig
from isa_user._core._lifetime import Lifetime
from isa_user._headers import encode_headers
from isa_user._log import configure_from_env, log_call
from isa_user._operations import Operation
from isa_user._request import prepare
from isa_user._trace import tracing_from_env
from isa_user.errors import IsaError

__all__ = ["NOTHING", "SHALLOW", "Settings", "httpx_transports", "now"]

T = TypeVar("T")

NOTHING: Final[Mapping[str, Any]] = {}


def _new_key() -> str:
    """A new idempotency key (rules ID-5)."""
    return str(uuid.uuid4())


def httpx_transports() -> ModuleType:
    """The transports, loaded with the first call that needs one."""
    from isa_user import _transport

    return _transport


def now() -> datetime:
    """The date, for a ``Retry-After`` that is one."""
    return datetime.now(UTC)


class _Shallow:
    """A block whose errors begin their traceback here: the SDK's frames below tell a user nothing.

    Where the user's own code was called, such as a token function, its frames stay.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, IsaError):
            return
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_globals.get("__name__", "").startswith("isa_user."):
            trace = trace.tb_next
        error.__traceback__ = trace


SHALLOW: Final = _Shallow()


class Settings:
    """What both drivers hold."""

    def __init__(self, config: ClientConfig, clock: Callable[[], float]) -> None:
        encode_headers(config.default_headers, source="default_headers")
        configure_from_env()
        self._tracing = tracing_from_env()
        self._lifetime = Lifetime()
        self.config = config
        self.clock = clock

    def enter(self) -> None:
        """Note a block that uses the client."""
        self._lifetime.enter()

    def prepare(
        self,
        operation: Operation[T],
        options: Mapping[str, Any],
        path: Mapping[str, Any] = NOTHING,
        query: Mapping[str, Any] = NOTHING,
        body: Mapping[str, Any] | None = None,
    ) -> Call[T]:
        return prepare(operation, self.config, options, path, query, body, new_key=_new_key)

    def _failed(self, call: Call[Any], error: IsaError, started_at: float) -> None:
        result = f"{type(error).__name__} {error.status_code or ''}".rstrip()
        log_call(call, result, error, self.clock() - started_at)
