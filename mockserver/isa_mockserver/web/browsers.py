"""Web pages of other origins may call the services (CORS); whoever names no origin is not a web page."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware

from .wire import ASGIApp, Receive, Scope, Send

EXPOSED_HEADERS = (
    "X-Request-Id",
    "Idempotent-Replayed",
    "Retry-After",
    "Isa-Mock-Warning",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
)
"""What a page of another origin may read of an answer's headers."""


class ForBrowsers:
    """An app whose answers, where the request names an origin, say that every origin may read them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._cors: ASGIApp = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED_HEADERS
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the app."""
        named = any(name == b"origin" for name, _ in scope["headers"])
        await (self._cors if named else self._app)(scope, receive, send)
