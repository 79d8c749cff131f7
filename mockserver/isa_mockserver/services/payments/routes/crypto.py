"""Endpoints of crypto payments."""

from __future__ import annotations

from isa_mockserver.services.payments.schemas.requests import CreateCryptoPaymentBody
from isa_mockserver.services.payments.schemas.responses import CryptoPaymentBody
from isa_mockserver.services.payments.service import crypto as service
from isa_mockserver.services.payments.views import crypto_view
from isa_mockserver.web.fields import NoFields
from isa_mockserver.web.route import Call, Reply, Route

_PAYMENT = "/api/v1/payments/crypto/{crypto_payment_id}"


def create_crypto_payment(call: Call[CreateCryptoPaymentBody, None]) -> Reply:
    body = call.body
    payment = service.create_crypto_payment(
        call.unit,
        call.user_id,
        amount=body.amount,
        currency=body.currency,
        blockchain=body.blockchain,
        wallet_address=body.wallet_address,
    )
    return Reply(201, crypto_view(payment))


def get_crypto_payment(call: Call[None, None]) -> Reply:
    return Reply(200, crypto_view(service.find_crypto_payment(call.unit, call.user_id, _id(call))))


def cancel_crypto_payment(call: Call[NoFields, None]) -> Reply:
    return Reply(200, crypto_view(service.cancel_crypto_payment(call.unit, call.user_id, _id(call))))


def _id(call: Call) -> str:
    return call.path["crypto_payment_id"]


ROUTES: tuple[Route, ...] = (
    Route(
        operation="create_crypto_payment",
        method="POST",
        path="/api/v1/payments/crypto",
        handler=create_crypto_payment,
        body=CreateCryptoPaymentBody,
        response=CryptoPaymentBody,
        statuses=(201,),
        summary="Wait for a transfer on a blockchain.",
        errors=(
            "invalid_amount",
            "amount_too_small",
            "amount_too_large",
            "unsupported_currency",
            "unsupported_blockchain",
            "unsupported_currency_for_blockchain",
            "invalid_wallet_address",
        ),
        heading="Cryptocurrency Support",
        rules=("CY-1", "CY-2", "CY-3", "CY-4", "CY-5", "CY-6"),
    ),
    Route(
        operation="get_crypto_payment",
        method="GET",
        path=_PAYMENT,
        handler=get_crypto_payment,
        response=CryptoPaymentBody,
        summary="Read a crypto payment.",
        errors=("crypto_payment_not_found",),
        rules=("CY-1",),
    ),
    Route(
        operation="cancel_crypto_payment",
        method="POST",
        path=f"{_PAYMENT}/cancel",
        handler=cancel_crypto_payment,
        body=NoFields,
        body_optional=True,
        response=CryptoPaymentBody,
        summary="Give up a crypto payment to which nothing was sent.",
        errors=("crypto_payment_not_found", "crypto_payment_unexpected_state"),
        rules=("2.6",),
    ),
)
