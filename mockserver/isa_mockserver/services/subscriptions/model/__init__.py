"""The rows of the subscriptions slice, their tables and their state machine, and the catalogue, as data."""

from __future__ import annotations

from typing import Any

from isa_mockserver.kernel.store import TableSpec

from .subscription import PLAN_SPANS, SUBSCRIPTIONS

TABLES: tuple[TableSpec[Any], ...] = (SUBSCRIPTIONS, PLAN_SPANS)
"""Every table of the slice."""
