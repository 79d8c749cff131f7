"""What the story relies on: a fact that is missing ends it, instead of being made up."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None, what: str) -> T:
    """The value; raises RuntimeError, which names it, when the answer did not have it."""
    if value is None:
        raise RuntimeError(f"an answer came without {what}")
    return value
