"""DATA: one complete answer of each resource, with the keys of rules section 10 that may not be missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Sample = dict[str, Any]

MADE = {"created_at": "2024-01-28T10:00:00Z"}
MONEY = {"amount": 2999, "currency": "usd"}
PERIOD = {"period_start": "2024-01-01T00:00:00Z", "period_end": "2024-02-01T00:00:00Z"}
TOTALS = {"total": 500, "available": 450, "reserved": 50}

PAYMENT: Sample = {
    "payment_id": "pi_1",
    "type": "payment",
    **MONEY,
    "status": "succeeded",
    "amount_received": 2999,
    "amount_refunded": 0,
    "refund_status": "none",
    "metadata": {},
    **MADE,
}
REFUND: Sample = {
    "refund_id": "re_1",
    "payment_intent_id": "pi_1",
    **MONEY,
    "status": "succeeded",
    **MADE,
}
CRYPTO_PAYMENT: Sample = {
    "crypto_payment_id": "cp_1",
    "amount": 100,
    "currency": "usdc",
    "blockchain": "ethereum",
    "wallet_address": "0xabc",
    "deposit_address": "0xdef",
    "amount_received": 0,
    "amount_decimal": "1.00",
    "amount_atomic": "1000000",
    "confirmations": 0,
    "confirmations_required": 12,
    "status": "pending",
    "expires_at": "2024-01-28T11:00:00Z",
    **MADE,
}
DEPOSIT: Sample = {
    "transaction_id": "txn_1",
    "payment_intent_id": "pi_1",
    "status": "completed",
    **MONEY,
    "balance": 2999,
    **MADE,
}
TRANSFER: Sample = {
    "transfer_id": "tr_1",
    "transaction_id": "txn_1",
    "from_user_id": "user_456",
    "to_user_id": "user_789",
    "amount": 1000,
    "currency": "usd",
    "note": "Payment for services",
    "status": "completed",
    "balance": 14000,
    **MADE,
}
WALLET_TRANSACTION: Sample = {
    "transaction_id": "txn_1",
    "type": "transfer_out",
    "amount": -1000,
    "currency": "usd",
    "balance_before": 15000,
    "balance_after": 14000,
    "status": "completed",
    **MADE,
}
INVOICE_ITEM: Sample = {
    "description": "API Usage - January",
    "quantity": 10000,
    "unit_price": 1,
    "amount": 10000,
}
INVOICE: Sample = {
    "invoice_id": "in_1",
    "customer_id": "user_456",
    "status": "open",
    "currency": "usd",
    "items": [INVOICE_ITEM],
    "subtotal": 10000,
    "tax": 0,
    "total": 10000,
    "customer_balance_applied": 0,
    "amount_due": 10000,
    "amount_paid": 0,
    "amount_remaining": 10000,
    "amount_refunded": 0,
    "due_date": "2024-02-15",
    "overdue": False,
    "billing_reason": "manual",
    "attempt_count": 0,
    "metadata": {},
    **MADE,
}
USAGE_QUOTA: Sample = {"limit": 1000, "used": 150, "remaining": 850, "exceeded": False, **PERIOD}
QUOTA: Sample = {
    **USAGE_QUOTA,
    "metric": "api_calls",
    "allowed": True,
    "reset_at": "2024-02-01T00:00:00Z",
}
USAGE_RECORD: Sample = {
    "usage_id": "us_1",
    "metric": "api_calls",
    "quantity": 150,
    "timestamp": "2024-01-28T10:00:00Z",
    "recorded_at": "2024-01-28T10:00:00Z",
    "duplicate": False,
    "late": False,
    "quota": USAGE_QUOTA,
    "metadata": {},
    **MADE,
}
USAGE_BATCH: Sample = {
    "accepted": 1,
    "duplicates": 0,
    "rejected": [{"index": 1, "code": "unknown_metric", "detail": "no such metric"}],
}
USAGE_SUMMARY: Sample = {
    "metric": "api_calls",
    "start": "2024-01-01T00:00:00Z",
    "end": "2024-01-02T00:00:00Z",
    "window": "day",
    "total": 150,
    "data": [{"start": "2024-01-01T00:00:00Z", "end": "2024-01-02T00:00:00Z", "quantity": 150}],
}
PLAN: Sample = {"id": "plan_pro_monthly", "name": "Pro Monthly", "price": 2999, "interval": "month"}
PREVIEW: Sample = {
    "lines": [INVOICE_ITEM],
    "total": 10000,
    "amount_due": 10000,
    "effective_at": "2024-01-28T10:00:00Z",
    "period_end": "2024-02-28T00:00:00Z",
}
PACKAGE: Sample = {
    "package": "credits_1000",
    "name": "Pro",
    "credits": 1000,
    "price": 8000,
    "currency": "usd",
}
PURCHASE: Sample = {
    "purchase_id": "cpur_1",
    "package": "credits_1000",
    "credits": 1000,
    "amount": 8000,
    "currency": "usd",
    "status": "completed",
    "payment_intent_id": "pi_1",
    "balance": TOTALS,
    **MADE,
}
ALLOCATIONS = [{"grant_id": "grant_1", "amount": 10}]
CONSUMPTION: Sample = {
    "consumption_id": "cons_1",
    "amount": 10,
    "reason": "api_premium_feature",
    "metadata": {"feature": "image_generation"},
    "allocations": ALLOCATIONS,
    "refunded": 0,
    "balance": TOTALS,
    **MADE,
}
RESERVATION: Sample = {
    "reservation_id": "rsv_1",
    "amount": 50,
    "status": "held",
    "reason": "job",
    "expires_at": "2024-01-28T10:15:00Z",
    "balance": TOTALS,
    **MADE,
}
CREDIT_TRANSACTION: Sample = {
    "transaction_id": "ctx_1",
    "type": "consume",
    "amount": -10,
    "allocations": ALLOCATIONS,
    "balance_after": {"available": 450, "reserved": 50},
    **MADE,
}

COMPLETE: Mapping[str, Sample] = {
    "Payment": PAYMENT,
    "Refund": REFUND,
    "CryptoPayment": CRYPTO_PAYMENT,
    "Deposit": DEPOSIT,
    "Transfer": TRANSFER,
    "WalletTransaction": WALLET_TRANSACTION,
    "Invoice": INVOICE,
    "InvoiceItem": INVOICE_ITEM,
    "UsageRecord": USAGE_RECORD,
    "UsageQuota": USAGE_QUOTA,
    "UsageSummary": USAGE_SUMMARY,
    "UsageBatch": USAGE_BATCH,
    "UsageRejection": USAGE_BATCH["rejected"][0],
    "UsageWindow": USAGE_SUMMARY["data"][0],
    "Quota": QUOTA,
    "Plan": PLAN,
    "ChangePreview": PREVIEW,
    "CreditPackage": PACKAGE,
    "CreditPurchase": PURCHASE,
    "CreditConsumption": CONSUMPTION,
    "CreditReservation": RESERVATION,
    "CreditTransaction": CREDIT_TRANSACTION,
    "CreditAllocation": ALLOCATIONS[0],
    "CreditTotals": TOTALS,
    "CreditLevels": {"available": 450, "reserved": 50},
    "ExpiringCredits": {"amount": 100, "expires_at": "2024-03-01T00:00:00Z"},
    "NextAction": {"type": "redirect", "url": "https://bank.test/3ds"},
    "PaymentError": {"code": "card_declined", "message": "no"},
    "Reference": {"type": "deposit", "id": "dep_1"},
    "LatestPaymentIntent": {"payment_intent_id": "pi_1", "status": "requires_action"},
}
"""By model; the four resources that the page prints are in ``fakes``."""
