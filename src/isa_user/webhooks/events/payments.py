"""Events of payments, refunds and crypto payments (rules WH-2, WH-3)."""

from __future__ import annotations

from typing import Literal

from isa_user.models.payment import CryptoPayment, Payment, Refund
from isa_user.webhooks.events._base import EventData, TypedEvent, UpdateData

__all__ = [
    "CryptoPaymentConfirmed",
    "CryptoPaymentConfirming",
    "CryptoPaymentExpired",
    "CryptoPaymentLate",
    "CryptoPaymentUnderpaid",
    "PaymentCanceled",
    "PaymentCreated",
    "PaymentFailed",
    "PaymentProcessing",
    "PaymentRequiresAction",
    "PaymentSucceeded",
    "RefundCreated",
    "RefundFailed",
    "RefundUpdated",
]


class PaymentCreated(TypedEvent[EventData[Payment]]):
    """A payment intent was created (heading "Create Payment Intent")."""

    type: Literal["payment.created"] = "payment.created"


class PaymentRequiresAction(TypedEvent[EventData[Payment]]):
    """The customer has to authenticate the payment."""

    type: Literal["payment.requires_action"] = "payment.requires_action"


class PaymentProcessing(TypedEvent[EventData[Payment]]):
    """A bank debit is on its way."""

    type: Literal["payment.processing"] = "payment.processing"


class PaymentSucceeded(TypedEvent[EventData[Payment]]):
    """A payment completed, whatever it was for (rules WH-2)."""

    type: Literal["payment.succeeded"] = "payment.succeeded"


class PaymentFailed(TypedEvent[EventData[Payment]]):
    """An attempt to pay failed; the payment may still be retried (rules WH-2)."""

    type: Literal["payment.failed"] = "payment.failed"


class PaymentCanceled(TypedEvent[EventData[Payment]]):
    """A payment was canceled."""

    type: Literal["payment.canceled"] = "payment.canceled"


class RefundCreated(TypedEvent[EventData[Refund]]):
    """A refund was made (heading "Process Refund")."""

    type: Literal["refund.created"] = "refund.created"


class RefundUpdated(TypedEvent[UpdateData[Refund]]):
    """A refund changed its status."""

    type: Literal["refund.updated"] = "refund.updated"


class RefundFailed(TypedEvent[EventData[Refund]]):
    """A refund failed; its amount can be refunded again."""

    type: Literal["refund.failed"] = "refund.failed"


class CryptoPaymentConfirming(TypedEvent[EventData[CryptoPayment]]):
    """A sufficient transaction was seen on the chain."""

    type: Literal["crypto_payment.confirming"] = "crypto_payment.confirming"


class CryptoPaymentConfirmed(TypedEvent[EventData[CryptoPayment]]):
    """The transaction has enough confirmations: the payment is final."""

    type: Literal["crypto_payment.confirmed"] = "crypto_payment.confirmed"


class CryptoPaymentUnderpaid(TypedEvent[EventData[CryptoPayment]]):
    """The payment expired with too little received."""

    type: Literal["crypto_payment.underpaid"] = "crypto_payment.underpaid"


class CryptoPaymentExpired(TypedEvent[EventData[CryptoPayment]]):
    """The payment expired with nothing received."""

    type: Literal["crypto_payment.expired"] = "crypto_payment.expired"


class CryptoPaymentLate(TypedEvent[EventData[CryptoPayment]]):
    """Money arrived after the expiry."""

    type: Literal["crypto_payment.late"] = "crypto_payment.late"
