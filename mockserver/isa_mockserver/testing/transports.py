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
        return _answer(self._doors, request)

    def close(self) -> None:
        """Nothing is held open."""


class AsyncInProcess:
    """An async transport without socket or event loop of its own."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Answer the request at once; there is nothing to time out."""
        return _answer(self._doors, request)

    async def aclose(self) -> None:
        """Nothing is held open."""


def _answer(doors: Doors, request: WireRequest) -> WireResponse:
    status, headers, body = doors.call(request.method, request.url, request.headers, request.body)
    return WireResponse(status, headers, body)
