"""Example bodies are those of the page and can be sent; links lead from an answer to a call that takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from isa_mockserver.slices import control_calls, routes_by_service
from isa_mockserver.web.control import ROUTES as CONTROL_ROUTES
from isa_mockserver.web.openapi.bodies import OF_CONTROL, OF_SERVICES, WITH_PLACEHOLDERS
from isa_mockserver.web.validation import validate
from tests.contract.page import Curl, read_page

from .provoking.recorder import DOCUMENT, OPERATIONS, Described, operation_at

PRINTED = [curl for curl in read_page().curls if curl.body is not None]
MODELS = {
    **{
        (service, route.operation): route.body
        for service, routes in routes_by_service().items()
        for route in routes
    },
    **{("control", route.operation): route.body for route in (*CONTROL_ROUTES, *control_calls())},
}
WITHOUT_EXAMPLE = {"control_load_state"}  # a state is loaded as it was saved, not written by hand


def examples_of(operation: Described) -> Mapping[str, Any]:
    examples: Mapping[str, Any] = operation.raw["requestBody"]["content"]["application/json"].get(
        "examples", {}
    )
    return examples


@pytest.mark.parametrize("curl", PRINTED, ids=lambda curl: curl.heading)
def test_the_bodies_that_the_page_prints_are_the_examples_called_page(curl: Curl) -> None:
    operation = operation_at(curl.method, curl.path)
    assert operation.raw["x-isa-heading"] == curl.heading
    assert examples_of(operation)["page"]["value"] == curl.body


def test_no_other_example_is_called_the_pages() -> None:
    named = [each for each in OPERATIONS.values() if each.has_body and "page" in examples_of(each)]
    assert len(named) == len(PRINTED) == 13


@pytest.mark.parametrize("key", [*OF_SERVICES, *OF_CONTROL], ids="-".join)
def test_an_example_fits_the_body_that_it_is_for(key: tuple[str, str]) -> None:
    model = MODELS[key]
    assert model is not None, "this call takes no body"
    validate(model, {**OF_SERVICES, **OF_CONTROL}[key], refuse_unknown=True)


def test_every_body_that_has_to_be_sent_has_an_example() -> None:
    without = {
        each.id
        for each in OPERATIONS.values()
        if each.has_body and each.raw["requestBody"]["required"] and not examples_of(each)
    }
    assert without == WITHOUT_EXAMPLE


def test_a_placeholder_stands_beside_an_example_that_can_be_sent() -> None:
    assert set(WITH_PLACEHOLDERS) <= set(OF_SERVICES)
    for service, name in WITH_PLACEHOLDERS:
        assert set(examples_of(OPERATIONS[f"{service}_{name}"])) == {"example", "page"}


def links() -> Iterator[tuple[Described, str, str, Mapping[str, Any]]]:
    for operation in OPERATIONS.values():
        for status, response in operation.raw["responses"].items():
            for name, link in response.get("links", {}).items():
                yield operation, status, name, link


def fields_of(operation: Described, status: str) -> set[str]:
    content = operation.raw["responses"][status]["content"]["application/json"]
    return set(DOCUMENT["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]["properties"])


@pytest.mark.parametrize(
    ("operation", "status", "name", "link"),
    [pytest.param(*each, id=f"{each[0].id}-{each[1]}-{each[2]}") for each in links()],
)
def test_a_link_puts_a_field_of_the_answer_into_the_path_of_another_call(
    operation: Described, status: str, name: str, link: Mapping[str, Any]
) -> None:
    target = OPERATIONS[link["operationId"]]
    ((parameter, expression),) = link["parameters"].items()
    assert parameter in target.path_parameters
    assert expression.removeprefix("$response.body#/") in fields_of(operation, status)


def test_every_id_in_a_path_is_led_to_by_a_link_but_those_that_people_choose() -> None:
    chosen = {"user", "hash"}
    led_to = {link["operationId"] for _, _, _, link in links()}
    needing = {each.id for each in OPERATIONS.values() if set(each.path_parameters) - chosen}
    assert needing - led_to == {"control_take_snapshot", "control_drop_crypto_transaction"}


def test_no_header_has_an_example_since_the_page_at_docs_would_send_it() -> None:
    headers = [each for each in DOCUMENT["components"]["parameters"].values() if each["in"] == "header"]
    assert {each["name"] for each in headers} >= {"Idempotency-Key", "Isa-Sandbox", "Isa-Mock-Fault"}
    assert not [each["name"] for each in headers if {"example", "examples"} & each.keys()]
