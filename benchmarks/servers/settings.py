"""The uvicorn settings of the reference server, for its bare peers."""

from __future__ import annotations

from starlette.types import ASGIApp
from uvicorn import Config, Server

from isa_mockserver.serve.server import KEEP_ALIVE_S
from isa_mockserver.serve.sockets import BACKLOG


def bare_server(app: ASGIApp) -> Server:
    """A server of uvicorn itself, as the reference server sets it up."""
    return Server(
        Config(
            app,
            http="httptools",
            ws="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
    )
