"""The SDK's transport seam, answered in process."""

from __future__ import annotations

from isa_user._wire import WireRequest, WireResponse

from .inprocess import Doors


class SyncInProcess:
    """A sync transport without socket or thread."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Answer the request at once; there is nothing to time out."""
        status, headers, body = self._doors.call(request.method, request.url, request.headers, request.body)
        return WireResponse(status, headers, body)

    def close(self) -> None:
        """Nothing is held open."""


class AsyncInProcess:
    """An async transport without socket or event loop of its own."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Answer the request at once; there is nothing to time out."""
        status, headers, body = await self._doors.call_async(
            request.method, request.url, request.headers, request.body
        )
        return WireResponse(status, headers, body)

    async def aclose(self) -> None:
        """Nothing is held open."""
