"""Sending over HTTP: one POST, 15 seconds, no redirects (rules WH-6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import anyio

from isa_mockserver.kernel.clock import wall_now

from .adversary import Shipment
from .outbox import Parcel
from .outcome import TIMED_OUT, TIMEOUT_S, Outcome, answer, failure

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 65_536
"""Of an answer's body no more is read, so that a short one leaves the connection fit for the next."""

_FIXED_HEADERS = {"content-type": "application/json", "user-agent": "isa-mockserver"}
_MAX_CONNECTIONS = 64


class HttpSender:
    """Sends webhooks; keeps its connections, of one event loop, until it is closed."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    @property
    def is_open(self) -> bool:
        """Whether there may be open connections."""
        return self._client is not None

    async def send(self, parcel: Parcel, shipment: Shipment) -> Outcome:
        """Send one request and tell what came of it; nothing is raised for what a receiver does."""
        client = self._opened()
        began = anyio.current_time()
        with anyio.move_on_after(TIMEOUT_S):
            try:
                status, headers = await _post(client, parcel.url, shipment)
            except Exception as error:  # whatever it is, it is the delivery that failed
                return failure(error)
            latency_ms = int((anyio.current_time() - began) * 1000)
            return answer(status, headers, wall_now(), latency_ms=latency_ms)
        return TIMED_OUT

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _opened(self) -> httpx.AsyncClient:
        import httpx  # here, for a server without webhooks starts without it

        if self._client is None:
            self._client = httpx.AsyncClient(  # nosec B113
                timeout=None,
                follow_redirects=False,
                trust_env=False,
                limits=httpx.Limits(max_connections=_MAX_CONNECTIONS, keepalive_expiry=4.0),
            )
        return self._client


async def _post(client: httpx.AsyncClient, url: str, shipment: Shipment) -> tuple[int, Mapping[str, str]]:
    headers = {**_FIXED_HEADERS, **shipment.headers}
    async with client.stream("POST", url, content=shipment.body, headers=headers) as response:
        read = 0
        async for chunk in response.aiter_raw():
            read += len(chunk)
            if read > MAX_ANSWER_BYTES:
                break
        return response.status_code, response.headers
