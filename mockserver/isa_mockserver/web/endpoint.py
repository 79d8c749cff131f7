"""The one pipeline of every service endpoint: auth, body, schema, idempotency, Unit, commit, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel

from isa_mockserver.kernel import idempotency
from isa_mockserver.kernel.clock import steady_s
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.users import USERS, register
from isa_mockserver.kernel.world import World

from .admission import Admission, admit
from .answers import answered, refusal, rendered
from .faults.book import Strike
from .faults.effects import apply
from .faults.model import Asked
from .faults.schema import FAULT_HEADER, fault_of_header
from .noting import note
from .parsing import document_of, query_of
from .route import Call, Principal, Route
from .runtime import Runtime
from .site import Site
from .validation import unknown_fields, validate
from .wire import Answer, Request

_FAULT_KEY = FAULT_HEADER.lower()


class Endpoint:
    """One route of one service; nothing in it waits for anything."""

    def __init__(self, service: str, route: Route, runtime: Runtime) -> None:
        self.service = service
        self.route = route
        self.runtime = runtime
        self._answer = self._checked if runtime.check_responses else self._plain

    def answer(self, request: Request) -> Answer:
        """The answer to a request; errors of every kind are answers too."""
        started_s = steady_s()
        admission = admit(self.runtime, request.headers)
        answer = answered(
            request, admission.runtime, lambda request_id: self._answer(request, admission, request_id)
        )
        note(admission, request, answer, started_s, service=self.service, operation=self.route.operation)
        return answer

    def _checked(self, request: Request, admission: Admission, request_id: str) -> Answer:
        """As `_plain`, held against what the route declares (for tests of the server itself)."""
        from .openapi.promise import keeps_to  # loads what no server needs to answer

        try:
            answer = self._plain(request, admission, request_id)
        except DomainError as error:
            keeps_to(self.route, refusal(error, request_id))
            raise
        keeps_to(self.route, answer)
        return answer

    def _plain(self, request: Request, admission: Admission, request_id: str) -> Answer:
        caller = admission.caller()
        strike = self._strike(request, admission.runtime, caller)
        if strike is None:
            return self._work(request, admission.runtime, caller, request_id)

        def work() -> Answer:
            try:
                return self._work(request, admission.runtime, caller, request_id)
            except DomainError as error:
                return refusal(error, request_id)

        return apply(strike, request_id, work)

    def _strike(self, request: Request, runtime: Runtime, caller: Principal) -> Strike | None:
        """The fault that the request asks for itself, or one that is armed (after auth: rules AU-5)."""
        header = request.headers.get(_FAULT_KEY)
        if header is not None:
            if runtime.admins_only and not caller.is_admin:
                raise DomainError("permission_denied", f"Only admins may send {FAULT_HEADER}.")
            return Strike(fault_of_header(header))
        if not runtime.faults:
            return None
        has_key = bool(self._idempotency_key(request))
        return runtime.faults.strike(Asked(self.service, self.route.operation, caller.user_id, has_key))

    def _work(self, request: Request, runtime: Runtime, caller: Principal, request_id: str) -> Answer:
        world, route = runtime.world, self.route
        with world.lock:
            world.catch_up()
            _welcome(world, caller)
            document = document_of(request, route.body, optional=route.body_optional)
            body = self._parsed(route.body, document)
            query = self._parsed(route.query, query_of(request)) if route.query else None
            keyed = self._keyed(request, caller)
            site = Site(request.headers.get("host", ""), runtime.sandbox, runtime.own_names)
            try:
                with world.unit() as unit:
                    call = Call(unit, caller, body, query, request.path_params, site)
                    answer = _once(unit, keyed, lambda: rendered(route.handler(call), request_id))
            except DomainError as error:
                answer = refusal(error, request_id)
                if keyed:
                    with world.unit() as unit:
                        _remember(unit, keyed, answer)
        return answer if body is None else _with_warning(answer, unknown_fields(body))

    def _parsed(self, model: type[BaseModel] | None, document: dict[str, Any]) -> BaseModel | None:
        if model is None:
            return None
        return validate(model, document, refuse_unknown=self.runtime.strict_fields)

    def _idempotency_key(self, request: Request) -> str:
        key = request.headers.get("idempotency-key")
        if key is None or request.method != "POST":
            return ""
        if not idempotency.valid_key(key):
            raise DomainError(
                "invalid_idempotency_key",
                "An Idempotency-Key is 1 to 255 printable ASCII characters.",
                param="Idempotency-Key",
            )
        return key

    def _keyed(self, request: Request, caller: Principal) -> _Keyed | None:
        key = self._idempotency_key(request)
        if not key:
            return None
        body = request.body.decode() if request.body and self.route.body else ""
        return _Keyed(
            idempotency.scope(caller.user_id, self.service, key),
            idempotency.fingerprint(request.method, request.path, body),
        )


class _Keyed(NamedTuple):
    """A request with an Idempotency-Key: whose key it is, and what it asks for."""

    scoped_key: str
    asked: str


def _once(unit: Unit, keyed: _Keyed | None, work: Callable[[], Answer]) -> Answer:
    """The stored answer to the same request, or that of the work; in the same Unit (rules P2, 8.2)."""
    if keyed is None:
        return work()
    stored = idempotency.recall(unit, keyed.scoped_key, keyed.asked)
    if stored is not None:
        replayed = (("Idempotent-Replayed", "true"),)
        return Answer(stored.status, stored.body.encode(), stored.content_type, replayed)
    answer = work()
    _remember(unit, keyed, answer)
    return answer


def _remember(unit: Unit, keyed: _Keyed, answer: Answer) -> None:
    if idempotency.is_stored(answer.status):
        body = answer.body.decode()
        idempotency.remember(
            unit,
            idempotency.StoredAnswer(*keyed, answer.status, answer.content_type, body, unit.now),
        )


def _welcome(world: World, caller: Principal) -> None:
    """The first authentication makes the user known, in its own Unit (rules AU-3)."""
    if caller.user_id not in world.tables[USERS.name].rows:
        with world.unit() as unit:
            register(unit, caller.user_id)


def _with_warning(answer: Answer, unknown: list[str]) -> Answer:
    if not unknown:
        return answer
    names = ", ".join(ascii(name)[:80] for name in unknown[:10])
    warning = ("Isa-Mock-Warning", f"unknown field {names}")
    return answer._replace(headers=(*answer.headers, warning))
