"""Rows as the API shows them, key by key (rules section 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.ledger import Reference

from .model.coins import CHAINS, COINS, in_atoms, in_whole_coins
from .model.crypto import CryptoPayment
from .model.intent import Intent, PaymentError
from .model.refund import Refund

View = dict[str, Any]


def intent_view(intent: Intent, *, secret: bool = False, page: str | None = None) -> View:
    """A PaymentIntent; `client_secret` is null but for its owner's create, get and confirm (rules PI-3).

    `page` is the address of the bank's page, where the intent waits for the customer.
    """
    return {
        "payment_intent_id": intent.id,
        "client_secret": intent.client_secret if secret else None,
        "amount": intent.amount,
        "currency": intent.currency,
        "status": intent.status,
        "description": intent.description,
        "metadata": dict(intent.metadata),
        "payment_method_id": intent.payment_method_id,
        "capture_method": intent.capture_method,
        "amount_received": intent.amount_received,
        "amount_refunded": intent.amount_refunded,
        "last_payment_error": _error_view(intent.last_payment_error),
        "next_action": {"type": "authenticate", "url": page} if page else None,
        "created_at": format_time(intent.created_at),
        "canceled_at": _time(intent.canceled_at),
        "cancellation_reason": intent.cancellation_reason,
    }


def payment_view(payment: Intent | CryptoPayment) -> View:
    """A row of the history and the object of every `payment.*` event, of one class for all origins (WH-1)."""
    return _payment_of_crypto(payment) if isinstance(payment, CryptoPayment) else _payment_of_intent(payment)


def refund_view(refund: Refund) -> View:
    """A Refund; `payment_intent_id` names the refunded payment, a crypto payment's id included (RF-4)."""
    return {
        "refund_id": refund.id,
        "payment_intent_id": refund.payment_id,
        "amount": refund.amount,
        "currency": refund.currency,
        "status": refund.status,
        "reason": refund.reason,
        "reason_category": refund.reason_category,
        "created_at": format_time(refund.created_at),
    }


def crypto_view(payment: CryptoPayment) -> View:
    """A CryptoPayment (rules CY-1); `tx_hash` is that of the newest transaction."""
    coin = COINS[payment.currency]
    return {
        "crypto_payment_id": payment.id,
        "amount": payment.amount,
        "currency": payment.currency,
        "blockchain": payment.blockchain,
        "wallet_address": payment.wallet_address,
        "deposit_address": payment.deposit_address,
        "amount_received": payment.amount_received,
        "amount_decimal": in_whole_coins(payment.amount, coin),
        "amount_atomic": in_atoms(payment.amount, coin),
        "confirmations": payment.confirmations,
        "confirmations_required": CHAINS[payment.blockchain].confirmations,
        "status": payment.status,
        "expires_at": format_time(payment.expires_at),
        "overpaid_amount": payment.overpaid_amount,
        "tx_hash": payment.transactions[-1].tx_hash if payment.transactions else None,
        "created_at": format_time(payment.created_at),
    }


def history_status(payment: Intent | CryptoPayment) -> str:
    """The status in the history, where a confirmed crypto payment is a succeeded one (rules CY-8)."""
    return "succeeded" if payment.status == "confirmed" else payment.status


def _payment_of_intent(intent: Intent) -> View:
    return {
        "payment_id": intent.id,
        "type": intent.type,
        "amount": intent.amount,
        "currency": intent.currency,
        "status": history_status(intent),
        "description": intent.description,
        "amount_received": intent.amount_received,
        "amount_refunded": intent.amount_refunded,
        "refund_status": _refund_status(intent.amount_refunded, intent.amount_received),
        "payment_intent_id": intent.id,
        "reference": _reference_view(intent.reference),
        "payment_method_id": intent.payment_method_id,
        "last_payment_error": _error_view(intent.last_payment_error),
        "metadata": dict(intent.metadata),
        "created_at": format_time(intent.created_at),
    }


def _payment_of_crypto(payment: CryptoPayment) -> View:
    return {
        "payment_id": payment.id,
        "type": "crypto",
        "amount": payment.amount,
        "currency": payment.currency,
        "status": history_status(payment),
        "description": None,
        "amount_received": payment.amount_received,
        "amount_refunded": payment.amount_refunded,
        "refund_status": _refund_status(payment.amount_refunded, payment.amount_received),
        "payment_intent_id": None,
        "reference": None,
        "payment_method_id": None,
        "last_payment_error": None,
        "metadata": {},
        "created_at": format_time(payment.created_at),
    }


def _refund_status(refunded: int, received: int) -> str:
    if not refunded:
        return "none"
    return "full" if refunded >= received else "partial"


def _error_view(error: PaymentError | None) -> View | None:
    if error is None:
        return None
    return {"code": error.code, "decline_code": error.decline_code, "message": error.message}


def _reference_view(reference: Reference | None) -> View | None:
    return {"type": reference.type, "id": reference.id} if reference else None


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None
