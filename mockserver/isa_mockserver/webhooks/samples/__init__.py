"""Example objects for every type of event, with the keys of rules section 10: what a trigger sends."""

from __future__ import annotations

from .example import Example
from .table import example_of

__all__ = ["Example", "example_of"]
