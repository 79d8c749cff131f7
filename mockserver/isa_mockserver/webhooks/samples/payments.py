"""Example payments, refunds and crypto payments."""

from __future__ import annotations

from collections.abc import Mapping

from .example import Example, Maker, Object

_DECLINED = {
    "code": "card_declined",
    "decline_code": "generic_decline",
    "message": "The card was declined.",
}
_UNPAID = {"status": "requires_payment_method", "amount_received": 0, "payment_method_id": None}


def _payment(example: Example, **changes: object) -> Object:
    intent_id = example.new_id("pi")
    payment = {
        "payment_id": intent_id,
        "type": "payment",
        "amount": 2_999,
        "currency": "usd",
        "status": "succeeded",
        "description": "Pro Plan - Monthly",
        "amount_received": 2_999,
        "amount_refunded": 0,
        "refund_status": "none",
        "payment_intent_id": intent_id,
        "reference": None,
        "payment_method_id": "pm_card_visa",
        "last_payment_error": None,
        "metadata": {"user_id": example.user},
        "created_at": example.at(),
    }
    return {**payment, **changes}


def _refund(example: Example, **changes: object) -> Object:
    refund = {
        "refund_id": example.new_id("re"),
        "payment_intent_id": example.new_id("pi"),
        "amount": 2_999,
        "currency": "usd",
        "status": "succeeded",
        "reason": "customer_request",
        "reason_category": "customer_request",
        "created_at": example.at(),
    }
    return {**refund, **changes}


def _crypto(example: Example, **changes: object) -> Object:
    payment = {
        "crypto_payment_id": example.new_id("crypto"),
        "amount": 100,
        "currency": "usdc",
        "blockchain": "ethereum",
        "wallet_address": "0x52908400098527886E0F7030069857D2E4169EE7",
        "deposit_address": "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "amount_received": 100,
        "amount_decimal": "1.00",
        "amount_atomic": "1000000",
        "confirmations": 0,
        "confirmations_required": 12,
        "status": "confirming",
        "expires_at": example.at(minutes=60),
        "overpaid_amount": None,
        "tx_hash": f"0x{'5a' * 32}",
        "created_at": example.at(),
    }
    return {**payment, **changes}


def _expired_crypto(example: Example, **changes: object) -> Object:
    hour_old = {"created_at": example.at(minutes=-60), "expires_at": example.at()}
    return _crypto(example, **hour_old, **changes)


PAYMENTS: Mapping[str, Maker] = {
    "payment.created": lambda e: _payment(e, **_UNPAID),
    "payment.requires_action": lambda e: _payment(
        e, status="requires_action", amount_received=0, payment_method_id="pm_card_authenticationRequired"
    ),
    "payment.processing": lambda e: _payment(
        e, status="processing", amount_received=0, payment_method_id="pm_bank_success"
    ),
    "payment.succeeded": _payment,
    "payment.failed": lambda e: _payment(e, **_UNPAID, last_payment_error=_DECLINED),
    "payment.canceled": lambda e: _payment(e, **{**_UNPAID, "status": "canceled"}),
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": lambda e: _refund(e, status="failed"),
    "crypto_payment.confirming": _crypto,
    "crypto_payment.confirmed": lambda e: _crypto(e, status="confirmed", confirmations=12),
    "crypto_payment.underpaid": lambda e: _expired_crypto(e, status="underpaid", amount_received=60),
    "crypto_payment.expired": lambda e: _expired_crypto(e, status="expired", amount_received=0, tx_hash=None),
    "crypto_payment.late": lambda e: _expired_crypto(e, status="expired"),
}
"""Event type -> its example."""
