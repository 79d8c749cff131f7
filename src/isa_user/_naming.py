"""Names as users know them: a large client is written in several parts, and its methods are the client's."""

from __future__ import annotations

from types import FunctionType

__all__ = ["name_methods"]


def name_methods(part: type, owner: str) -> None:
    """Name a part's methods after its client, so that Python's own errors and tracebacks do."""
    for name, member in vars(part).items():
        if isinstance(member, FunctionType):
            member.__qualname__ = f"{owner}.{name}"
