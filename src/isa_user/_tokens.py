"""Access tokens from a str or a provider; a provider is asked again once after a 401, single flight."""

from __future__ import annotations

import inspect
import threading
from typing import TYPE_CHECKING, Any

from isa_user._loops import PerLoop
from isa_user.errors import InvalidArgumentError, MissingTokenError
from isa_user.errors._secret import guarded

if TYPE_CHECKING:
    import anyio

__all__ = ["AsyncTokens", "SyncTokens"]


class _Cache:
    """The client's own provider and the token it gave last; a call's own provider is not cached."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._value: Any = None

    def owns(self, source: Any) -> bool:
        return source is self._provider

    def usable(self, rejected: str | None) -> Any:
        """The cached token, unless it is the one that was just rejected."""
        return None if self._value == rejected else self._value

    def store(self, value: Any) -> Any:
        self._value = value
        return value


def _new_lock() -> anyio.Lock:
    from anyio import Lock

    return Lock()


class AsyncTokens:
    """Fetches tokens for an async client."""

    def __init__(self, provider: Any) -> None:
        self._cache = _Cache(provider)
        self._locks = PerLoop(_new_lock)

    async def get(self, source: Any, rejected: str | None) -> Any:
        """The token of ``source``, other than ``rejected`` where the provider has a newer one."""
        if not self._cache.owns(source):
            return await _fetch(source)
        value = self._cache.usable(rejected)
        if value is not None:
            return value
        async with self._locks.get():
            value = self._cache.usable(rejected)
            return value if value is not None else self._cache.store(await _fetch(source))


async def _fetch(source: Any) -> Any:
    value = source()
    return _checked(await value if inspect.isawaitable(value) else value)


def _checked(value: Any) -> Any:
    """What a provider gave, with a repr that does not show it."""
    if not isinstance(value, str) or not value.strip():
        gave = "an empty str" if isinstance(value, str) else type(value).__name__
        raise MissingTokenError(
            f"The function that fetches the access token gave {gave}.",
            next_step="Let it return the token as a str, or raise what went wrong.",
        )
    return guarded(value, "token")


class SyncTokens:
    """Fetches tokens for a sync client; thread-safe."""

    def __init__(self, provider: Any) -> None:
        self._cache = _Cache(provider)
        self._lock = threading.Lock()

    def get(self, source: Any, rejected: str | None) -> Any:
        """The token of ``source``, other than ``rejected`` where the provider has a newer one."""
        if not self._cache.owns(source):
            return _fetch_now(source)
        value = self._cache.usable(rejected)
        if value is not None:
            return value
        with self._lock:
            value = self._cache.usable(rejected)
            return value if value is not None else self._cache.store(_fetch_now(source))


def _fetch_now(source: Any) -> Any:
    value = source()
    if inspect.iscoroutine(value):
        value.close()
    if inspect.isawaitable(value):
        raise InvalidArgumentError(
            "A sync client needs a sync token provider; this one is async.", param="token"
        )
    return _checked(value)
