"""Pages that people see in a browser, guarded as the control calls are (mockserver page, Control API).

To look at one, a page of another site may send its visitor here: only `Host` is checked then, and the page
cannot be put into a frame. To press a button on it, the request has to come from the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.admission import Admission
from isa_mockserver.web.parsing import query_of
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.sandboxes import SANDBOX_HEADER
from isa_mockserver.web.wire import Answer, Request

from .endpoint import ControlEndpoint
from .route import ControlCall, ControlRoute, ControlSettings

_BROWSERS_OWN = (b"origin", b"sec-fetch-site")


class PageRoute(NamedTuple):
    """One page, or one of its buttons; it takes no body, and `query` holds what its address says."""

    operation: str
    method: str
    path: str
    handler: Callable[[ControlCall[Any, Any]], Answer]
    summary: str
    query: type[BaseModel]


class PageEndpoint(ControlEndpoint):
    """One page; a browser cannot send headers, so its address names the sandbox."""

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

    def _admit(self, request: Request) -> Admission:
        if self.route.method == "GET":
            own = [pair for pair in request.raw_headers if pair[0] not in _BROWSERS_OWN]
            request = request._replace(raw_headers=own)
        try:
            sandbox = query_of(request).get("sandbox")
        except DomainError as error:
            return Admission(self._runtime, None, refusal=error)
        if sandbox is not None:
            named = {**request.headers, SANDBOX_HEADER.lower(): sandbox}
            request = request._replace(headers=named)
        return super()._admit(request)
