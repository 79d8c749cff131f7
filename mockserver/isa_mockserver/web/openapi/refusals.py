"""Every code that an operation can be refused with: its own, and those of its shape and of its door."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from isa_mockserver.web.fields import ErrorCode, QueryParams, Refuses, marks_of

from .operation import Operation

AT_THE_DOOR = ("malformed_request", "headers_too_large", "method_not_allowed", "internal_error")
UNAUTHENTICATED = ("authentication_required", "invalid_token", "token_expired")
OF_SANDBOXES = ("permission_denied", "invalid_value", "too_many_sandboxes")
OF_BODIES = ("malformed_json", "body_required", "unsupported_media_type")
OF_KEYS = ("invalid_idempotency_key", "idempotency_key_reused", "idempotency_in_progress")
OF_LOAD = ("rate_limited", "service_unavailable")
OF_GUARD = ("forbidden_host",)


def codes_of(operation: Operation) -> frozenset[str]:
    """All codes that the operation can answer (rules 8.3)."""
    if operation.of_server and operation.access == "anyone" and not operation.path.startswith("/_mock"):
        return frozenset(AT_THE_DOOR)
    return frozenset(_codes_of(operation))


def _codes_of(operation: Operation) -> Iterator[str]:
    yield from (*AT_THE_DOOR, "body_too_large", *OF_SANDBOXES, *operation.errors)
    yield from UNAUTHENTICATED if operation.access != "anyone" else ("invalid_token",)
    yield from OF_GUARD if operation.of_server else OF_LOAD
    if operation.keyed:
        yield from OF_KEYS
    if operation.path_parameters:
        yield "route_not_found"
    for model in (operation.body, operation.query):
        if model is not None:
            yield from codes_of_model(model)
            if operation.closed:
                yield "unknown_field"
    if operation.body is not None:
        yield from OF_BODIES


def codes_of_model(model: type[BaseModel]) -> frozenset[str]:
    """The codes that a value which is not of the model is refused with."""
    return frozenset(code for field in model.model_fields.values() for code in _codes_of_field(model, field))


def _codes_of_field(model: type[BaseModel], field: FieldInfo) -> Iterator[str]:
    marks = marks_of(field)
    declared = [mark.code for mark in marks if isinstance(mark, ErrorCode)]
    for mark in marks:
        if isinstance(mark, Refuses):
            yield from mark.codes
    for inner in types_in(field.annotation):
        if issubclass(inner, BaseModel):
            yield from codes_of_model(inner)
    if declared:
        yield declared[0]
        return
    if field.is_required():
        yield "missing_field"
    if issubclass(model, QueryParams):
        yield "invalid_value"
    text_of_query = issubclass(model, QueryParams) and set(types_in(field.annotation)) <= {
        str,
        types.NoneType,
    }
    if not text_of_query and not _is_only_choice(field.annotation):
        yield "invalid_type"
    if _is_choice(field.annotation) or any(hasattr(mark, "ge") or hasattr(mark, "le") for mark in marks):
        yield "invalid_value"


def types_in(annotation: Any) -> Iterator[type]:
    """Every class that the annotation is made of."""
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    if get_origin(annotation) is Literal:
        yield str
        return
    for part in get_args(annotation):
        yield from types_in(part)


def _is_only_choice(annotation: Any) -> bool:
    """Whether every value that is not of the choice is refused as another choice, of whatever type it is."""
    parts = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    return all(part is types.NoneType or get_origin(part) is Literal for part in parts)


def _is_choice(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin is Literal:
        return True
    return origin in (Union, types.UnionType) and any(_is_choice(part) for part in get_args(annotation))
