"""DATA: one row an endpoint. Client methods name a row; everything else about the endpoint is here.

A row of the page carries the page's heading; an extension carries the rule that describes it. To add
an endpoint: a row in its service's module, a method in ``_async/``, and ``scripts/sync_twin.py``.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from isa_user._operations import billing, credit, payment, subscription, wallet
from isa_user._operations._row import Operation, Safety

__all__ = ["OPERATIONS", "Operation", "Safety", "billing", "credit", "payment", "subscription", "wallet"]


def _rows(module: ModuleType) -> list[Operation[Any]]:
    return [value for value in vars(module).values() if isinstance(value, Operation)]


OPERATIONS: tuple[Operation[Any], ...] = (
    *_rows(payment),
    *_rows(wallet),
    *_rows(billing),
    *_rows(subscription),
    *_rows(credit),
)
"""Every row, service by service, each in the order of its module."""
