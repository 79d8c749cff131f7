"""DATA: one request body for each call that takes one; those of the published page are as it prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .operation import Operation

Bodies = Mapping[tuple[str, str], Mapping[str, Any]]
"""(tag, operation) -> a body."""

_CARD = {"payment_method_id": "pm_card_visa"}
_USAGE = {"metric": "api_calls", "quantity": 150, "timestamp": "2024-01-28T10:00:00Z"}
_LINE = {"description": "API Usage - January", "quantity": 10000, "unit_price": 1}
_CRYPTO = {"amount": 100, "currency": "usdc", "blockchain": "ethereum"}
_HASH = "0x9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8b"

OF_SERVICES: Bodies = {
    ("payments", "create_intent"): {
        "amount": 2999,
        "currency": "usd",
        "description": "Pro Plan - Monthly",
        "metadata": {"product_id": "prod_123", "user_id": "user_456"},
    },
    ("payments", "confirm_intent"): _CARD,
    ("payments", "update_intent"): {"description": "Pro Plan - Yearly"},
    ("payments", "cancel_intent"): {"cancellation_reason": "requested_by_customer"},
    ("payments", "capture_intent"): {"amount": 2000},
    ("payments", "refund"): {"amount": 2999, "reason": "customer_request"},
    ("payments", "create_crypto_payment"): {
        **_CRYPTO,
        "wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    },
    ("wallets", "deposit"): {"amount": 5000, "currency": "usd", **_CARD},
    ("wallets", "transfer"): {
        "to_user_id": "user_789",
        "amount": 1000,
        "currency": "usd",
        "note": "Payment for services",
    },
    ("billing", "create_invoice"): {"customer_id": "user_456", "items": [_LINE], "due_date": "2024-02-15"},
    ("billing", "update_invoice"): {"due_date": "2024-03-01"},
    ("billing", "pay_invoice"): _CARD,
    ("billing", "record_usage"): _USAGE,
    ("billing", "record_usage_batch"): {"events": [{**_USAGE, "event_id": "job-7"}]},
    ("subscriptions", "create_subscription"): {"plan_id": "plan_pro_monthly", **_CARD},
    ("subscriptions", "change_plan"): {"new_plan_id": "plan_enterprise_annual", "prorate": True},
    ("subscriptions", "preview_change"): {"new_plan_id": "plan_enterprise_annual", "prorate": True},
    ("subscriptions", "cancel_subscription"): {
        "at_period_end": True,
        "reason": "switching_to_competitor",
    },
    ("subscriptions", "resume_subscription"): _CARD,
    ("credits", "purchase"): {"package": "credits_1000", **_CARD},
    ("credits", "consume"): {
        "amount": 10,
        "reason": "api_premium_feature",
        "metadata": {"feature": "image_generation"},
    },
    ("credits", "refund_consumption"): {"amount": 4},
    ("credits", "reserve"): {"amount": 50, "reason": "video_render", "ttl_seconds": 3600},
    ("credits", "commit_reservation"): {"amount": 30},
}

OF_CONTROL: Bodies = {
    ("control", "move_clock"): {"advance": "P31D"},
    ("control", "trigger_event"): {"type": "payment.succeeded"},
    ("control", "add_webhook"): {"url": "http://localhost:8000/webhooks/payments"},
    ("control", "change_webhook"): {"enabled": False},
    ("control", "make_user"): {"user_id": "user_1"},
    ("control", "make_token"): {"sub": "user_456", "ttl": 3600},
    ("control", "make_sandbox"): {"name": "blue", "seed": "demo"},
    ("control", "fork_snapshot"): {"sandbox": "green"},
    ("control", "add_fault"): {"effect": "drop_after_commit", "match": {"operation": "deposit"}},
    ("control", "authenticate_intent"): {"outcome": "success"},
    ("control", "add_crypto_transaction"): {"tx_hash": _HASH, "amount": 100},
    ("control", "add_crypto_confirmations"): {"confirmations": 12},
    ("control", "resolve_crypto_payment"): {"resolution": "accept"},
    ("control", "freeze_wallet"): {"frozen": True},
    ("control", "give_credits"): {"user": "user_456", "amount": 100},
}

WITH_PLACEHOLDERS: Bodies = {
    ("payments", "create_crypto_payment"): {**_CRYPTO, "wallet_address": "0x..."},
}
"""What the page prints where it leaves something out: to be read, not to be sent."""


def examples_of(operation: Operation) -> dict[str, Any]:
    """Name -> example object of the operation's request body; empty where there is none."""
    return dict(_examples_of(operation))


def _examples_of(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    key = (operation.tag, operation.name)
    body = OF_SERVICES.get(key, OF_CONTROL.get(key))
    if body is None:
        return
    if key in WITH_PLACEHOLDERS:
        yield "example", {"summary": "Ready to send", "value": body}
        printed = WITH_PLACEHOLDERS[key]
        yield "page", {"summary": "As on the published page, with its placeholder", "value": printed}
    elif operation.heading is not None:
        yield "page", {"summary": "As on the published page", "value": body}
    else:
        yield "example", {"summary": "Ready to send", "value": body}
