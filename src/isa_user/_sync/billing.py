# Made by scripts/sync_twin.py from _async/billing.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Client of the billing service (8216)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from isa_user import _operations as ops
from isa_user._sync._base import SyncServiceClient
from isa_user._config import Service

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import SyncCallOptions, InvoiceItemParam, SyncWriteOptions
    from isa_user._paging import Page
    from isa_user.models.billing import Invoice, UsageRecord

__all__ = ["SyncBillingClient"]


class SyncBillingClient(SyncServiceClient):
    """Invoices and usage.

    Example::

        billing = SyncBillingClient("http://localhost:8216")
        record = billing.record_usage(token=access_token, metric="api_calls", quantity=150)
    """

    _service: ClassVar[Service] = "billing"

    def create_invoice(
        self,
        *,
        customer_id: str,
        items: Sequence[InvoiceItemParam],
        due_date: date | str | None = None,
        currency: str | None = None,
        auto_finalize: bool | None = None,
        metadata: Mapping[str, str] | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> Invoice:
        """Create an invoice; ``unit_price`` of the items in minor units, ``due_date`` a calendar date.

        It is open at once unless ``auto_finalize=False``. Raises InvalidRequestError,
        PermissionDeniedError (somebody else's customer), and what every write raises.

        Page: "Create Invoice".
        """
        body = {
            "customer_id": customer_id,
            "items": list(items),
            "due_date": due_date,
            "currency": currency,
            "auto_finalize": auto_finalize,
            "metadata": metadata,
        }
        return self._core.call(ops.CREATE_INVOICE, options, body=body)

    def get_invoices(
        self,
        *,
        status: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        **options: Unpack[SyncCallOptions],
    ) -> Page[Invoice]:
        """List the caller's invoices, newest first; ``limit`` rows a page (1 to 100).

        Raises InvalidRequestError for a status that the service does not know, and what every read raises.

        Page: "Get Invoices".
        """
        query = {"status": status, "limit": limit, "cursor": cursor}
        return self._core.pages(ops.GET_INVOICES, options, query)

    def record_usage(
        self,
        *,
        metric: str,
        quantity: int,
        timestamp: datetime | str | None = None,
        event_id: str | None = None,
        metadata: Mapping[str, str] | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> UsageRecord:
        """Record ``quantity`` units of a metric at ``timestamp`` (default: now).

        The same ``event_id`` with the same data counts once, whatever the idempotency key. Raises
        InvalidRequestError, ConflictError (the event id belongs to other data), and what every write raises.

        Page: "Usage-Based Billing".
        """
        body = {
            "metric": metric,
            "quantity": quantity,
            "timestamp": timestamp,
            "event_id": event_id,
            "metadata": metadata,
        }
        return self._core.call(ops.RECORD_USAGE, options, body=body)
