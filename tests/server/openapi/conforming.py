"""Schemathesis over the apps of a server in this process: how a schema is read and its requests are sent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any, Self, cast
from unittest.mock import patch

import schemathesis
from hypothesis import HealthCheck, settings
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from schemathesis import BaseSchema
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.result import Err
from schemathesis.generation import GenerationMode
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.python import asgi
from urllib3 import HTTPResponse

from isa_mockserver.slices import control_calls, routes_by_service
from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.app import App
from isa_mockserver.web.control import ROUTES as CONTROL_ROUTES

from .beyond import ANYWHERE, BEYOND
from .subject import GATEWAY_URL, Current, application, document, token

EXAMPLES = int(os.environ.get("ISA_OPENAPI_EXAMPLES", "3"))
"""Generated requests per operation, beside those of the coverage of its schema; a long run takes 200."""

QUIET = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=(
        HealthCheck.function_scoped_fixture,  # one server for all examples of an operation is what is wanted
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ),
)
_TOKEN = {"Authorization": f"Bearer {token('user_456', 'admin')}"}

_ACCEPTED = ["2xx", "401", "402", "403", "404", "409", "422", "429"]
"""Answers to a request that fits its schema; which 422 these are is `beyond`'s to say."""
_CONFIG: dict[str, Any] = {
    "base-url": GATEWAY_URL,
    "generation": {"deterministic": True, "database": "none"},
    "checks": {"positive_data_acceptance": {"expected-statuses": _ACCEPTED}},
}
_STEERING = ("Sandbox", "Fault")
"""Parameters that lead a request elsewhere, or have it fail on demand; the provocations send them."""


def operation_ids(port: str) -> list[str]:
    """The operations of a port's document, without making the document."""
    shown = routes_by_service() if port == "gateway" else {port: routes_by_service()[port]}
    ids = [f"{service}_{route.operation}" for service, routes in shown.items() for route in routes]
    if port == "gateway":
        ids += [f"control_{route.operation}" for route in (*CONTROL_ROUTES, *control_calls())]
    return [*ids, "health_health"]


@cache
def schema_of(port: str) -> BaseSchema:
    """The document of a port, as schemathesis reads it."""
    raw = document(application(), port)
    steering = [{"$ref": f"#/components/parameters/{name}"} for name in _STEERING]
    for operation in (each for methods in raw["paths"].values() for each in methods.values()):
        operation["parameters"] = [each for each in operation["parameters"] if each not in steering]
    schema = schemathesis.openapi.from_dict(raw, config=SchemathesisConfig.from_dict(_CONFIG))
    schema.app = Current()
    return schema


def requests_of(port: str, operation_id: str, send: Callable[..., None]) -> Callable[..., None]:
    """A test that calls `send(case, ...)` for each request that schemathesis makes up for one operation.

    Its decorator `parametrize` makes them up for all operations while tests are collected, in every worker;
    this is the function beneath it.
    """
    schema = schema_of(port).include(operation_id=operation_id)
    (made,) = get_all_tests(schema=schema, test_func=send, settings=QUIET, given_kwargs={})
    if isinstance(made, Err):
        raise made.err()
    return made.ok()[1]


def token_for(case: Any) -> dict[str, str]:
    """A good token in place of the one that was made up; a request that is to go without one does."""
    return _TOKEN if "Authorization" in case.headers else {}


def serve(port: str, app: App) -> None:
    """Have the app answer what is sent to the port from now on."""
    schema_of(port).app.app = app


@contextmanager
def in_process() -> Iterator[None]:
    """Within the block every request, also one that a check makes, needs no socket, thread or event loop."""
    with patch.object(asgi, "get_client", lambda app, **_: _Client(app)):
        yield


class _Client(asgi.ASGIClient):
    """Answers by asking the app."""

    def __init__(self, app: Current) -> None:
        super().__init__(cast(Any, app))
        self.trust_env = False
        self.mount("http://", _InProcess(app))

    def __enter__(self) -> Self:
        return self


class _InProcess(HTTPAdapter):
    """Asks the app for each answer."""

    def __init__(self, app: Current) -> None:
        super().__init__()
        self._app = app

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """The app's answer."""
        headers = [(_bytes(name), _bytes(value)) for name, value in request.headers.items()]
        method, url, content = str(request.method), str(request.url), _bytes(request.body or b"")
        status, got, body = ask(self._app.chosen, method, url, headers, content)
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in got}
        raw = HTTPResponse(BytesIO(body), headers=named, status=status, preload_content=False)
        return self.build_response(request, raw)


def fits_but_is_refused(_: Any, response: Any, case: Any) -> None:
    """Hold a refusal of a request that fits its schema against what schemas cannot say."""
    if case.meta.generation.mode is not GenerationMode.POSITIVE or response.status_code != 422:
        return
    if has_whole_float(case.body):
        return
    operation = case.operation.definition.raw["operationId"]
    problem = json.loads(response.content)
    codes = {problem["code"], *(each["code"] for each in problem.get("errors", ()))}
    if undocumented := codes - ANYWHERE - set(BEYOND.get(operation, ())):
        raise Failure(
            operation=operation,
            title="A request that fits its schema is refused for its shape",
            message=f"{sorted(undocumented)}: {problem['detail']}",
        )


def has_whole_float(value: Any) -> bool:
    """Whether it holds a number such as `29.0`: an integer to JSON Schema, but never money (rules M-1)."""
    if isinstance(value, Mapping | list):
        return any(map(has_whole_float, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, float) and value.is_integer()


def _bytes(value: object) -> bytes:
    """A header or a body, which schemathesis hands over as text or as bytes."""
    if isinstance(value, str):
        return value.encode("latin-1")
    assert isinstance(value, bytes), f"{type(value).__name__} cannot be sent in one piece"
    return value
