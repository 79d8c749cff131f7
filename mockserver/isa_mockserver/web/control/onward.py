"""Reading on from a place in a list that only grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def onward(items: Sequence[T], start: int) -> Iterator[T]:
    """The items from place `start` on, read where they are: a slice would copy all of them."""
    return map(items.__getitem__, range(start, len(items)))
