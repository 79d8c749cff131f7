"""Events of invoices and quotas (rules WH-2, WH-3)."""

from __future__ import annotations

from typing import Literal

from isa_user.models.billing import Invoice, Quota
from isa_user.webhooks.events._base import EventData, TypedEvent, UpdateData

__all__ = [
    "InvoiceCreated",
    "InvoiceDeleted",
    "InvoiceFinalized",
    "InvoiceMarkedUncollectible",
    "InvoiceOverdue",
    "InvoicePaid",
    "InvoicePaymentFailed",
    "InvoiceUpdated",
    "InvoiceVoided",
    "UsageQuotaExceeded",
    "UsageQuotaWarning",
]


class InvoiceCreated(TypedEvent[EventData[Invoice]]):
    """An invoice was created (heading "Create Invoice")."""

    type: Literal["invoice.created"] = "invoice.created"


class InvoiceUpdated(TypedEvent[UpdateData[Invoice]]):
    """A draft invoice was changed."""

    type: Literal["invoice.updated"] = "invoice.updated"


class InvoiceDeleted(TypedEvent[EventData[Invoice]]):
    """A draft invoice was deleted; the object is its last state."""

    type: Literal["invoice.deleted"] = "invoice.deleted"


class InvoiceFinalized(TypedEvent[EventData[Invoice]]):
    """An invoice got its number and is open."""

    type: Literal["invoice.finalized"] = "invoice.finalized"


class InvoicePaid(TypedEvent[EventData[Invoice]]):
    """An invoice was paid (rules WH-2)."""

    type: Literal["invoice.paid"] = "invoice.paid"


class InvoicePaymentFailed(TypedEvent[EventData[Invoice]]):
    """An attempt to pay an invoice failed; it stays open."""

    type: Literal["invoice.payment_failed"] = "invoice.payment_failed"


class InvoiceVoided(TypedEvent[EventData[Invoice]]):
    """An invoice was voided."""

    type: Literal["invoice.voided"] = "invoice.voided"


class InvoiceMarkedUncollectible(TypedEvent[EventData[Invoice]]):
    """An invoice was given up."""

    type: Literal["invoice.marked_uncollectible"] = "invoice.marked_uncollectible"


class InvoiceOverdue(TypedEvent[EventData[Invoice]]):
    """An open invoice passed its due date (rules BL-7)."""

    type: Literal["invoice.overdue"] = "invoice.overdue"


class UsageQuotaWarning(TypedEvent[EventData[Quota]]):
    """80 % of a quota is used (rules QU-4)."""

    type: Literal["usage.quota_warning"] = "usage.quota_warning"


class UsageQuotaExceeded(TypedEvent[EventData[Quota]]):
    """A quota is used up (rules QU-4)."""

    type: Literal["usage.quota_exceeded"] = "usage.quota_exceeded"
