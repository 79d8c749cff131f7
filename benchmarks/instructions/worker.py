"""Does one kind of work so many times, for callgrind to count: takes the kind and the number."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Mapping

import httpx

from benchmarks.load import CREATE, PATH, headers
from benchmarks.rows.worlds import START, subscribe_users
from benchmarks.servers.canned import BODY
from benchmarks.servers.echo import app as echo
from isa_mockserver.testing import MockServer
from isa_user import PaymentClient
from isa_user._wire import WireRequest, WireResponse

_WARM_UP = 20
"""So many calls more, so that the first ones are part of every count."""


class _Canned:
    """A transport that has its answer ready."""

    async def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        return WireResponse(201, [(b"content-type", b"application/json"), (b"x-request-id", b"req_1")], BODY)

    async def aclose(self) -> None:
        """Nothing is held open."""


def _call(times: int) -> None:
    with MockServer() as server:
        _create(server.client(PaymentClient), times)


def _sdk(times: int) -> None:
    _create(PaymentClient._bound(transport=_Canned(), sleep=asyncio.sleep, token="user_1"), times)


def _create(client: PaymentClient, times: int) -> None:
    _awaited(lambda: client.create_intent(**CREATE), times)


def _bridge(times: int) -> None:
    peer = httpx.AsyncClient(transport=httpx.ASGITransport(echo))

    async def post() -> object:
        return (await peer.post(f"http://localhost:8207{PATH}", json=CREATE, headers=headers())).json()

    _awaited(post, times)


def _awaited(operation: Callable[[], Awaitable[object]], times: int) -> None:
    async def every() -> None:
        for _ in range(_WARM_UP + times):
            await operation()

    asyncio.run(every())


def _year(times: int) -> None:
    with MockServer(clock=START) as server:
        subscribe_users(server, times)
        server.clock.advance(days=366)


KINDS: Mapping[str, Callable[[int], None]] = {"call": _call, "sdk": _sdk, "bridge": _bridge, "year": _year}


def main(kind: str, times: int) -> None:
    """Do it; without the collector, whose times are not those of the work."""
    gc.disable()
    KINDS[kind](times)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
