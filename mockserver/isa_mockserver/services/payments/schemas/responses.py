"""The exact shape of every payment answer (rules section 10)."""

from __future__ import annotations

from isa_mockserver.services.payments.model.crypto import CryptoStatus
from isa_mockserver.services.payments.model.intent import CaptureMethod, IntentStatus
from isa_mockserver.services.payments.model.refund import RefundStatus
from isa_mockserver.services.ports import PaymentType
from isa_mockserver.web.fields import ResponseBody, Time


class PaymentErrorBody(ResponseBody):
    """Why the last attempt failed."""

    code: str
    decline_code: str | None
    message: str


class NextActionBody(ResponseBody):
    """What the customer has to do."""

    type: str
    url: str


class ReferenceBody(ResponseBody):
    """What a payment is for."""

    type: str
    id: str


class PaymentIntentBody(ResponseBody):
    """A payment intent; amounts in minor units."""

    payment_intent_id: str
    client_secret: str | None
    amount: int
    currency: str
    status: IntentStatus
    description: str | None
    metadata: dict[str, str]
    payment_method_id: str | None
    capture_method: CaptureMethod
    amount_received: int
    amount_refunded: int
    last_payment_error: PaymentErrorBody | None
    next_action: NextActionBody | None
    created_at: Time
    canceled_at: Time | None
    cancellation_reason: str | None


class PaymentBody(ResponseBody):
    """A row of the history; amounts in minor units, or in the coin's API unit."""

    payment_id: str
    type: PaymentType
    amount: int
    currency: str
    status: str
    description: str | None
    amount_received: int
    amount_refunded: int
    refund_status: str
    payment_intent_id: str | None
    reference: ReferenceBody | None
    payment_method_id: str | None
    last_payment_error: PaymentErrorBody | None
    metadata: dict[str, str]
    created_at: Time


class HistoryBody(ResponseBody):
    """A page of the history."""

    data: list[PaymentBody]
    has_more: bool
    next_cursor: str | None


class RefundResult(ResponseBody):
    """A refund; `payment_intent_id` names the refunded payment, of either kind."""

    refund_id: str
    payment_intent_id: str
    amount: int
    currency: str
    status: RefundStatus
    reason: str | None
    reason_category: str | None
    created_at: Time


class RefundListBody(ResponseBody):
    """A page of refunds."""

    data: list[RefundResult]
    has_more: bool
    next_cursor: str | None


class CryptoPaymentBody(ResponseBody):
    """A crypto payment; amounts in the coin's API unit (rules CY-2)."""

    crypto_payment_id: str
    amount: int
    currency: str
    blockchain: str
    wallet_address: str
    deposit_address: str
    amount_received: int
    amount_decimal: str
    amount_atomic: str
    confirmations: int
    confirmations_required: int
    status: CryptoStatus
    expires_at: Time
    overpaid_amount: int | None
    tx_hash: str | None
    created_at: Time
