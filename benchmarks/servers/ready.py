"""uvicorn with one bare Starlette app that answers a GET, as it would be started; takes its port."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def health(_: Request) -> JSONResponse:
    """Answer that all is well."""
    return JSONResponse({"status": "healthy"})


app = Starlette(routes=[Route("/health", health)])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", ws="none", lifespan="off")
