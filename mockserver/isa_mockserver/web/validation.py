"""From pydantic's errors to the stable codes of rules 8.3: all failures, in schema field order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from isa_mockserver.kernel.errors import DomainError, Failure

from .fields import ErrorCode, marks_of

M = TypeVar("M", bound=BaseModel)

_CODE_BY_TYPE: Mapping[str, str] = {
    "missing": "missing_field",
    "literal_error": "invalid_value",
    "enum": "invalid_value",
    "greater_than_equal": "invalid_value",
    "less_than_equal": "invalid_value",
    "value_error": "invalid_value",
}
_WORDS_BY_TYPE: Mapping[str, str] = {
    "missing": "is required",
    "int_type": "must be an integer",
    "int_parsing": "must be an integer",
    "int_from_float": "must be an integer",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "model_type": "must be an object",
    "dict_type": "must be an object",
}


def validate(model: type[M], data: Mapping[str, Any], *, refuse_unknown: bool = False) -> M:
    """`data` as the request model.

    Raises:
        DomainError: with one failure per broken field, in the model's field order; with
            `refuse_unknown` also `unknown_field`.
    """
    try:
        value: M = model.__pydantic_validator__.validate_python(data)
    except ValidationError as error:
        raise DomainError.of_failures(_failures(model, error)) from None
    if refuse_unknown and (unknown := unknown_fields(value)):
        raise DomainError.of_failures(
            [Failure(name, "unknown_field", f"Unknown field '{name}'.") for name in unknown]
        )
    return value


def unknown_fields(value: BaseModel, prefix: str = "") -> list[str]:
    """The names of fields that were sent but are not declared, nested ones as `items[0].naem`."""
    names = [f"{prefix}{name}" for name in value.__pydantic_extra__ or ()]
    for name in _nested(type(value)):
        children = getattr(value, name)
        for number, child in enumerate(children if isinstance(children, list | tuple) else ()):
            if isinstance(child, BaseModel):
                names += unknown_fields(child, f"{prefix}{name}[{number}].")
    return names


@cache
def _nested(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(
        name
        for name, field in model.model_fields.items()
        if any(isinstance(arg, type) and issubclass(arg, BaseModel) for arg in _type_args(field.annotation))
    )


def _type_args(annotation: Any) -> list[Any]:
    args = list(getattr(annotation, "__args__", ()))
    return args + [deeper for arg in args for deeper in _type_args(arg)]


@cache
def _declared_codes(model: type[BaseModel]) -> Mapping[str, str]:
    return {
        name: mark.code
        for name, field in model.model_fields.items()
        for mark in reversed(marks_of(field))
        if isinstance(mark, ErrorCode)
    }


def _failures(model: type[BaseModel], error: ValidationError) -> list[Failure]:
    order = {name: place for place, name in enumerate(model.model_fields)}
    failures = {
        _param(item["loc"]): _failure(model, item)
        for item in reversed(error.errors(include_url=False, include_input=False))
    }
    return sorted(failures.values(), key=lambda failure: order.get((failure.param or "").split("[")[0], 99))


def _failure(model: type[BaseModel], item: Any) -> Failure:
    param = _param(item["loc"])
    context = item.get("ctx", {})
    if item["type"] == "domain":
        return Failure(param, context["code"], f"'{param}' {context['detail']}.")
    code = _code_at(model, item["loc"]) or _CODE_BY_TYPE.get(item["type"], "invalid_type")
    words = _WORDS_BY_TYPE.get(item["type"]) or _must(item["msg"])
    return Failure(param, code, f"'{param}' {words}.")


def _must(message: str) -> str:
    """Pydantic's words, after the name of a field: "Input should be ..." becomes "must be ..."."""
    return re.sub(r"^input should\b", "must", message[:1].lower() + message[1:])


def _code_at(model: type[BaseModel], location: tuple[int | str, ...]) -> str | None:
    """The code declared by the innermost field on the way to the failure."""
    code = None
    for step in location:
        if isinstance(step, int):
            continue
        code = _declared_codes(model).get(step, code)
        field = model.model_fields.get(step)
        inner = [] if field is None else [field.annotation, *_type_args(field.annotation)]
        model = next((a for a in inner if isinstance(a, type) and issubclass(a, BaseModel)), model)
    return code


def _param(location: tuple[int | str, ...]) -> str:
    name = ""
    for step in location:
        name += f"[{step}]" if isinstance(step, int) else (f".{step}" if name else step)
    return name
