"""OpenAPI 3.1 out of routes and schemas: pure functions, imported when a document is first asked for."""

from __future__ import annotations

from .document import Tag, document
from .health import HEALTH
from .operation import Operation, of_route

__all__ = ["HEALTH", "Operation", "Tag", "document", "of_route"]
