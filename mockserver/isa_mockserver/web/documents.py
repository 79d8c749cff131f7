"""`/openapi.json` and `/docs` of one port; what they show is made at the first request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from .answers import answered
from .jsontext import to_json
from .place import Place
from .runtime import Runtime
from .wire import JSON, Answer, Request

MakeDocument = Callable[[], Mapping[str, Any]]

_HTML, _SCRIPT, _STYLE, _TEXT, _PNG = (
    "text/html; charset=utf-8",
    "text/javascript; charset=utf-8",
    "text/css; charset=utf-8",
    "text/plain; charset=utf-8",
    "image/png",
)
PAGE = "docs.html"
ASSETS: Mapping[str, str] = {
    "docs.css": _STYLE,
    "docs.js": _SCRIPT,
    "swagger-ui-bundle.js": _SCRIPT,
    "swagger-ui.css": _STYLE,
    "favicon-32x32.png": _PNG,
    "LICENSE": _TEXT,
    "NOTICE": _TEXT,
    "swagger-ui-bundle.js.LICENSE.txt": _TEXT,
}
"""What the page needs, and under which terms others' work in it stands: file -> content type."""

_SAFE = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
_KEPT = (("Cache-Control", "public, max-age=3600"), ("X-Content-Type-Options", "nosniff"))


class Fixed:
    """Gives one answer, made at the first request."""

    def __init__(self, make: Callable[[], Answer], runtime: Runtime) -> None:
        self._make = make
        self._made: Answer | None = None
        self._runtime = runtime

    def __call__(self, request: Request) -> Answer:
        """Answer; no token is asked for."""
        return answered(request, self._runtime, lambda _: self._answer())

    def _answer(self) -> Answer:
        if self._made is None:
            self._made = self._make()
        return self._made


def document_places(make: MakeDocument, runtime: Runtime) -> list[Place]:
    """The places of the document that `make` gives, and of the page that shows it."""
    answers: dict[str, Callable[[], Answer]] = {
        "/openapi.json": lambda: Answer(200, to_json(make()), JSON),
        "/docs": lambda: Answer(200, _asset(PAGE), _HTML, _SAFE),
        **{f"/docs/{name}": _of_asset(name, kind) for name, kind in ASSETS.items()},
    }
    return [Place(path, {"GET": Fixed(answer, runtime)}) for path, answer in answers.items()]


def _of_asset(name: str, content_type: str) -> Callable[[], Answer]:
    return lambda: Answer(200, _asset(name), content_type, _KEPT)


def _asset(name: str) -> bytes:
    return (files("isa_mockserver.web") / "assets" / name).read_bytes()
