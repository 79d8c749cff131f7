"""The server answers what its OpenAPI document says, to good requests and bad (quality page, Tests)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.generation import GenerationMode

from .beyond import ANYWHERE, BEYOND
from .subject import GATEWAY_URL, Current, application, token
from .things import things_in

EXAMPLES = int(os.environ.get("ISA_OPENAPI_EXAMPLES", "3"))
"""Generated requests per operation, beside those of the coverage of its schema; a long run takes 200."""

PATIENCE = (
    HealthCheck.function_scoped_fixture,  # one server for all examples of an operation is what is wanted
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
)

ACCEPTED = ["2xx", "401", "402", "403", "404", "409", "422", "429"]
"""Answers to a request that fits its schema; which 422 these are is `beyond`'s to say."""

CONFIG = SchemathesisConfig.from_dict(
    {
        "base-url": GATEWAY_URL,
        "generation": {"deterministic": True, "database": "none"},
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
    }
)
SUBJECT = Current(application().gateway)
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", SUBJECT, config=CONFIG)
PLACES: Mapping[str, str] = {
    "/_mock/webhooks/": "webhooks",
    "/_mock/events/": "events",
    "/_mock/intents/": "intents",
    "/_mock/faults/": "faults",
    "/_mock/snapshots/": "snapshots",
    "/_mock/crypto/": "crypto",
}
"""Start of a control call's path -> whose ids stand in it."""


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
    if isinstance(value, dict | list):
        return any(has_whole_float(each) for each in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and value.is_integer()


@pytest.fixture
def ids() -> Mapping[str, tuple[str, ...]]:
    """A fresh server with one of everything."""
    made = application()
    SUBJECT.app = made.gateway
    return things_in(made)


_TURNS = count()


def lead_somewhere(case: Any, ids: Mapping[str, tuple[str, ...]], turn: int) -> None:
    """Put ids that exist into the path of every other request."""
    if turn % 2 or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    for name in case.path_parameters:
        place = next(
            (
                kind
                for start, kind in PLACES.items()
                if case.operation.path.startswith(start) and name != "hash"
            ),
            name,
        )
        known = ids.get(place)
        if known:
            case.path_parameters[name] = known[turn // 2 % len(known)]


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=PATIENCE,
)
def test_the_server_keeps_to_its_document(case: Any, ids: Mapping[str, tuple[str, ...]]) -> None:
    lead_somewhere(case, ids, next(_TURNS))
    case.headers.pop("Isa-Sandbox", None)
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token('user_456', 'admin')}"},
        additional_checks=[fits_but_is_refused],
    )
