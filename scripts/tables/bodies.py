"""DATA: one request body, or query, for each operation that takes one; those of the page are the page's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CARD = {"payment_method_id": "pm_card_visa"}
USAGE = {"metric": "api_calls", "quantity": 150, "timestamp": "2024-01-28T10:00:00Z"}
LINE = {"description": "API Usage - January", "quantity": 10000, "unit_price": 1}

BODIES: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("payments", "create_intent"): {
        "amount": 2999,
        "currency": "usd",
        "description": "Pro Plan - Monthly",
        "metadata": {"product_id": "prod_123", "user_id": "user_456"},
    },
    ("payments", "confirm_intent"): CARD,
    ("payments", "update_intent"): {"description": "Pro Plan - Yearly"},
    ("payments", "cancel_intent"): {"cancellation_reason": "requested_by_customer"},
    ("payments", "capture_intent"): {"amount": 2000},
    ("payments", "refund"): {"amount": 2999, "reason": "customer_request"},
    ("payments", "create_crypto_payment"): {
        "amount": 100,
        "currency": "usdc",
        "blockchain": "ethereum",
        "wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    },
    ("wallets", "deposit"): {"amount": 5000, "currency": "usd", **CARD},
    ("wallets", "transfer"): {
        "to_user_id": "user_789",
        "amount": 1000,
        "currency": "usd",
        "note": "Payment for services",
    },
    ("billing", "create_invoice"): {"customer_id": "user_456", "items": [LINE], "due_date": "2024-02-15"},
    ("billing", "update_invoice"): {"due_date": "2024-03-01"},
    ("billing", "pay_invoice"): CARD,
    ("billing", "record_usage"): USAGE,
    ("billing", "record_usage_batch"): {"events": [{**USAGE, "event_id": "job-7"}]},
    ("subscriptions", "create_subscription"): {"plan_id": "plan_pro_monthly", **CARD},
    ("subscriptions", "change_plan"): {"new_plan_id": "plan_enterprise_annual", "prorate": True},
    ("subscriptions", "preview_change"): {"new_plan_id": "plan_enterprise_annual", "prorate": True},
    ("subscriptions", "cancel_subscription"): {
        "at_period_end": True,
        "reason": "switching_to_competitor",
    },
    ("credits", "purchase"): {"package": "credits_1000", **CARD},
    ("credits", "consume"): {
        "amount": 10,
        "reason": "api_premium_feature",
        "metadata": {"feature": "image_generation"},
    },
    ("credits", "refund_consumption"): {"amount": 4},
    ("credits", "reserve"): {"amount": 50, "reason": "video_render", "ttl_seconds": 3600},
    ("credits", "commit_reservation"): {"amount": 30},
}
"""(service, operation) -> body."""

QUERIES: Mapping[tuple[str, str], str] = {
    ("billing", "get_usage"): "metric=api_calls&window=day",
    ("billing", "get_quota"): "metric=api_calls",
}
"""(service, operation) -> the query of a read that needs one."""

IDS: Mapping[str, str] = {
    "payment_intent_id": "pi_abc123",
    "refund_id": "re_abc123",
    "crypto_payment_id": "cp_abc123",
    "invoice_id": "in_abc123",
    "consumption_id": "con_abc123",
    "reservation_id": "res_abc123",
}
"""Path parameter -> what stands for it in a command."""
