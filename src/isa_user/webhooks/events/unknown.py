"""The event that this version has no class for (rules WH-3 grows)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from isa_user.errors import FieldError
from isa_user.models.common import Count, Model, UtcDatetime

__all__ = ["UnknownEvent"]


def _or_none(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(value)
    except ValidationError:
        return None


class UnknownEvent(Model):
    """A verified event of a type that is newer than this version, or whose content does not fit its type.

    In the second case ``problems`` says what does not fit; in the first it is empty. ``data`` is the JSON as
    it was sent: amounts in it are not checked.
    """

    id: str
    type: str
    timestamp: Annotated[UtcDatetime | None, WrapValidator(_or_none)] = None
    api_version: Annotated[str | None, WrapValidator(_or_none)] = None
    sequence: Annotated[Count | None, WrapValidator(_or_none)] = None
    data: dict[str, Any] = Field(default_factory=dict)
    problems: tuple[FieldError, ...] = ()
