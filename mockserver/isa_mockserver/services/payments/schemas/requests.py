"""Bodies and queries of the payment endpoints (rules section 2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StrictInt, StrictStr, WithJsonSchema

from isa_mockserver.kernel.money import FIAT, MAX_CHARGE
from isa_mockserver.services.payments.model.coins import CHAINS, COINS, MAX_AMOUNT
from isa_mockserver.services.payments.model.crypto import CryptoStatus
from isa_mockserver.services.payments.model.intent import CancellationReason, CaptureMethod, IntentStatus
from isa_mockserver.services.ports import PaymentType
from isa_mockserver.web.fields import (
    Amount,
    Check,
    Currency,
    ErrorCode,
    Flag,
    Metadata,
    Refuses,
    RequestBody,
    Shape,
    Text500,
    Timestamp,
    Token,
    minor_units,
    refuse,
    text,
)
from isa_mockserver.web.paging import PageQuery


def _given(value: Any) -> Any:
    if value is None:
        raise refuse("invalid_amount", "must be an integer where it is given")
    return minor_units(value)


def _known_currency(value: str) -> str:
    code = value.lower()
    if code not in FIAT and code not in COINS:
        raise refuse("unsupported_currency", "is no currency or coin that payments are made in")
    return code


_KNOWN_CURRENCY = Check(_known_currency, "unsupported_currency", enum=sorted({*FIAT, *COINS}))

OptionalAmount = Annotated[
    StrictInt | None,
    BeforeValidator(_given),
    ErrorCode("invalid_amount"),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_CHARGE}),
    Refuses("amount_too_large"),
]
"""An amount that may be left out, but is not null (rules M-1)."""

HistoryStatus = Literal[IntentStatus, CryptoStatus]


class CreateIntentBody(RequestBody):
    """Create Payment Intent (rules PI-1, PI-4)."""

    amount: Amount
    currency: Currency
    description: Text500 | None = None
    metadata: Metadata | None = None
    payment_method_id: Token | None = None
    confirm: Flag = False
    capture_method: CaptureMethod = "automatic"


class ConfirmIntentBody(RequestBody):
    """Confirm Payment."""

    payment_method_id: Token | None = None


class UpdateIntentBody(RequestBody):
    """What can be changed of an open intent; what is left out or null stays."""

    description: Text500 | None = None
    metadata: Metadata | None = None
    payment_method_id: Token | None = None


class CancelIntentBody(RequestBody):
    """Why an intent is canceled (rules PI-7)."""

    cancellation_reason: CancellationReason | None = None


class CaptureIntentBody(RequestBody):
    """How much of the held money is taken; all of it when left out."""

    amount: OptionalAmount = None


class RefundBody(RequestBody):
    """Process Refund; all that remains when the amount is left out (rules 2.5, RF-3)."""

    amount: OptionalAmount = None
    reason: Annotated[StrictStr, text(255)] | None = None


class CreateCryptoPaymentBody(RequestBody):
    """Cryptocurrency Support (rules CY-1)."""

    amount: Annotated[Amount, Shape(maximum=MAX_AMOUNT)]
    currency: Annotated[Currency, Shape(enum=sorted(COINS))]
    blockchain: Annotated[StrictStr, ErrorCode("unsupported_blockchain"), Shape(enum=sorted(CHAINS))]
    wallet_address: Annotated[StrictStr, ErrorCode("invalid_wallet_address")]


class HistoryQuery(PageQuery):
    """Get Payment History: the filters of rules PH-1."""

    status: HistoryStatus | None = None
    currency: Annotated[str, _KNOWN_CURRENCY] | None = None
    type: PaymentType | None = None
    created_after: Timestamp | None = None
    created_before: Timestamp | None = None
