# Made by scripts/sync_twin.py from _async/billing.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Client of the billing service (8216)."""

from __future__ import annotations

from typing import ClassVar

from isa_user._sync._invoices import BillingClientInvoices
from isa_user._sync._usage import BillingClientUsage
from isa_user._config import Service

__all__ = ["SyncBillingClient"]


class SyncBillingClient(BillingClientInvoices, BillingClientUsage):
    """Invoices, usage and quotas.

    Example::

        billing = SyncBillingClient("http://localhost:8216")
        record = billing.record_usage(token=access_token, metric="api_calls", quantity=150)
    """

    _service: ClassVar[Service] = "billing"
