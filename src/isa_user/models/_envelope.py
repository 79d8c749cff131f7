"""The envelope of a list (rules 8.5), one class a row model, made on first use."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

__all__ = ["envelope_of"]

T = TypeVar("T")


class _Envelope(BaseModel, Generic[T]):
    model_config = ConfigDict(hide_input_in_errors=True)

    data: list[T]
    has_more: bool = False
    next_cursor: str | None = None


@lru_cache(maxsize=64)
def _envelope_class(model: Any) -> Any:
    return _Envelope[model]


def envelope_of(model: Any) -> Any:
    """The envelope class for a list of one model."""
    return _envelope_class(model)
