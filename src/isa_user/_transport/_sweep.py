"""Frees connections that a cancelled call left stuck in the pool of somebody's httpx client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import httpcore
import httpx

__all__ = ["free_stuck_connections"]


async def free_stuck_connections(client: httpx.AsyncClient) -> None:
    """Close the connections that no request holds and that none will ever get again (httpcore#1093).

    A task that is cancelled between getting a connection and using it leaves the connection neither idle
    nor closed: it would take up its place in a bounded pool for ever. Does nothing where the pool is not
    one that is known here.
    """
    with anyio.CancelScope(shield=True):
        for pool in _pools(client):
            for connection in _take_stuck(pool):
                await connection.aclose()


def _pools(client: httpx.AsyncClient) -> Iterator[httpcore.AsyncConnectionPool]:
    transports = [getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()]
    for transport in transports:
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.AsyncConnectionPool) and hasattr(pool, "_requests"):
            yield pool


def _take_stuck(pool: Any) -> list[Any]:
    """Take them out of the pool, and let waiting requests have their places."""
    held = {id(request.connection) for request in pool._requests}
    stuck = [each for each in pool.connections if id(each) not in held and _is_stuck(each)]
    for connection in stuck:
        pool._connections.remove(connection)
    return stuck + (pool._assign_requests_to_connections() if stuck else [])


def _is_stuck(connection: Any) -> bool:
    return not (connection.is_idle() or connection.is_closed() or connection.is_available())
