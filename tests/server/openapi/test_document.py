"""What the documents say agrees with the routes, the error table, the rules and OpenAPI itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from isa_mockserver.kernel.errors import CODES
from isa_mockserver.slices import control_calls, routes_by_service
from isa_mockserver.web.control import ROUTES as CONTROL_ROUTES
from isa_mockserver.web.openapi.example_facts import DETAILS, FACTS
from tests.contract.page import read_page
from tests.rules.catalogue import RULES

from .subject import SERVICES, application, document

PORTS = (*SERVICES, "gateway")
MADE = application()
DOCUMENTS = {port: document(MADE, port) for port in PORTS}


def operations(port: str) -> Iterator[dict[str, Any]]:
    for path, methods in DOCUMENTS[port]["paths"].items():
        for method, operation in methods.items():
            yield {**operation, "path": path, "method": method.upper()}


def answered_codes(port: str, response: dict[str, Any]) -> set[str]:
    """The codes that a documented refusal may have."""
    if "$ref" in response:
        response = DOCUMENTS[port]["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    content = response.get("content", {}).get("application/problem+json")
    return set(content["schema"]["properties"]["code"]["enum"]) if content else set()


@pytest.mark.parametrize("port", PORTS)
def test_the_document_is_valid_openapi_3_1(port: str) -> None:
    assert DOCUMENTS[port]["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(DOCUMENTS[port]).validate()


def test_a_document_that_is_not_valid_would_be_noticed() -> None:
    with pytest.raises(OpenAPIValidationError):
        OpenAPIV31SpecValidator(
            {**DOCUMENTS["wallets"], "paths": {"/x": {"get": {"responses": 1}}}}
        ).validate()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_documents_exactly_its_routes_and_its_health(service: str) -> None:
    documented = {(each["method"], each["path"]) for each in operations(service)}
    routes = {(route.method, route.path) for route in routes_by_service()[service]}
    assert documented == routes | {("GET", "/health")}


def test_the_gateway_documents_every_service_and_the_control_api() -> None:
    documented = {(each["method"], each["path"]) for each in operations("gateway")}
    routes = {(route.method, route.path) for routes in routes_by_service().values() for route in routes}
    control = {(route.method, route.path) for route in (*CONTROL_ROUTES, *control_calls())}
    assert documented == routes | control | {("GET", "/health")}
    assert {each["name"] for each in DOCUMENTS["gateway"]["tags"]} == {*SERVICES, "control", "health"}


@pytest.mark.parametrize("port", PORTS)
def test_no_two_operations_have_the_same_id(port: str) -> None:
    ids = [each["operationId"] for each in operations(port)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("service", SERVICES)
def test_statuses_and_errors_are_those_of_the_route(service: str) -> None:
    by_place = {(each["method"], each["path"]): each for each in operations(service)}
    for route in routes_by_service()[service]:
        responses = by_place[route.method, route.path]["responses"]
        assert {status for status in responses if status < "300"} == {str(each) for each in route.statuses}
        for code in route.errors:
            assert code in answered_codes(service, responses[str(CODES[code][0])]), (route.operation, code)


@pytest.mark.parametrize("port", PORTS)
def test_every_refusal_has_an_example_for_each_of_its_codes_with_the_tables_status(port: str) -> None:
    examples = DOCUMENTS[port]["components"]["examples"]
    for operation in operations(port):
        for status, response in operation["responses"].items():
            for code in answered_codes(port, response):
                example = examples[code]["value"]
                assert (str(example["status"]), example["code"]) == (status, code), operation["operationId"]


def test_every_stable_code_has_a_sentence_of_its_own() -> None:
    assert set(DETAILS) == set(CODES)
    assert set(FACTS) <= set(CODES)


@pytest.mark.parametrize("service", SERVICES)
def test_headings_are_those_of_the_page_and_the_rest_is_marked_as_extension(service: str) -> None:
    on_page = {
        (curl.method, curl.path.replace("pi_abc123", "{payment_intent_id}")): curl.heading
        for curl in read_page().curls
    }
    for operation in operations(service):
        if operation["path"] == "/health":
            continue
        heading = on_page.get((operation["method"], operation["path"]))
        assert operation.get("x-isa-heading") == heading, operation["operationId"]
        assert operation["x-isa-extension"] is (heading is None)


@pytest.mark.parametrize("service", SERVICES)
def test_rule_ids_are_those_of_the_rules(service: str) -> None:
    for operation in operations(service):
        for rule in operation.get("x-isa-rules", ()):
            assert rule in RULES or re.fullmatch(r"[1-8]\.\d", rule), (operation["operationId"], rule)


@pytest.mark.parametrize("service", SERVICES)
def test_every_call_but_health_asks_for_a_token(service: str) -> None:
    for operation in operations(service):
        assert bool(operation["security"]) is (operation["path"] != "/health"), operation["operationId"]


def test_where_tokens_are_not_verified_the_control_api_is_documented_as_open() -> None:
    from isa_mockserver.openapi import describe

    opened = describe("gateway", strict_fields=False, admins_only=False)["paths"]["/_mock/clock"]["get"]
    closed = describe("gateway", strict_fields=False, admins_only=True)["paths"]["/_mock/clock"]["get"]
    assert opened["security"] == []
    assert closed["security"] == [{"bearer": []}]


def test_strict_fields_close_every_body_and_name_the_code() -> None:
    strict = document(application(strict_fields=True), "wallets")
    assert strict["components"]["schemas"]["wallets.DepositRequest"]["additionalProperties"] is False
    assert (
        DOCUMENTS["wallets"]["components"]["schemas"]["wallets.DepositRequest"]["additionalProperties"]
        is True
    )
    refused = strict["paths"]["/api/v1/wallets/me/deposit"]["post"]["responses"]["422"]
    assert "unknown_field" in answered_codes("wallets", refused)
