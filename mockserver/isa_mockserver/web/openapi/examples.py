"""One example for every stable code, as data (rules 8.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isa_mockserver.kernel.errors import CODES, DomainError, Failure
from isa_mockserver.web.problems import TITLES, problem

from .example_facts import DETAILS, FACTS

REQUEST_ID = "req_4f9QmZ8aXw2LkB"


def example_of(code: str) -> dict[str, Any]:
    """A problem document with this code."""
    status, kind = CODES[code]
    detail = DETAILS.get(code, f"{TITLES[kind]}.")
    facts: Mapping[str, Any] = FACTS.get(code, {})
    param = facts.get("param")
    listed = status == 422 and kind == "validation_error"
    error = DomainError(
        code,
        detail,
        param=param,
        decline_code=facts.get("decline_code"),
        context=facts.get("context"),
        failures=[Failure(param, code, detail)] if listed and "context" not in facts else (),
    )
    return problem(error, REQUEST_ID)
