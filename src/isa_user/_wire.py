"""The narrow seam between the SDK and whatever carries bytes: httpx, or a server in the same process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from isa_user.errors._secret import repr_without

__all__ = [
    "AsyncSleep",
    "AsyncTransport",
    "RawHeaders",
    "SyncSleep",
    "SyncTransport",
    "TransportFailure",
    "WireRequest",
    "WireResponse",
]

RawHeaders = list[tuple[bytes, bytes]]
AsyncSleep = Callable[[float], Awaitable[None]]
SyncSleep = Callable[[float], None]


class WireRequest(NamedTuple):
    """One HTTP request as it goes on the wire; header names are lower case, host and length included."""

    method: str
    url: str
    headers: RawHeaders
    body: bytes

    def __repr__(self) -> str:
        return repr_without(self, ("headers", "body"))


class WireResponse(NamedTuple):
    """One complete HTTP answer; the body is decoded (no content encoding is left)."""

    status: int
    headers: RawHeaders
    body: bytes

    def __repr__(self) -> str:
        return repr_without(self, ("headers", "body"))


class TransportFailure(Exception):  # noqa: N818 - a result of the seam, not one of the public errors
    """No complete answer came back.

    ``sent`` is False only where the server surely never had the whole request, so that nothing can
    have been applied. ``timed_out`` tells a timeout from a broken connection; ``permanent`` says that
    another attempt would fail in the same way; ``next_step`` what can be done about it, where more is
    known than the error's class says. The library's own exception is ``__cause__``.
    """

    def __init__(
        self,
        message: str,
        *,
        sent: bool,
        timed_out: bool,
        permanent: bool = False,
        next_step: str | None = None,
    ) -> None:
        super().__init__(message)
        self.sent: bool = sent
        self.timed_out: bool = timed_out
        self.permanent: bool = permanent
        self.next_step: str | None = next_step


class AsyncTransport(Protocol):
    """Carries one request of an async client; raises :class:`TransportFailure`."""

    async def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Send one request; the whole attempt takes at most ``timeout_s`` seconds."""
        ...

    async def aclose(self) -> None:
        """Release the connections."""
        ...


class SyncTransport(Protocol):
    """Carries one request of a sync client; raises :class:`TransportFailure`."""

    def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Send one request; the whole attempt takes at most ``timeout_s`` seconds."""
        ...

    def close(self) -> None:
        """Release the connections."""
        ...
