# Made by scripts/sync_twin.py from _async/_invoices.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Invoices: from draft to paid, void or uncollectible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from isa_user._sync._base import SyncServiceClient
from isa_user._operations import billing as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._filters import InvoiceStatusFilter
    from isa_user._options import SyncCallOptions, InvoiceItemParam, SyncWriteOptions
    from isa_user._paging import Page
    from isa_user.models.billing import Invoice

__all__ = ["BillingClientInvoices"]


class BillingClientInvoices(SyncServiceClient):
    """The part of the billing client that works on invoices (rules 4.1)."""

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

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

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
        status: InvoiceStatusFilter | None = None,
        customer_id: str | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        **options: Unpack[SyncCallOptions],
    ) -> Page[Invoice]:
        """List the caller's invoices, newest first; ``limit`` rows a page (1 to 100).

        ``created_after`` is inclusive, ``created_before`` exclusive; ``customer_id`` of somebody else is
        for admins. Raises InvalidRequestError for a filter that the service does not know,
        PermissionDeniedError, and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Page: "Get Invoices".
        """
        query = {
            "status": status,
            "customer_id": customer_id,
            "created_after": created_after,
            "created_before": created_before,
            "limit": limit,
            "cursor": cursor,
        }
        return self._core.pages(ops.GET_INVOICES, options, query=query)

    def get_invoice(self, invoice_id: str, **options: Unpack[SyncCallOptions]) -> Invoice:
        """Read an invoice.

        Raises NotFoundError (unknown, or somebody else's), and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Extension: rules BL-8.
        """
        return self._core.call(ops.GET_INVOICE, options, path={"invoice_id": invoice_id})

    def update_invoice(
        self,
        invoice_id: str,
        *,
        items: Sequence[InvoiceItemParam] | None = None,
        due_date: date | str | None = None,
        metadata: Mapping[str, str] | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> Invoice:
        """Change a draft; of a finalised invoice only ``metadata``. What is left out stays as it is.

        ``items`` replaces all lines (``unit_price`` in minor units). Raises ConflictError (finalised),
        InvalidRequestError, NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules BL-6.
        """
        body = {
            "items": None if items is None else list(items),
            "due_date": due_date,
            "metadata": metadata,
        }
        return self._core.call(ops.UPDATE_INVOICE, options, path={"invoice_id": invoice_id}, body=body)

    def delete_invoice(self, invoice_id: str, **options: Unpack[SyncWriteOptions]) -> None:
        """Delete a draft.

        Raises ConflictError (finalised), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules 4.1.
        """
        self._core.call(ops.DELETE_INVOICE, options, path={"invoice_id": invoice_id})

    def finalize_invoice(self, invoice_id: str, **options: Unpack[SyncWriteOptions]) -> Invoice:
        """Give a draft its number and open it for payment; one with nothing due is paid at once.

        Raises ConflictError (not a draft any more), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules BL-6.
        """
        return self._core.call(ops.FINALIZE_INVOICE, options, path={"invoice_id": invoice_id})

    def pay_invoice(
        self, invoice_id: str, *, payment_method_id: str | None = None, **options: Unpack[SyncWriteOptions]
    ) -> Invoice:
        """Pay an open invoice in full; without a payment method the last one that worked is charged.

        Where the card asks for confirmation the invoice stays open and ``latest_payment_intent`` is what
        to confirm. Raises CardDeclinedError (the invoice stays open), InsufficientFundsError
        (``pm_wallet``), ConflictError (not open), InvalidRequestError (no method on file), NotFoundError,
        and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules BL-9.
        """
        path = {"invoice_id": invoice_id}
        body = {"payment_method_id": payment_method_id}
        return self._core.call(ops.PAY_INVOICE, options, path=path, body=body)

    def void_invoice(self, invoice_id: str, **options: Unpack[SyncWriteOptions]) -> Invoice:
        """Declare an open or uncollectible invoice void; its number and lines stay.

        Raises ConflictError (paid, void or a draft), PermissionDeniedError (one that the system issued, not
        by an admin), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules BL-10.
        """
        return self._core.call(ops.VOID_INVOICE, options, path={"invoice_id": invoice_id})

    def mark_uncollectible(self, invoice_id: str, **options: Unpack[SyncWriteOptions]) -> Invoice:
        """Give an open invoice up as a loss; it can still be paid or voided.

        Raises ConflictError (not open), PermissionDeniedError (one that the system issued, not by an
        admin), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules BL-8.
        """
        return self._core.call(ops.MARK_UNCOLLECTIBLE, options, path={"invoice_id": invoice_id})
