"""One resource of each kind with the keys of rules section 10, and which events carry it (WH-2, WH-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isa_user import models
from isa_user.webhooks import CreditGrant, WebhookEndpoint
from tests.sdk_webhooks.deliveries import PAYMENT

WHEN = "2024-01-28T10:00:00Z"
BALANCE = {"total": 500, "available": 450, "reserved": 50}

REFUND = {
    "refund_id": "re_1",
    "payment_intent_id": "pi_abc123",
    "amount": 2999,
    "currency": "usd",
    "status": "succeeded",
    "reason": "customer_request",
    "reason_category": "requested_by_customer",
    "created_at": WHEN,
}
CRYPTO_PAYMENT = {
    "crypto_payment_id": "cp_1",
    "amount": 100,
    "currency": "usdc",
    "blockchain": "ethereum",
    "wallet_address": "0x52908400098527886E0F7030069857D2E4169EE7",
    "deposit_address": "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "amount_received": 0,
    "amount_decimal": "1.00",
    "amount_atomic": "1000000",
    "confirmations": 0,
    "confirmations_required": 12,
    "status": "confirming",
    "expires_at": WHEN,
    "overpaid_amount": None,
    "tx_hash": None,
    "created_at": WHEN,
}
DEPOSIT = {
    "transaction_id": "txn_1",
    "payment_intent_id": "pi_1",
    "status": "completed",
    "amount": 5000,
    "currency": "usd",
    "balance": 15000,
    "created_at": WHEN,
}
TRANSFER = {
    "transfer_id": "tr_1",
    "transaction_id": "txn_2",
    "from_user_id": "user_456",
    "to_user_id": "user_789",
    "amount": 1000,
    "currency": "usd",
    "note": "Payment for services",
    "status": "completed",
    "balance": 14000,
    "created_at": WHEN,
}
INVOICE = {
    "invoice_id": "in_1",
    "number": "INV-2024-000001",
    "customer_id": "user_456",
    "status": "paid",
    "currency": "usd",
    "items": [{"description": "API Usage - January", "quantity": 10000, "unit_price": 1, "amount": 10000}],
    "subtotal": 10000,
    "tax": 0,
    "total": 10000,
    "customer_balance_applied": 0,
    "amount_due": 10000,
    "amount_paid": 10000,
    "amount_remaining": 0,
    "amount_refunded": 0,
    "due_date": "2024-02-15",
    "overdue": False,
    "billing_reason": "manual",
    "attempt_count": 1,
    "next_payment_attempt": None,
    "metadata": {},
    "created_at": WHEN,
}
SUBSCRIPTION = {
    "subscription_id": "sub_123",
    "plan": {"id": "plan_pro_monthly", "name": "Pro Monthly", "price": 2999, "interval": "month"},
    "status": "active",
    "current_period_start": WHEN,
    "current_period_end": "2024-02-28T00:00:00Z",
    "cancel_at_period_end": False,
    "created_at": WHEN,
}
QUOTA = {
    "metric": "api_calls",
    "limit": 1000,
    "used": 800,
    "remaining": 200,
    "exceeded": False,
    "allowed": True,
    "period_start": WHEN,
    "period_end": WHEN,
    "reset_at": WHEN,
}
GRANT = {
    "grant_id": "gr_1",
    "source": "purchase",
    "amount": 1000,
    "remaining": 1000,
    "reserved": 0,
    "cost_basis": 8,
    "priority": 50,
    "effective_at": WHEN,
    "expires_at": "2025-01-28T10:00:00Z",
    "voided_at": None,
    "created_at": WHEN,
}
CONSUMPTION = {
    "consumption_id": "cc_1",
    "amount": 10,
    "reason": "api_premium_feature",
    "metadata": {"feature": "image_generation"},
    "allocations": [{"grant_id": "gr_1", "amount": 10}],
    "refunded": 0,
    "balance": BALANCE,
    "created_at": WHEN,
}
RESERVATION = {
    "reservation_id": "rs_1",
    "amount": 50,
    "status": "expired",
    "reason": "render",
    "expires_at": WHEN,
    "committed_amount": None,
    "balance": BALANCE,
    "created_at": WHEN,
}
ENDPOINT = {
    "webhook_id": "wh_1",
    "url": "http://localhost:9000/webhooks/payments",
    "events": ["*"],
    "description": None,
    "enabled": True,
}

Carried = tuple[type[models.Model], Mapping[str, Any]]

_BY_FAMILY: Mapping[str, Carried] = {
    "payment": (models.Payment, PAYMENT),
    "refund": (models.Refund, REFUND),
    "crypto_payment": (models.CryptoPayment, CRYPTO_PAYMENT),
    "invoice": (models.Invoice, INVOICE),
    "subscription": (models.Subscription, SUBSCRIPTION),
    "usage": (models.Quota, QUOTA),
    "webhook": (WebhookEndpoint, ENDPOINT),
}
_BY_TYPE: Mapping[str, Carried] = {
    "wallet.deposited": (models.Deposit, DEPOSIT),
    "wallet.transferred": (models.Transfer, TRANSFER),
    "credits.granted": (CreditGrant, GRANT),
    "credits.expiring_soon": (CreditGrant, GRANT),
    "credits.expired": (CreditGrant, GRANT),
    "credits.consumed": (models.CreditConsumption, CONSUMPTION),
    "credits.refunded": (models.CreditConsumption, CONSUMPTION),
    "credits.reservation_expired": (models.CreditReservation, RESERVATION),
}


def carried_by(event_type: str) -> Carried:
    """The model and a sample of what an event of this type carries."""
    return _BY_TYPE.get(event_type) or _BY_FAMILY[event_type.partition(".")[0]]
