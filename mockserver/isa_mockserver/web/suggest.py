"""What a name that is not known was meant to be."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

_LISTED = 12


def suggestion(name: str, known: Collection[str]) -> str:
    """The end of a sentence: the nearest name, or else all of them, where they are few."""
    close = get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are {', '.join(known)}" if len(known) <= _LISTED else ""
