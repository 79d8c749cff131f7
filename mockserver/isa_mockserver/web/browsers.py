"""Web pages of other origins may call the services (CORS); whoever names no origin is not a web page."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .wire import Answer, Request, Responder

if TYPE_CHECKING:
    from starlette.middleware.cors import CORSMiddleware

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
    """Answers whose headers, where the request names an origin, say that every origin may read them."""

    def __init__(self, answer: Responder) -> None:
        self._answer = answer

    def __call__(self, request: Request) -> Answer:
        """Answer, a browser's question before its real one (preflight) included."""
        if "origin" not in request.headers:
            return self._answer(request)
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            return self._preflight(request)
        answer = self._answer(request)
        varies = [value for name, value in answer.headers if name == "Vary"]
        others = [pair for pair in answer.headers if pair[0] != "Vary"]
        vary = ("Vary", ", ".join([*varies, "Origin"]))
        return answer._replace(headers=(*others, *self._cors.simple_headers.items(), vary))

    @cached_property
    def _cors(self) -> CORSMiddleware:
        from starlette.middleware.cors import CORSMiddleware  # here, for few callers are web pages

        return CORSMiddleware(
            _no_app,
            allow_origins=["*"],
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=EXPOSED_HEADERS,
        )

    def _preflight(self, request: Request) -> Answer:
        from starlette.datastructures import Headers

        response = self._cors.preflight_response(request_headers=Headers(request.headers))
        headers = [
            (name, value)
            for name, value in response.headers.items()
            if name not in ("content-type", "content-length")
        ]
        content_type = response.headers["content-type"]
        return Answer(response.status_code, bytes(response.body), content_type, headers)


async def _no_app(*_: object) -> None:
    """Starlette's middleware is asked for its headers only."""
