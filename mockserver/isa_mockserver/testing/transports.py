"""The SDK's transport seam, answered in process."""

from __future__ import annotations

from isa_user._wire import TransportFailure, WireRequest, WireResponse

from .carrier import Carrier, CarrierError, LateError, VirtualTime
from .inprocess import Doors


class SyncInProcess:
    """A sync transport without socket or thread; what a fault delays passes in `time`, not in real time."""

    def __init__(self, doors: Doors, time: VirtualTime) -> None:
        self._doors = doors
        self._time = time

    def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Answer the request; raises TransportFailure where a fault keeps the answer from the client."""
        carrier = Carrier(timeout_s)
        try:
            answer = self._doors.call(request.method, request.url, request.headers, request.body, carrier)
        except CarrierError as error:
            raise _failure(error, request) from error
        finally:
            self._time.pass_by(carrier.waited_s)
        return WireResponse(*answer)

    def close(self) -> None:
        """Nothing is held open."""


class AsyncInProcess:
    """An async transport without socket or event loop of its own; time passes as in `SyncInProcess`."""

    def __init__(self, doors: Doors, time: VirtualTime) -> None:
        self._doors = doors
        self._time = time

    async def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Answer the request; raises TransportFailure where a fault keeps the answer from the client."""
        carrier = Carrier(timeout_s)
        try:
            answer = await self._doors.call_async(
                request.method, request.url, request.headers, request.body, carrier
            )
        except CarrierError as error:
            raise _failure(error, request) from error
        finally:
            self._time.pass_by(carrier.waited_s)
        return WireResponse(*answer)

    async def aclose(self) -> None:
        """Nothing is held open."""


def _failure(error: CarrierError, request: WireRequest) -> TransportFailure:
    """The seam's form; the server had the whole request, so it may have done the work."""
    late = isinstance(error, LateError)
    origin = "/".join(request.url.split("/", 3)[:3])
    kind = "Timed out while waiting for" if late else "Lost the connection to"
    return TransportFailure(f"{kind} {origin}: {error}", sent=True, timed_out=late)
