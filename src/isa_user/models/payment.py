"""What the payment service (8207) answers (rules section 10)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from isa_user.models.common import (
    Count,
    Metadata,
    MinorUnits,
    Model,
    OpenStatus,
    PaymentError,
    Reference,
    SecretText,
    UtcDatetime,
)

__all__ = ["CryptoPayment", "NextAction", "Payment", "PaymentIntent", "Refund"]

IntentStatus = (
    Literal[
        "requires_payment_method",
        "requires_confirmation",
        "requires_action",
        "processing",
        "requires_capture",
        "succeeded",
        "canceled",
    ]
    | str
)
PaymentType = Literal["payment", "deposit", "invoice", "subscription", "credits", "crypto"] | str
RefundStatus = Literal["none", "partial", "full"] | str
CryptoStatus = (
    Literal["pending", "confirming", "confirmed", "expired", "underpaid", "paid_late", "canceled", "refunded"]
    | str
)


class NextAction(Model):
    """What the customer must do before the intent can go on (3D Secure)."""

    type: str
    url: str


class PaymentIntent(Model):
    """A payment from its creation to its success or end (rules 2.2, 2.3). Amounts in minor units.

    ``client_secret`` is None where the answer does not show it: only create, get and confirm do (PI-3).
    """

    payment_intent_id: str
    client_secret: SecretText | None
    amount: MinorUnits
    currency: str
    status: IntentStatus
    description: str | None = None
    metadata: Metadata = Field(default_factory=dict)
    payment_method_id: str | None = None
    capture_method: Literal["automatic", "manual"] | str | None = None
    amount_received: MinorUnits | None = None
    amount_refunded: MinorUnits | None = None
    last_payment_error: PaymentError | None = None
    next_action: NextAction | None = None
    created_at: UtcDatetime | None = None
    canceled_at: UtcDatetime | None = None
    cancellation_reason: str | None = None


class Payment(Model):
    """One row of the payment history, whatever the money was for (rules PH-1). Amounts in minor units."""

    payment_id: str
    type: PaymentType
    amount: MinorUnits
    currency: str
    status: str
    description: str | None = None
    amount_received: MinorUnits
    amount_refunded: MinorUnits
    refund_status: RefundStatus
    payment_intent_id: str | None = None
    reference: Reference | None = None
    payment_method_id: str | None = None
    last_payment_error: PaymentError | None = None
    metadata: Metadata
    created_at: UtcDatetime


class Refund(Model):
    """Money on its way back to the payer (rules 2.5). ``amount`` in minor units."""

    refund_id: str
    payment_intent_id: str
    amount: MinorUnits
    currency: str
    status: OpenStatus
    reason: str | None = None
    reason_category: str | None = None
    created_at: UtcDatetime


class CryptoPayment(Model):
    """A payment that waits for a transfer on a blockchain (rules 2.6).

    ``amount`` counts in the coin's API unit (cents for stablecoins, satoshi, gwei, lamports);
    ``amount_decimal`` and ``amount_atomic`` show the same amount in whole coins and in the chain's unit.
    """

    crypto_payment_id: str
    amount: MinorUnits
    currency: str
    blockchain: str
    wallet_address: str
    status: CryptoStatus
    deposit_address: str
    amount_received: MinorUnits
    amount_decimal: str
    amount_atomic: str
    confirmations: Count
    confirmations_required: Count
    expires_at: UtcDatetime
    overpaid_amount: MinorUnits | None = None
    tx_hash: str | None = None
    created_at: UtcDatetime
