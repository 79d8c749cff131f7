"""A whole OpenAPI 3.1 document."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from .answers import PROBLEM, problem_examples, responses_of, shared_headers, shared_responses
from .bodies import examples_of
from .links import links_of
from .operation import Operation
from .parameters import parameters_of_call, shared_parameters
from .schemas import Components

SECURITY_SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Tag:
    """A group of operations."""

    name: str
    description: str


def document(
    *, title: str, description: str, version: str, tags: Sequence[Tag], operations: Sequence[Operation]
) -> dict[str, Any]:
    """The document that describes these operations, to be sent as JSON."""
    components = Components()
    ids = frozenset(operation.id for operation in operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _described(operation, components, ids)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "description": description,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "Where this document came from"}],
        "tags": [{"name": tag.name, "description": tag.description} for tag in tags],
        "paths": paths,
        "components": {
            "securitySchemes": {SECURITY_SCHEME: _SCHEME},
            "parameters": shared_parameters(),
            "headers": shared_headers(),
            "examples": problem_examples(operations),
            "responses": shared_responses(operations),
            "schemas": dict(sorted({"Problem": PROBLEM, **components.schemas}.items())),
        },
    }


_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": (
        "A signed JWT whose `sub` is the user. In dev mode any text will do: `user_456` is that user, and "
        "`YOUR_JWT_TOKEN` is the page's."
    ),
}
_SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "user": [{SECURITY_SCHEME: []}],
    "admin": [{SECURITY_SCHEME: []}],
    "anyone": [],
}


def _described(operation: Operation, components: Components, ids: Collection[str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary.rstrip("."),
        "description": _prose(operation),
        "x-isa-operation": operation.name,
        "security": _SECURITY[operation.access],
    }
    if not operation.of_server:
        described["x-isa-extension"] = operation.heading is None
    if operation.heading is not None:
        described["x-isa-heading"] = operation.heading
    if operation.rules:
        described["x-isa-rules"] = list(operation.rules)
    if parameters := parameters_of_call(operation):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = _request_body(operation, operation.body, components)
    described["responses"] = responses_of(operation, components, links_of(operation, ids))
    return described


def _request_body(operation: Operation, model: type[BaseModel], components: Components) -> dict[str, Any]:
    content = {"schema": components.reference(model, "validation", closed=operation.closed)}
    if examples := examples_of(operation):
        content["examples"] = examples
    return {"required": not operation.body_optional, "content": {"application/json": content}}


def _prose(operation: Operation) -> str:
    """What the summary does not say: the call's own words, where the page has it, and by which rules."""
    words = [operation.description] if operation.description else []
    if operation.heading is not None:
        words.append(f"Published page, heading “{operation.heading}”.")
    elif not operation.of_server:
        words.append("An extension: the published page does not show this call.")
    if operation.access == "admin":
        words.append("Needs a token with the role `admin`.")
    if operation.rules:
        words.append(f"Rules: {', '.join(operation.rules)}.")
    return " ".join(words)
