"""Endpoints of payment intents."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.payments.model.intent import Intent
from isa_mockserver.services.payments.schemas.requests import (
    CancelIntentBody,
    CaptureIntentBody,
    ConfirmIntentBody,
    CreateIntentBody,
    UpdateIntentBody,
)
from isa_mockserver.services.payments.schemas.responses import PaymentIntentBody
from isa_mockserver.services.payments.service import intents as service
from isa_mockserver.services.payments.service.attempts import Tried
from isa_mockserver.services.payments.views import intent_view
from isa_mockserver.web.route import Call, Reply, Route

_INTENT = "/api/v1/payments/intent/{payment_intent_id}"
_CARD_ERRORS = ("card_declined", "expired_card", "incorrect_cvc", "processing_error", "insufficient_funds")
_MONEY_ERRORS = ("invalid_amount", "amount_too_small", "amount_too_large", "unsupported_currency")
_METHOD_ERRORS = ("payment_method_not_found", "payment_method_required")


def create_intent(call: Call[CreateIntentBody, None]) -> Reply | DomainError:
    body = call.body
    tried = service.create_intent(
        call.unit,
        call.user_id,
        body.amount,
        body.currency,
        description=body.description,
        metadata=body.metadata,
        payment_method_id=body.payment_method_id,
        confirm=body.confirm,
        capture_method=body.capture_method,
    )
    return _tried(call, 201, tried)


def confirm_intent(call: Call[ConfirmIntentBody, None]) -> Reply | DomainError:
    method = call.body.payment_method_id
    return _tried(call, 200, service.confirm_intent(call.unit, call.user_id, _id(call), method))


def get_intent(call: Call[None, None]) -> Reply:
    return _shown(call, service.find_intent(call.unit, call.user_id, _id(call)), secret=True)


def update_intent(call: Call[UpdateIntentBody, None]) -> Reply:
    body = call.body
    intent = service.update_intent(
        call.unit,
        call.user_id,
        _id(call),
        payment_method_id=body.payment_method_id,
        description=body.description,
        metadata=body.metadata,
    )
    return _shown(call, intent)


def cancel_intent(call: Call[CancelIntentBody, None]) -> Reply:
    return _shown(
        call, service.cancel_intent(call.unit, call.user_id, _id(call), call.body.cancellation_reason)
    )


def capture_intent(call: Call[CaptureIntentBody, None]) -> Reply:
    return _shown(call, service.capture_intent(call.unit, call.user_id, _id(call), call.body.amount))


def _id(call: Call) -> str:
    return call.path["payment_intent_id"]


def _shown(call: Call, intent: Intent, *, secret: bool = False) -> Reply:
    return Reply(200, intent_view(intent, secret=secret, page=_page(call, intent)))


def _tried(call: Call, status: int, result: Tried) -> Reply | DomainError:
    intent = result.intent
    return result.error or Reply(status, intent_view(intent, secret=True, page=_page(call, intent)))


def _page(call: Call, intent: Intent) -> str | None:
    """Where to send the customer while the bank asks them."""
    waiting = intent.status == "requires_action"
    return call.site.url(f"/_mock/intents/{intent.id}/bank") if waiting else None


ROUTES: tuple[Route, ...] = (
    Route(
        operation="create_intent",
        method="POST",
        path="/api/v1/payments/intent",
        handler=create_intent,
        body=CreateIntentBody,
        response=PaymentIntentBody,
        statuses=(201,),
        summary="Create an intent to pay, and confirm it in the same call where that is asked.",
        errors=(*_MONEY_ERRORS, *_METHOD_ERRORS, *_CARD_ERRORS),
        heading="Create Payment Intent",
        rules=("PI-1", "PI-2", "PI-3", "PI-4"),
    ),
    Route(
        operation="confirm_intent",
        method="POST",
        path=f"{_INTENT}/confirm",
        handler=confirm_intent,
        body=ConfirmIntentBody,
        body_optional=True,
        response=PaymentIntentBody,
        summary="Try to take the intent's money.",
        errors=(
            "payment_intent_not_found",
            *_METHOD_ERRORS,
            "payment_intent_unexpected_state",
            "too_many_attempts",
            *_CARD_ERRORS,
        ),
        heading="Confirm Payment",
        rules=("PI-5", "PI-6"),
    ),
    Route(
        operation="get_intent",
        method="GET",
        path=_INTENT,
        handler=get_intent,
        response=PaymentIntentBody,
        summary="Read an intent.",
        errors=("payment_intent_not_found",),
        rules=("PI-9",),
    ),
    Route(
        operation="update_intent",
        method="PATCH",
        path=_INTENT,
        handler=update_intent,
        body=UpdateIntentBody,
        body_optional=True,
        response=PaymentIntentBody,
        summary="Change an open intent's description or metadata, or attach a payment method.",
        errors=("payment_intent_not_found", "payment_method_not_found", "payment_intent_unexpected_state"),
        rules=("2.3",),
    ),
    Route(
        operation="cancel_intent",
        method="POST",
        path=f"{_INTENT}/cancel",
        handler=cancel_intent,
        body=CancelIntentBody,
        body_optional=True,
        response=PaymentIntentBody,
        summary="Cancel an open intent.",
        errors=("payment_intent_not_found", "payment_intent_unexpected_state"),
        rules=("PI-7",),
    ),
    Route(
        operation="capture_intent",
        method="POST",
        path=f"{_INTENT}/capture",
        handler=capture_intent,
        body=CaptureIntentBody,
        body_optional=True,
        response=PaymentIntentBody,
        summary="Take held money, or part of it.",
        errors=(
            "invalid_amount",
            "payment_intent_not_found",
            "payment_intent_unexpected_state",
            "amount_too_large",
        ),
        rules=("PI-4",),
    ),
)
