"""What both colours of the transport share: requests, failures, limits, proxies, the TLS context."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from isa_user._transport._advice import start_advice, tls_advice
from isa_user._transport._body import MAX_BODY_BYTES, BodyTooLargeError
from isa_user._wire import TransportFailure, WireRequest
from isa_user.errors import ConfigurationError

__all__ = [
    "KEEPALIVE_S",
    "MAX_IDLE",
    "Body",
    "Proxies",
    "client_request",
    "direct_request",
    "limits",
    "no_cookies",
    "tls_context",
    "transport_failure",
]

# Below the idle timeout of any usual server, so that a reused connection is not closed under a write.
KEEPALIVE_S: Final = 4.0
MAX_IDLE: Final = 100

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_KINDS: Mapping[type[Exception], str] = {
    BodyTooLargeError: f"Gave up on an answer of more than {MAX_BODY_BYTES} bytes from",
    httpx.ConnectTimeout: "Timed out while connecting to",
    httpx.PoolTimeout: "Timed out while waiting for a free connection to",
    httpx.TimeoutException: "Timed out while waiting for",
    TimeoutError: "Timed out while waiting for",
    httpx.ConnectError: "Could not connect to",
    httpx.ProxyError: "The proxy refused the way to",
    httpx.DecodingError: "Could not decode the answer of",
    httpx.HTTPError: "Lost the connection to",
}


@lru_cache(maxsize=1024)
def _url(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"The base URL has a host that cannot be asked: {error}") from None


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """The one TLS context of the process, made when the first https connection needs it."""
    return httpx.create_ssl_context()


def limits() -> httpx.Limits:
    """Pool limits; how many calls run at once is for the caller to decide."""
    return httpx.Limits(
        max_connections=None, max_keepalive_connections=MAX_IDLE, keepalive_expiry=KEEPALIVE_S
    )


def no_cookies() -> CookieJar:
    """A jar that keeps nothing: a client may carry several users' tokens, and must not mix their cookies."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class Proxies:
    """Which origins the environment sends through a proxy; asked once an origin."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def apply_to(self, url: str) -> bool:
        """Whether requests to this URL go through a proxy."""
        origin = "/".join(url.split("/", 3)[:3])
        if origin not in self._known:
            self._known[origin] = _proxied(origin)
        return self._known[origin]


def _proxied(origin: str) -> bool:
    parts = urlsplit(origin)
    proxies = getproxies()
    return bool(proxies.get(parts.scheme) or proxies.get("all")) and not proxy_bypass(parts.netloc)


class Body(httpx.AsyncByteStream, httpx.SyncByteStream):
    """A request body that notes when it is taken: before that the server cannot have the whole request."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        # Without a body the headers are the whole request, and nothing tells when they were sent.
        self.taken = not content

    def __iter__(self) -> Iterator[bytes]:
        self.taken = True
        yield self.content

    def __aiter__(self) -> AsyncIterator[bytes]:
        self.taken = True
        return _Piece(self.content)


class _Piece:
    """Iterates over one piece of bytes; a generator would be left open, and noticed by trio, on a cancel."""

    def __init__(self, content: bytes) -> None:
        self._content: bytes | None = content

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._content is None:
            raise StopAsyncIteration
        content, self._content = self._content, None
        return content


def direct_request(request: WireRequest, body: Body, timeout_s: float) -> httpx.Request:
    """The request for httpx's transport, without what an httpx client would add."""
    return httpx.Request(
        request.method,
        _url(request.url),
        headers=request.headers,
        stream=body,
        extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout_s)},
    )


def client_request(
    client: httpx.AsyncClient | httpx.Client, request: WireRequest, timeout_s: float
) -> httpx.Request:
    """The request for a whole httpx client."""
    built = client.build_request(
        request.method,
        _url(request.url),
        headers=request.headers,
        content=request.body or None,
        timeout=httpx.Timeout(timeout_s),
    )
    built.stream = Body(request.body)
    return built


def transport_failure(error: Exception, request: WireRequest, *, taken: bool) -> TransportFailure:
    """The seam's form of an httpx error; ``taken`` tells whether the request's body was begun."""
    kind = next(text for cls, text in _KINDS.items() if isinstance(error, cls))
    origin = "/".join(request.url.split("/", 3)[:3])
    detail = f": {error}" if str(error) else ""
    next_step = tls_advice(error, origin)
    return TransportFailure(
        f"{kind} {origin}{detail}",
        sent=taken and not isinstance(error, _NOT_SENT),
        timed_out=isinstance(error, (httpx.TimeoutException, TimeoutError)),
        permanent=next_step is not None,
        next_step=next_step or start_advice(error, origin),
    )
