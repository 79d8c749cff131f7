"""The rows of the billing slice, their tables and their state machines, as data."""

from __future__ import annotations

from typing import Any

from isa_mockserver.kernel.store import TableSpec

from .invoice import CREDIT_NOTES, CUSTOMER_ACCOUNTS, INVOICES
from .usage import QUOTA_NOTICES, USAGE, USAGE_TOTALS

TABLES: tuple[TableSpec[Any], ...] = (
    INVOICES,
    CREDIT_NOTES,
    CUSTOMER_ACCOUNTS,
    USAGE,
    USAGE_TOTALS,
    QUOTA_NOTICES,
)
"""Every table of the slice."""
