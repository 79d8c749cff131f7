"""The values that the filters of list calls take (rules PH-1, W-10, BL-8, CR-16)."""

from __future__ import annotations

from typing import Literal

__all__ = [
    "CreditTransactionTypeFilter",
    "InvoiceStatusFilter",
    "PaymentStatusFilter",
    "PaymentTypeFilter",
    "WalletTransactionStatusFilter",
    "WalletTransactionTypeFilter",
]

PaymentStatusFilter = Literal[
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
    "succeeded",
    "canceled",
    "pending",
    "confirming",
    "confirmed",
    "expired",
    "underpaid",
    "refunded",
]
"""A status of an intent, or of a crypto payment."""

PaymentTypeFilter = Literal["payment", "deposit", "invoice", "subscription", "credits", "crypto"]
WalletTransactionTypeFilter = Literal[
    "deposit", "transfer_in", "transfer_out", "payment", "refund", "adjustment", "withdrawal"
]
WalletTransactionStatusFilter = Literal["pending", "completed", "failed"]
InvoiceStatusFilter = Literal["draft", "open", "paid", "void", "uncollectible"]
CreditTransactionTypeFilter = Literal[
    "purchase", "grant", "consume", "reserve", "release", "commit", "expire", "refund", "revoke"
]
