"""Field types of request schemas; each carries the stable code that a bad value answers with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, NamedTuple, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StrictStr,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from isa_mockserver.kernel.clock import parse_time
from isa_mockserver.kernel.money import FIAT, MAX_CHARGE


class ErrorCode(NamedTuple):
    """The stable code of any failure of the annotated field, a missing value included."""

    code: str


class Refuses:
    """The stable codes that a validator beside it may answer with."""

    def __init__(self, *codes: str) -> None:
        self.codes = codes


class Shape:
    """What a validator asks for, in the words of JSON Schema, so that the documents say it too."""

    def __init__(self, **keywords: Any) -> None:
        self.keywords = keywords

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        """The schema of the type, with these keywords."""
        return {**handler(schema), **self.keywords}


class Check(Shape, Refuses):
    """A validator that runs after the type's own, the codes that it answers with, and its words."""

    def __init__(self, check: Callable[[Any], Any], *codes: str, **keywords: Any) -> None:
        Shape.__init__(self, **keywords)
        Refuses.__init__(self, *codes)
        self.check = check

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of the type, with the check behind it."""
        return no_info_after_validator_function(self.check, handler(source))


def marks_of(field: FieldInfo) -> list[Any]:
    """Everything that annotates the field or a part of its type, the outermost first."""
    return [*field.metadata, *_marks_in(field.annotation)]


def _marks_in(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _marks_in(part)


class RequestBody(BaseModel):
    """A strict request body; unknown fields are accepted and reported (rules 8.3)."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True, defer_build=True)


class NoFields(RequestBody):
    """Nothing to say; what is sent all the same is read, and judged as any body is."""


class QueryParams(BaseModel):
    """Query parameters: text that is read as the declared types; unknown ones are reported."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)


class ResponseBody(BaseModel):
    """The exact shape of an answer: for OpenAPI, and for the tests that hold every answer against it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def refuse(code: str, detail: str) -> PydanticCustomError:
    """The error to raise in a validator: a stable code and a sentence for people."""
    return PydanticCustomError("domain", "{detail}", {"code": code, "detail": detail})


def matching(pattern: str, words: str) -> Check:
    """A check for text that matches the whole pattern; `words` say so to people."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise refuse("invalid_value", words)
        return value

    return Check(check, "invalid_value", pattern=f"^(?:{pattern})$")


def text(maximum: int, minimum: int = 0) -> Check:
    """A check for text of so many characters."""

    def check(value: str) -> str:
        if len(value) > maximum:
            raise refuse("too_long", f"must be at most {maximum} characters")
        if len(value) < minimum:
            raise refuse("invalid_value", f"must have at least {minimum} character")
        return value

    if minimum == 0:
        return Check(check, "too_long", maxLength=maximum)
    return Check(check, "too_long", "invalid_value", minLength=minimum, maxLength=maximum)


def _metadata(value: Any) -> Any:
    if not isinstance(value, dict) or len(value) > 50:
        raise refuse("invalid_metadata", "must be an object of at most 50 keys")
    for key, item in value.items():
        if len(key) > 40 or not isinstance(item, str) or len(item) > 500:
            raise refuse(
                "invalid_metadata",
                "must have keys of at most 40 characters and strings of at most 500 as values",
            )
    return value


def _time(value: Any) -> datetime:
    try:
        return parse_time(value)
    except (ValueError, TypeError, OverflowError):
        raise refuse(
            "invalid_timestamp", "must be an RFC 3339 time with a zone, such as 2024-01-28T10:00:00Z"
        ) from None


def minor_units(value: Any) -> Any:
    """The value, where it is a whole number; the refusal of another says what it counts (rules M-1)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse("invalid_amount", "must be an integer, in minor units: 2999 is $29.99")
    return value


Amount = Annotated[
    StrictInt,
    BeforeValidator(minor_units),
    ErrorCode("invalid_amount"),
    Shape(minimum=1, maximum=MAX_CHARGE),
    Refuses("invalid_amount", "amount_too_large"),
]
"""Integer minor units (rules M-1); limits depend on the operation and are checked by the service."""

Quantity = Annotated[StrictInt, Field(ge=1, le=1_000_000_000), ErrorCode("invalid_quantity")]
"""1 to 1,000,000,000 (rules BL-3, US-3)."""

Currency = Annotated[StrictStr, ErrorCode("unsupported_currency"), Shape(enum=sorted(FIAT))]
"""A currency code; which are supported is the service's to say, upper case is read too (rules M-4)."""

Metadata = Annotated[
    Mapping[str, str],
    BeforeValidator(_metadata),
    ErrorCode("invalid_metadata"),
    Shape(
        maxProperties=50,
        propertyNames={"maxLength": 40},
        additionalProperties={"type": "string", "maxLength": 500},
    ),
]
"""Rules M-12."""

Timestamp = Annotated[datetime, BeforeValidator(_time), ErrorCode("invalid_timestamp")]
"""An aware RFC 3339 time, normalised to UTC, whole seconds."""

Text500 = Annotated[StrictStr, text(500)]
"""Free text of at most 500 characters (rules M-12)."""

Text255 = Annotated[StrictStr, text(255, minimum=1)]
"""Free text of 1 to 255 characters."""

Token = Text255
"""An id or test token, opaque."""

Time = Annotated[
    str, Shape(format="date-time", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
]
"""A UTC time in an answer, whole seconds (rules CK-2)."""

Flag = StrictBool
