"""Pages that people see in a browser, guarded as the control calls are (mockserver page, Control API).

To look at one, a page of another site may send its visitor here: only `Host` is checked then, and the page
cannot be put into a frame. To press a button on it, the request has to come from the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from pydantic import BaseModel

from isa_mockserver.web.guard import RawHeaders
from isa_mockserver.web.parsing import query_of
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.sandboxes import SANDBOX_HEADER
from isa_mockserver.web.wire import Answer, Request

from .endpoint import ControlEndpoint
from .route import ControlCall, ControlRoute, ControlSettings

HTML = "text/html; charset=utf-8"
_BROWSERS_OWN = (b"origin", b"sec-fetch-site")
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:10vh auto;"
    "padding:0 1.5rem}h1{font-size:1.4rem}button{font:inherit;padding:.5rem 1.5rem;margin:0 .8rem .8rem 0;"
    "cursor:pointer}form{display:inline}code,dd{overflow-wrap:anywhere}dt{opacity:.75}dd{margin:0 0 .6rem}"
    "table{border-spacing:0 .3rem}td{padding-right:1.5rem}"
)


class PageRoute(NamedTuple):
    """One page, or one of its buttons; it takes no body, and `query` holds what its address says."""

    operation: str
    method: str
    path: str
    handler: Callable[[ControlCall[Any, Any]], Answer]
    summary: str
    query: type[BaseModel]


def html_page(title: str, body: str, *, forms_to: str = "") -> Answer:
    """A whole page; `body` is HTML already, `forms_to` the origins beside ours that a form may end at."""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {forms_to}"
    )
    headers = (
        ("Content-Security-Policy", policy.rstrip()),
        ("X-Content-Type-Options", "nosniff"),
        # With `no-referrer` a browser would not name our own origin when a button is pressed.
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    )
    return Answer(200, text.encode(), HTML, headers)


class PageEndpoint(ControlEndpoint):
    """One page as an ASGI app; a browser cannot send headers, so its address names the sandbox."""

    def __init__(self, page: PageRoute, runtime: Runtime, settings: ControlSettings) -> None:
        route = ControlRoute(
            operation=page.operation,
            method=page.method,
            path=page.path,
            handler=page.handler,
            summary=page.summary,
            response=None,
            query=page.query,
        )
        super().__init__(route, runtime, settings)

    def _admit(self, request: Request, headers: RawHeaders) -> Any:
        if self.route.method == "GET":
            headers = [(name, value) for name, value in headers if name.lower() not in _BROWSERS_OWN]
        sandbox = query_of(request).get("sandbox")
        if sandbox is not None:
            named = {**request.headers, SANDBOX_HEADER.lower(): sandbox}
            request = request._replace(headers=named)
        return super()._admit(request, headers)
