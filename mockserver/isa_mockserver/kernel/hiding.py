"""What values that carry a secret show of themselves: all but the secret (quality page, Security)."""

from __future__ import annotations

from typing import Any


def shown(value: Any, *hidden: str) -> str:
    """The usual `repr` of a NamedTuple without the fields that are named."""
    parts = [f"{name}={part!r}" for name, part in value._asdict().items() if name not in hidden]
    return f"{type(value).__name__}({', '.join(parts)})"
