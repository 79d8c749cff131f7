"""The bare Starlette JSON echo; prints its port."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.servers.sockets import listening_socket


async def echo(request: Request) -> JSONResponse:
    """Answer with the JSON that was sent."""
    return JSONResponse(await request.json())


app = Starlette(routes=[Route("/api/v1/payments/intent", echo, methods=["POST"])])


def main() -> None:
    """Serve until SIGTERM."""
    from benchmarks.servers.settings import bare_server  # the app alone is wanted in process too

    listening = listening_socket()
    print(listening.getsockname()[1], flush=True)
    bare_server(app).run(sockets=[listening])


if __name__ == "__main__":
    main()
