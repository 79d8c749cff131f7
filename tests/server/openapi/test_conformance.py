"""The server answers what its OpenAPI document says, to good requests and bad (quality page, Tests)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from schemathesis.generation import GenerationMode

from .conforming import fits_but_is_refused, in_process, operation_ids, requests_of, serve, token_for
from .subject import SERVICES, app_of, application
from .things import ids_of, things_in

PORTS = (*SERVICES, "gateway") if os.environ.get("ISA_OPENAPI_PORTS") == "all" else ("gateway",)
"""The gateway has every operation; a long run asks each service on its own port as well."""

_TURNS = count()


def lead_somewhere(case: Any, ids: Mapping[str, tuple[str, ...]], turn: int) -> None:
    """Put ids that exist into the path of every other request."""
    if turn % 2 or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    for name in case.path_parameters:
        if known := ids_of(case.operation.path, name, ids):
            case.path_parameters[name] = known[turn // 2 % len(known)]


def keep_to_the_document(case: Any, ids: Mapping[str, tuple[str, ...]]) -> None:
    """Send one request, and hold the answer against the document."""
    lead_somewhere(case, ids, next(_TURNS))
    case.call_and_validate(headers=token_for(case), additional_checks=[fits_but_is_refused])


@pytest.mark.parametrize(
    ("port", "operation_id"),
    [(port, operation_id) for port in PORTS for operation_id in operation_ids(port)],
)
def test_the_server_keeps_to_its_document(port: str, operation_id: str) -> None:
    made = application()
    ids = things_in(made)
    serve(port, app_of(made, port))
    with in_process():
        requests_of(port, operation_id, keep_to_the_document)(ids=ids)
