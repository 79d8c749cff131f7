"""Client of the billing service (8216)."""

from __future__ import annotations

from typing import ClassVar

from isa_user._async._invoices import BillingClientInvoices
from isa_user._async._usage import BillingClientUsage
from isa_user._config import Service

__all__ = ["BillingClient"]


class BillingClient(BillingClientInvoices, BillingClientUsage):
    """Invoices, usage and quotas.

    Example::

        billing = BillingClient("http://localhost:8216")
        record = await billing.record_usage(token=access_token, metric="api_calls", quantity=150)
    """

    _service: ClassVar[Service] = "billing"
