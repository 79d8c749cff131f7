"""Rows of the payment service (8207)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._operations._row import Operation, get, patch, post

if TYPE_CHECKING:
    from isa_user.models.payment import CryptoPayment, Payment, PaymentIntent, Refund

__all__ = [
    "CANCEL_CRYPTO_PAYMENT",
    "CANCEL_INTENT",
    "CAPTURE_INTENT",
    "CONFIRM_INTENT",
    "CREATE_CRYPTO_PAYMENT",
    "CREATE_INTENT",
    "GET_CRYPTO_PAYMENT",
    "GET_HISTORY",
    "GET_INTENT",
    "GET_REFUND",
    "GET_REFUNDS",
    "REFUND",
    "UPDATE_INTENT",
]

_INTENT = "/payments/intent/{payment_intent_id}"
_CRYPTO = "/payments/crypto/{crypto_payment_id}"

CREATE_INTENT: Operation[PaymentIntent] = post(
    "create_intent",
    "payment",
    "/payments/intent",
    "payment.PaymentIntent",
    "Create Payment Intent",
    "amount currency",
)
CONFIRM_INTENT: Operation[PaymentIntent] = post(
    "confirm_intent", "payment", f"{_INTENT}/confirm", "payment.PaymentIntent", "Confirm Payment"
)
GET_INTENT: Operation[PaymentIntent] = get(
    "get_intent", "payment", _INTENT, "payment.PaymentIntent", "Rules PI-9", documented=False
)
UPDATE_INTENT: Operation[PaymentIntent] = patch(
    "update_intent", "payment", _INTENT, "payment.PaymentIntent", "Rules 2.3", documented=False
)
CANCEL_INTENT: Operation[PaymentIntent] = post(
    "cancel_intent", "payment", f"{_INTENT}/cancel", "payment.PaymentIntent", "Rules PI-7", documented=False
)
CAPTURE_INTENT: Operation[PaymentIntent] = post(
    "capture_intent", "payment", f"{_INTENT}/capture", "payment.PaymentIntent", "Rules PI-4", documented=False
)
GET_HISTORY: Operation[Payment] = get(
    "get_history", "payment", "/payments/history", "payment.Payment", "Get Payment History", many=True
)
REFUND: Operation[Refund] = post(
    "refund", "payment", "/payments/{payment_intent_id}/refund", "payment.Refund", "Process Refund"
)
GET_REFUNDS: Operation[Refund] = get(
    "get_refunds",
    "payment",
    "/payments/{payment_intent_id}/refunds",
    "payment.Refund",
    "Rules RF-1",
    many=True,
    documented=False,
)
GET_REFUND: Operation[Refund] = get(
    "get_refund",
    "payment",
    "/payments/refunds/{refund_id}",
    "payment.Refund",
    "Rules RF-2",
    documented=False,
)
CREATE_CRYPTO_PAYMENT: Operation[CryptoPayment] = post(
    "create_crypto_payment",
    "payment",
    "/payments/crypto",
    "payment.CryptoPayment",
    "Cryptocurrency Support",
    "amount currency blockchain wallet_address",
)
GET_CRYPTO_PAYMENT: Operation[CryptoPayment] = get(
    "get_crypto_payment", "payment", _CRYPTO, "payment.CryptoPayment", "Rules CY-1", documented=False
)
CANCEL_CRYPTO_PAYMENT: Operation[CryptoPayment] = post(
    "cancel_crypto_payment",
    "payment",
    f"{_CRYPTO}/cancel",
    "payment.CryptoPayment",
    "Rules 2.6",
    documented=False,
)
