"""`/` of the gateway: where everything is, as a page for browsers and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

from isa_mockserver.version import server_version

from .answers import answered
from .htmlpage import html_page
from .jsontext import to_json
from .place import Place
from .runtime import Runtime
from .wire import Answer, Request

_LINKS = (
    ("/docs", "docs", "every call, to be tried out"),
    ("/openapi.json", "openapi", "the OpenAPI document"),
    ("/health", "health", "whether the services are up"),
    ("/_mock/requests", "requests", "what was asked, and what was answered"),
    ("/_mock/events", "events", "what happened"),
    ("/_mock/webhooks", "webhooks", "who gets events"),
    ("/_mock/clock", "clock", "the server's time"),
)
"""Path, its name in the JSON document, and what is there."""


class Listed(NamedTuple):
    """A service: what the published page calls it, the port that it has there, what its paths begin with."""

    name: str
    port: int
    paths: str


class Landing:
    """The page; no token is asked for."""

    def __init__(self, services: Iterable[Listed], runtime: Runtime) -> None:
        self._services = tuple(services)
        self._runtime = runtime

    def __call__(self, request: Request) -> Answer:
        """Answer in the form that is asked for."""
        return answered(request, self._runtime, lambda _: self._answer(request))

    def _answer(self, request: Request) -> Answer:
        if "text/html" in request.headers.get("accept", ""):
            page = html_page("isa-mockserver", "".join(self._html()))
            return page._replace(headers=(*page.headers, ("Vary", "Accept")))
        return Answer(200, to_json(self._document()), headers=(("Vary", "Accept"),))

    def _document(self) -> dict[str, Any]:
        return {
            "service": "isa-mockserver",
            "version": server_version(),
            "services": [each._asdict() for each in self._services],
            "links": {name: path for path, name, _ in _LINKS},
        }

    def _html(self) -> Iterator[str]:
        yield f"<p>Version {escape(server_version())}. This port, the gateway, serves all of</p><table>"
        for each in self._services:
            yield f"<tr><td>{each.name}</td><td><code>{each.paths}</code></td><td>{each.port}</td></tr>"
        yield "</table><p>Last comes the port of its own, without a <code>--port-offset</code>.</p>"
        for path, _, words in _LINKS:
            yield f'<p><a href="{path}"><code>{path}</code></a> {words}</p>'


def landing_place(services: Iterable[Listed], runtime: Runtime) -> Place:
    """Where it is: `/`."""
    return Place("/", {"GET": Landing(services, runtime)})
