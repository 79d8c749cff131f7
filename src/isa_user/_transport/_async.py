"""The transport of async clients, on asyncio and trio."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import anyio
import httpcore
import httpx

from isa_user._loops import PerLoop
from isa_user._transport import _shared
from isa_user._transport._body import Collected, check_coding, unpacked
from isa_user._transport._sweep import free_stuck_connections
from isa_user._wire import WireRequest, WireResponse
from isa_user.errors import ConfigurationError

__all__ = ["HttpxAsyncTransport"]

# httpx's own timeouts come first, because they tell connecting from waiting and leave its pool clean;
# the bound around the whole attempt catches what they let through, such as a dripping body.
_INNER_SHARE: Final = 0.98
# httpcore may keep a connection for ever when a task is cancelled at the wrong moment (httpcore#1093);
# after so many cancelled calls a pool makes way for a new one and is closed with its last call.
_MAX_CANCELLED: Final = 20


class _Direct(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool that makes no TLS context of its own."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,
            max_keepalive_connections=_shared.MAX_IDLE,
            keepalive_expiry=_shared.KEEPALIVE_S,
        )
        self.in_flight = 0
        self.cancelled = 0

    async def exchange(self, request: httpx.Request) -> WireResponse:
        self.in_flight += 1
        try:
            response = await self.handle_async_request(request)
            try:
                packed = await _collected(response.aiter_raw())
            finally:
                await response.aclose()
            return WireResponse(
                response.status_code, response.headers.raw, unpacked(response.headers, packed)
            )
        except Exception:
            raise
        except BaseException:
            self.cancelled += 1
            raise
        finally:
            self.in_flight -= 1


class _LoopPools:
    """The connections of one event loop: direct ones by scheme, and the proxied client."""

    def __init__(self) -> None:
        self._direct: dict[str, _Direct] = {}
        self._proxied: httpx.AsyncClient | None = None
        self._open: list[_Direct | httpx.AsyncClient] = []
        self._closer: AsyncGenerator[None, None] | None = None

    async def direct(self, scheme: str) -> _Direct:
        pool = self._direct.get(scheme)
        if pool is None:
            tls = _shared.tls_context() if scheme == "https" else None
            pool = self._direct[scheme] = _Direct(tls)
            await self._close_later(pool)
        return pool

    async def proxied(self) -> httpx.AsyncClient:
        if self._proxied is None:
            self._proxied = httpx.AsyncClient(
                verify=_shared.tls_context(),
                limits=_shared.limits(),
                cookies=_shared.no_cookies(),
                follow_redirects=False,
            )
            await self._close_later(self._proxied)
        return self._proxied

    async def _close_later(self, opened: _Direct | httpx.AsyncClient) -> None:
        self._open.append(opened)
        if self._closer is None:
            # A loop finalises its asynchronous generators when it ends, and when nobody holds them any
            # more: so the connections are closed also where the client was not.
            self._closer = _closing(self._open)
            await anext(self._closer)

    async def retire_worn_out(self, scheme: str, pool: _Direct) -> None:
        if pool.cancelled < _MAX_CANCELLED:
            return
        if self._direct.get(scheme) is pool:
            del self._direct[scheme]
        if pool.in_flight == 0 and pool in self._open:
            self._open.remove(pool)
            with anyio.CancelScope(shield=True):
                await pool.aclose()

    async def aclose(self) -> None:
        if self._closer is not None:
            await self._closer.aclose()


async def _closing(opened: list[_Direct | httpx.AsyncClient]) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        for each in opened:
            await each.aclose()


async def _read(response: httpx.Response) -> bytes:
    """The body of an answer that came through a whole client, which unpacks it."""
    try:
        check_coding(response.headers)
        return await _collected(response.aiter_bytes())
    finally:
        await response.aclose()


async def _collected(pieces: AsyncIterator[bytes]) -> bytes:
    collected = Collected()
    async for piece in pieces:
        collected.add(piece)
    return collected.joined()


class HttpxAsyncTransport:
    """Keeps connections for each event loop, and closes them with it."""

    def __init__(self, http_client: httpx.AsyncClient | None = None) -> None:
        if http_client is not None and not isinstance(http_client, httpx.AsyncClient):
            raise ConfigurationError("http_client of an async client must be an httpx.AsyncClient.")
        self._injected = http_client
        self._pools = PerLoop(_LoopPools)
        self._proxies = _shared.Proxies()

    async def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Send one request; see :class:`isa_user._wire.AsyncTransport`."""
        body = _shared.Body(request.body)
        try:
            with anyio.fail_after(timeout_s):
                client = await self._client_for(request.url)
                if client is None:
                    return await self._straight(request, body, timeout_s * _INNER_SHARE)
                body.taken = True
                return await self._through(client, request, timeout_s * _INNER_SHARE)
        except (httpx.HTTPError, TimeoutError) as error:
            raise _shared.transport_failure(error, request, taken=body.taken) from error

    async def _client_for(self, url: str) -> httpx.AsyncClient | None:
        if self._injected is not None:
            return self._injected
        return await self._pools.get().proxied() if self._proxies.apply_to(url) else None

    async def _straight(self, request: WireRequest, body: _shared.Body, timeout_s: float) -> WireResponse:
        pools, scheme = self._pools.get(), urlsplit(request.url).scheme
        pool = await pools.direct(scheme)
        try:
            return await pool.exchange(_shared.direct_request(request, body, timeout_s))
        finally:
            await pools.retire_worn_out(scheme, pool)

    async def _through(
        self, client: httpx.AsyncClient, request: WireRequest, timeout_s: float
    ) -> WireResponse:
        built = _shared.client_request(client, request, timeout_s)
        try:
            response = await client.send(built, stream=True, follow_redirects=False)
            return WireResponse(response.status_code, response.headers.raw, await _read(response))
        except Exception:
            raise
        except BaseException:
            await free_stuck_connections(client)
            raise

    async def aclose(self) -> None:
        """Close this loop's connections; an injected client stays open, for its owner to close."""
        pools = self._pools.pop()
        if pools is not None:
            await pools.aclose()
