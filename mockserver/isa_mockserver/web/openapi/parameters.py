"""What a call takes beside its body: path, query and headers."""

from __future__ import annotations

from typing import Any

from isa_mockserver.web.faults.model import EFFECTS

from .operation import Operation
from .schemas import parameters_of

SANDBOX_PATTERN = "^[A-Za-z0-9_-]{1,64}$"
KEY_PATTERN = "^[!-~]([ -~]{0,253}[!-~])?$"

_EXAMPLES = {"payment_intent_id": "pi_abc123", "user": "user_456"}
"""Ids that the demo fixture knows."""


def shared_parameters() -> dict[str, Any]:
    """The headers that many calls take."""
    return {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": (
                "The same key with the same body does the work once; the first answer is replayed for 24 "
                "hours (rules ID-1 to ID-5)."
            ),
            "schema": {"type": "string", "pattern": KEY_PATTERN},
            "x-isa-extension": True,
        },
        "Sandbox": {
            "name": "Isa-Sandbox",
            "in": "header",
            "description": (
                "The sandbox that the call goes to, made on first use; without it, the one that the token "
                "names, else `default`. Where tokens are verified, only admins choose by header."
            ),
            "schema": {"type": "string", "pattern": SANDBOX_PATTERN},
            "x-isa-extension": True,
        },
        "Fault": {
            "name": "Isa-Mock-Fault",
            "in": "header",
            "description": (
                "What shall go wrong with this one request: an effect and its options, as those of `POST "
                "/_mock/faults`, such as `status=503; retry_after_s=1`, `drop_after_commit` or "
                f"`latency_s=2.5`. Effects: {', '.join(f'`{effect}`' for effect in EFFECTS)}. "
                "Any stable code can be asked for, also one that the call does not have. "
                "Where tokens are verified, only admins may send it."
            ),
            "schema": {"type": "string", "minLength": 1},
            "x-isa-extension": True,
        },
        "RequestId": {
            "name": "X-Request-Id",
            "in": "header",
            "description": (
                "An id of the client's own; the answer repeats it where it is 1 to 128 printable ASCII "
                "characters."
            ),
            "schema": {"type": "string"},
            "x-isa-extension": True,
        },
    }


def parameters_of_call(operation: Operation) -> list[dict[str, Any]]:
    """The parameters of one operation, in the order of path, query, headers."""
    parameters: list[dict[str, Any]] = [_in_path(name) for name in operation.path_parameters]
    if operation.query is not None:
        parameters += [_in_query(*each) for each in parameters_of(operation.query)]
    if operation.keyed:
        parameters.append(_shared("IdempotencyKey"))
    if not operation.of_server or operation.path.startswith("/_mock"):
        parameters.append(_shared("Sandbox"))
    if not operation.of_server:
        parameters.append(_shared("Fault"))
    parameters.append(_shared("RequestId"))
    return parameters


def _shared(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/parameters/{name}"}


def _in_path(name: str) -> dict[str, Any]:
    parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {**parameter, "example": _EXAMPLES[name]} if name in _EXAMPLES else parameter


def _in_query(name: str, required: bool, schema: dict[str, Any]) -> dict[str, Any]:
    parameter: dict[str, Any] = {"name": name, "in": "query", "required": required, "schema": schema}
    if description := schema.pop("description", None):
        parameter["description"] = description
    return parameter
