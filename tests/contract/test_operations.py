"""Page, SDK and server agree about every endpoint, each read from its own source."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import isa_user
from isa_mockserver.app import DOCUMENTED_PORTS
from isa_mockserver.slices import routes_by_service
from isa_mockserver.web.route import Route
from isa_user._config import PORTS
from isa_user._operations import OPERATIONS, Operation
from tests.contract.page import Curl, read_page

PAGE = read_page()
# Of its quota a usage record tells how it stands; for whom and until when is asked with get_quota.
LEFT_OUT = {"UsageQuota": {"metric", "allowed", "reset_at"}}
DOCUMENTED = [row for row in OPERATIONS if row.documented]
MOUNTED = [
    (DOCUMENTED_PORTS[service], route) for service, routes in routes_by_service().items() for route in routes
]


def _name(row: Operation[Any]) -> str:
    return f"{row.service}.{row.name}"


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


def test_every_documented_row_of_the_sdk_is_a_command_of_the_page_and_the_other_way_round() -> None:
    assert Counter(row.source for row in DOCUMENTED) == Counter(curl.heading for curl in PAGE.curls)


@pytest.mark.parametrize("curl", PAGE.curls, ids=lambda curl: curl.heading)
def test_the_row_says_what_the_command_says(curl: Curl) -> None:
    row = next(row for row in DOCUMENTED if row.source == curl.heading)
    assert (row.method, PORTS[row.service]) == (curl.method, curl.port)
    assert _fits(row.path, curl.path)
    assert set(row.required) <= set(curl.body or {})
    assert row.safety == ("read" if curl.method == "GET" else "write")


def test_the_ports_of_the_sdk_are_those_of_the_page() -> None:
    assert {f"{service}_service": port for service, port in PORTS.items()} == PAGE.ports


def test_no_two_rows_share_a_name_in_one_service_or_a_path_with_one_method() -> None:
    names = Counter((row.service, row.name) for row in OPERATIONS)
    paths = Counter((row.method, re.sub(r"\{\w+\}", "{}", row.path)) for row in OPERATIONS)
    assert (max(names.values()), max(paths.values())) == (1, 1)


def _place(port: int, method: str, path: str) -> tuple[int, str, str]:
    return port, method, re.sub(r"\{\w+\}", "{}", path)


def _called() -> Counter[tuple[str, int, str, str]]:
    return Counter((row.name, *_place(PORTS[row.service], row.method, row.path)) for row in OPERATIONS)


def _mounted() -> Counter[tuple[str, int, str, str]]:
    return Counter((route.operation, *_place(port, route.method, route.path)) for port, route in MOUNTED)


def test_the_server_mounts_what_the_sdk_calls_under_the_same_name() -> None:
    assert _called() - _mounted() == Counter()


def test_the_sdk_calls_what_the_server_mounts_under_the_same_name() -> None:
    assert _mounted() - _called() == Counter()


def test_the_server_marks_as_extensions_what_the_page_does_not_show() -> None:
    shown = {(curl.heading, curl.port, curl.method) for curl in PAGE.curls}
    assert {(route.heading, port, route.method) for port, route in MOUNTED if not route.extension} == shown


@pytest.mark.parametrize("curl", PAGE.curls, ids=lambda curl: curl.heading)
def test_the_route_takes_what_the_command_sends(curl: Curl) -> None:
    route = next(route for _, route in MOUNTED if route.heading == curl.heading)
    assert _fits(route.path, curl.path)
    if curl.body is not None:
        assert route.body is not None
        assert set(curl.body) <= set(route.body.model_fields)
        assert _required(route) <= set(curl.body)


def _route_of(row: Operation[Any]) -> Route:
    place = _place(PORTS[row.service], row.method, row.path)
    return next(route for port, route in MOUNTED if _place(port, route.method, route.path) == place)


@pytest.mark.parametrize("row", OPERATIONS, ids=_name)
def test_a_row_is_an_extension_for_the_sdk_where_it_is_one_for_the_server(row: Operation[Any]) -> None:
    assert row.documented is not _route_of(row).extension


@pytest.mark.parametrize("row", OPERATIONS, ids=_name)
def test_sdk_and_server_require_the_same_fields(row: Operation[Any]) -> None:
    assert set(row.required) == _required(_route_of(row))


@pytest.mark.parametrize("row", OPERATIONS, ids=_name)
def test_a_method_takes_exactly_the_fields_that_its_route_takes(row: Operation[Any]) -> None:
    method = getattr(getattr(isa_user, f"{row.service.title()}Client"), row.name)
    parameters = inspect.signature(method).parameters.values()
    taken = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD][1:]
    assert taken == set(_fields(_route_of(row)))
    assert positional == re.findall(r"\{(\w+)\}", row.path)


@pytest.mark.parametrize("row", OPERATIONS, ids=_name)
def test_a_model_has_exactly_the_fields_that_its_route_answers(row: Operation[Any]) -> None:
    answered = _route_of(row).response
    if row.result is None:
        assert answered is None
        return
    assert answered is not None
    if row.many:
        [answered] = get_args(answered.model_fields["data"].annotation)
    _same_fields(row.model(), answered)


def _same_fields(ours: Any, theirs: Any) -> None:
    """Field by field, into nested objects; a model may leave out only what all of one family have."""
    assert set(theirs.model_fields) - set(ours.model_fields) <= LEFT_OUT.get(ours.__name__, set())
    assert set(ours.model_fields) <= set(theirs.model_fields)
    for name, field in ours.model_fields.items():
        mine, other = _nested(field.annotation), _nested(theirs.model_fields[name].annotation)
        assert (mine is None) == (other is None), name
        if mine is not None:
            _same_fields(mine, other)


def _nested(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _nested(each))), None)


def _fields(route: Route) -> dict[str, Any]:
    return {
        name: field for part in (route.body, route.query) if part for name, field in part.model_fields.items()
    }


def _required(route: Route) -> set[str]:
    return {name for name, field in _fields(route).items() if field.is_required()}
