"""The shapes of nested arguments."""

from __future__ import annotations

from typing import TypedDict

__all__ = ["InvoiceItemParam"]


class InvoiceItemParam(TypedDict):
    """One line of a new invoice: ``unit_price`` in minor units, both numbers int (rules BL-3)."""

    description: str
    quantity: int
    unit_price: int
