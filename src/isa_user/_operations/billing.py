"""Rows of the billing service (8216)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._operations._row import Operation, delete, get, patch, post

if TYPE_CHECKING:
    from isa_user.models.billing import Invoice, Quota, UsageBatch, UsageRecord, UsageSummary

__all__ = [
    "CREATE_INVOICE",
    "DELETE_INVOICE",
    "FINALIZE_INVOICE",
    "GET_INVOICE",
    "GET_INVOICES",
    "GET_QUOTA",
    "GET_USAGE",
    "MARK_UNCOLLECTIBLE",
    "PAY_INVOICE",
    "RECORD_USAGE",
    "RECORD_USAGE_BATCH",
    "UPDATE_INVOICE",
    "VOID_INVOICE",
]

_INVOICE = "/billing/invoices/{invoice_id}"

CREATE_INVOICE: Operation[Invoice] = post(
    "create_invoice",
    "billing",
    "/billing/invoices",
    "billing.Invoice",
    "Create Invoice",
    "customer_id items",
)
GET_INVOICES: Operation[Invoice] = get(
    "get_invoices", "billing", "/billing/invoices", "billing.Invoice", "Get Invoices", many=True
)
GET_INVOICE: Operation[Invoice] = get(
    "get_invoice", "billing", _INVOICE, "billing.Invoice", "Rules BL-8", documented=False
)
UPDATE_INVOICE: Operation[Invoice] = patch(
    "update_invoice", "billing", _INVOICE, "billing.Invoice", "Rules BL-6", documented=False
)
DELETE_INVOICE: Operation[None] = delete("delete_invoice", "billing", _INVOICE, "Rules 4.1", documented=False)
FINALIZE_INVOICE: Operation[Invoice] = post(
    "finalize_invoice", "billing", f"{_INVOICE}/finalize", "billing.Invoice", "Rules BL-6", documented=False
)
PAY_INVOICE: Operation[Invoice] = post(
    "pay_invoice", "billing", f"{_INVOICE}/pay", "billing.Invoice", "Rules BL-9", documented=False
)
VOID_INVOICE: Operation[Invoice] = post(
    "void_invoice", "billing", f"{_INVOICE}/void", "billing.Invoice", "Rules BL-10", documented=False
)
MARK_UNCOLLECTIBLE: Operation[Invoice] = post(
    "mark_uncollectible",
    "billing",
    f"{_INVOICE}/mark_uncollectible",
    "billing.Invoice",
    "Rules BL-8",
    documented=False,
)
RECORD_USAGE: Operation[UsageRecord] = post(
    "record_usage",
    "billing",
    "/billing/usage",
    "billing.UsageRecord",
    "Usage-Based Billing",
    "metric quantity",
)
RECORD_USAGE_BATCH: Operation[UsageBatch] = post(
    "record_usage_batch",
    "billing",
    "/billing/usage/batch",
    "billing.UsageBatch",
    "Rules US-8",
    "events",
    documented=False,
)
GET_USAGE: Operation[UsageSummary] = get(
    "get_usage",
    "billing",
    "/billing/usage",
    "billing.UsageSummary",
    "Rules US-7",
    "metric",
    documented=False,
)
GET_QUOTA: Operation[Quota] = get(
    "get_quota", "billing", "/billing/quota", "billing.Quota", "Rules QU-7", documented=False
)
