"""Sockets for the sync transport that obey one deadline an attempt, however the answer drips in.

httpx's own timeouts start anew with every read; these shrink to what is left of the attempt.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

__all__ = ["DeadlineBackend", "attempt_deadline"]


class _Deadline(threading.local):
    ends_at: float | None = None


_CURRENT = _Deadline()


@contextmanager
def attempt_deadline(timeout_s: float) -> Iterator[None]:
    """Bound everything that this thread reads and writes inside the block."""
    _CURRENT.ends_at = time.monotonic() + timeout_s
    try:
        yield
    finally:
        _CURRENT.ends_at = None


def _left(timeout: float | None, error: type[Exception]) -> float | None:
    if _CURRENT.ends_at is None:
        return timeout
    remaining = _CURRENT.ends_at - time.monotonic()
    if remaining <= 0:
        raise error("the time for this attempt is over")
    return remaining if timeout is None else min(timeout, remaining)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.NetworkBackend):
    """The standard sockets, bounded by :func:`attempt_deadline`."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection within what is left of the attempt."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._backend.connect_tcp(host, port, left, local_address, socket_options))
