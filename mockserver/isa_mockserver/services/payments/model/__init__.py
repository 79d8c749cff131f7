"""The rows of the payments slice, their tables and their state machines, as data."""

from __future__ import annotations

from typing import Any

from isa_mockserver.kernel.store import TableSpec

from .crypto import CRYPTO_PAYMENTS
from .intent import ATTEMPTS, INTENTS
from .payment import HISTORY, PAYERS
from .refund import REFUNDS

TABLES: tuple[TableSpec[Any], ...] = (INTENTS, ATTEMPTS, REFUNDS, CRYPTO_PAYMENTS, HISTORY, PAYERS)
"""Every table of the slice."""
