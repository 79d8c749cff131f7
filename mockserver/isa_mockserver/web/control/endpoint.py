"""The pipeline of the control API: guard, role, body, schema, handler, render; nothing suspends between."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.admission import Admission, admit
from isa_mockserver.web.answers import answered
from isa_mockserver.web.guard import check_local
from isa_mockserver.web.jsontext import to_json
from isa_mockserver.web.parsing import document_of, query_of
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.validation import validate
from isa_mockserver.web.wire import Answer, Request

from .route import ControlCall, ControlRoute, ControlSettings


class ControlEndpoint:
    """One control call."""

    def __init__(self, route: ControlRoute, runtime: Runtime, settings: ControlSettings) -> None:
        self.route = route
        self._runtime = runtime
        self._settings = settings

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        admission = self._admit(request)
        return answered(request, admission.runtime, lambda _: self._answer(request, admission))

    def _admit(self, request: Request) -> Admission:
        """The guard comes first: a page of another site must not even make a sandbox."""
        try:
            check_local(request.raw_headers, self._settings.allowed_hosts)
        except DomainError as error:
            return Admission(self._runtime, None, refusal=error)
        return admit(self._runtime, request.headers, anyone=not self._settings.admins_only)

    def _answer(self, request: Request, admission: Admission) -> Answer:
        caller = admission.caller()
        if self._settings.admins_only and not caller.is_admin:
            raise DomainError("permission_denied", "The control API needs a token with the role 'admin'.")
        route = self.route
        document = document_of(request, route.body, optional=route.body_optional)
        call = ControlCall(
            runtime=admission.runtime,
            settings=self._settings,
            body=validate(route.body, document, refuse_unknown=not route.open_ended) if route.body else None,
            query=validate(route.query, query_of(request), refuse_unknown=True) if route.query else None,
            path=request.path_params,
        )
        reply = route.handler(call)
        if isinstance(reply, Answer):
            return reply
        return Answer(reply.status, b"" if reply.body is None else to_json(reply.body))
