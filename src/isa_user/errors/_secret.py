"""Secrets that do not show: in repr, and so in containers, local variables, debuggers and notebooks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

__all__ = ["MASK", "SECRET_NAMES", "Secret", "guarded", "masked", "repr_without"]

MASK: Final = "**********"
SECRET_NAMES: Final = frozenset({"access_token", "authorization", "client_secret", "secret", "token"})


class Secret(str):
    """A str whose repr is a mask; ``str()``, f-strings, JSON and equality have the value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)


def guarded(value: Any, name: str = "") -> Any:
    """The same data with its secrets, known by the names of their fields, as :class:`Secret`."""
    if isinstance(value, str):
        return Secret(value) if name.lower() in SECRET_NAMES else value
    if isinstance(value, dict):
        return {key: guarded(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [guarded(item, name) for item in value]
    return value


def masked(value: Any, name: str = "") -> Any:
    """The same data without its secrets."""
    if isinstance(value, Secret) or (name.lower() in SECRET_NAMES and value is not None):
        return MASK
    if isinstance(value, dict):
        return {key: masked(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value


def repr_without(row: Any, hidden: Collection[str]) -> str:
    """The repr of a NamedTuple without the fields that could hold a secret."""
    shown = ", ".join(f"{name}={value!r}" for name, value in row._asdict().items() if name not in hidden)
    return f"{type(row).__name__}({shown})"
