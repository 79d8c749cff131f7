"""The transport of sync clients; thread-safe."""

from __future__ import annotations

import os
import ssl
import threading
import time
from urllib.parse import urlsplit

import httpcore
import httpx

from isa_user._transport import _shared
from isa_user._transport._body import Collected, check_coding, unpacked
from isa_user._transport._deadline import DeadlineBackend, attempt_deadline
from isa_user._wire import WireRequest, WireResponse
from isa_user.errors import ConfigurationError

__all__ = ["HttpxSyncTransport"]


class _Direct(httpx.HTTPTransport):
    """httpx's transport over a pool whose sockets obey one deadline an attempt."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=None,
            max_keepalive_connections=_shared.MAX_IDLE,
            keepalive_expiry=_shared.KEEPALIVE_S,
            network_backend=DeadlineBackend(),
        )


class _Pools:
    """The connections of one process: direct ones by scheme, and the proxied client."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._lock = threading.Lock()
        self._direct: dict[str, _Direct] = {}
        self._proxied: httpx.Client | None = None

    def direct(self, scheme: str) -> _Direct:
        pool = self._direct.get(scheme)
        if pool is None:
            with self._lock:
                pool = self._direct.get(scheme)
                if pool is None:
                    tls = _shared.tls_context() if scheme == "https" else None
                    pool = self._direct[scheme] = _Direct(tls)
        return pool

    def proxied(self) -> httpx.Client:
        with self._lock:
            if self._proxied is None:
                self._proxied = httpx.Client(
                    verify=_shared.tls_context(),
                    limits=_shared.limits(),
                    cookies=_shared.no_cookies(),
                    follow_redirects=False,
                )
            return self._proxied

    def close(self) -> None:
        with self._lock:
            for pool in self._direct.values():
                pool.close()
            if self._proxied is not None:
                self._proxied.close()


class HttpxSyncTransport:
    """Keeps connections for the process; a forked child starts with none."""

    def __init__(self, http_client: httpx.Client | None = None) -> None:
        if http_client is not None and not isinstance(http_client, httpx.Client):
            raise ConfigurationError("http_client of a sync client must be an httpx.Client.")
        self._injected = http_client
        self._pools = _Pools()
        self._proxies = _shared.Proxies()

    def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        """Send one request; see :class:`isa_user._wire.SyncTransport`."""
        body = _shared.Body(request.body)
        try:
            client = self._client_for(request.url)
            if client is not None:
                body.taken = True
                return _through(client, request, timeout_s)
            with attempt_deadline(timeout_s):
                return self._straight(request, body, timeout_s)
        except (httpx.HTTPError, TimeoutError) as error:
            raise _shared.transport_failure(error, request, taken=body.taken) from error

    def _current_pools(self) -> _Pools:
        if self._pools.pid != os.getpid():
            self._pools = _Pools()
        return self._pools

    def _client_for(self, url: str) -> httpx.Client | None:
        if self._injected is not None:
            return self._injected
        return self._current_pools().proxied() if self._proxies.apply_to(url) else None

    def _straight(self, request: WireRequest, body: _shared.Body, timeout_s: float) -> WireResponse:
        pool = self._current_pools().direct(urlsplit(request.url).scheme)
        response = pool.handle_request(_shared.direct_request(request, body, timeout_s))
        packed = Collected()
        try:
            for piece in response.iter_raw():
                packed.add(piece)
        finally:
            response.close()
        return WireResponse(
            response.status_code, response.headers.raw, unpacked(response.headers, packed.joined())
        )

    def close(self) -> None:
        """Close the connections; an injected client stays open, for its owner to close."""
        pools, self._pools = self._pools, _Pools()
        if pools.pid == os.getpid():
            pools.close()


def _through(client: httpx.Client, request: WireRequest, timeout_s: float) -> WireResponse:
    """Send through a whole client; its body is read piece by piece, so that dripping cannot hold it up."""
    ends_at = time.monotonic() + timeout_s
    built = _shared.client_request(client, request, timeout_s)
    response = client.send(built, stream=True, follow_redirects=False)
    plain = Collected()
    try:
        check_coding(response.headers)
        for piece in response.iter_bytes():
            plain.add(piece)
            if time.monotonic() > ends_at:
                raise TimeoutError
    finally:
        response.close()
    return WireResponse(response.status_code, response.headers.raw, plain.joined())
