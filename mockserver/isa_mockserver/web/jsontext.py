"""JSON as answers carry it; a module of its own, for pydantic's writer takes a while to load."""

from __future__ import annotations

from typing import Any

import pydantic_core


def to_json(document: Any) -> bytes:
    """Compact UTF-8 JSON on a line of its own, so that a terminal's prompt does not stick to it."""
    return pydantic_core.to_json(document, inf_nan_mode="strings") + b"\n"
