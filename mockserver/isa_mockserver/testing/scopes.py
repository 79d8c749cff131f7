"""Requests as an ASGI app in the test's own process gets them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from isa_mockserver.web.asgi import Scope
from isa_mockserver.web.wire import RawHeaders


def post_scope(url: str, headers: RawHeaders) -> Scope:
    """The ASGI scope of a POST as it would arrive at a server on the loopback address."""
    parts = urlsplit(url)
    raw_path = parts.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": parts.scheme,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("ascii"),
        "root_path": "",
        "query_string": parts.query.encode("ascii"),
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": (parts.hostname, parts.port or 80),
    }
