"""Endpoints of refunds."""

from __future__ import annotations

from isa_mockserver.services.payments.model.refund import REFUNDS
from isa_mockserver.services.payments.schemas.requests import RefundBody
from isa_mockserver.services.payments.schemas.responses import RefundListBody, RefundResult
from isa_mockserver.services.payments.service import refunds as service
from isa_mockserver.services.payments.views import refund_view
from isa_mockserver.web.paging import PageQuery, page
from isa_mockserver.web.route import Call, Reply, Route

_PAYMENT = "/api/v1/payments/{payment_intent_id}"


def refund(call: Call[RefundBody, None]) -> Reply:
    payment_id = call.path["payment_intent_id"]
    made = service.refund(
        call.unit, call.user_id, payment_id, amount=call.body.amount, reason=call.body.reason
    )
    return Reply(201, refund_view(made))


def get_refunds(call: Call[None, PageQuery]) -> Reply:
    payment = service.find_owned(call.unit, call.user_id, call.path["payment_intent_id"])
    return Reply(200, page(call.unit, REFUNDS, "payment_id", payment.id, call.query, refund_view))


def get_refund(call: Call[None, None]) -> Reply:
    return Reply(200, refund_view(service.find_refund(call.unit, call.user_id, call.path["refund_id"])))


ROUTES: tuple[Route, ...] = (
    Route(
        operation="refund",
        method="POST",
        path=f"{_PAYMENT}/refund",
        handler=refund,
        body=RefundBody,
        body_optional=True,
        response=RefundResult,
        statuses=(201,),
        summary="Give a payment's money back, all of it or a part.",
        errors=(
            "invalid_amount",
            "payment_intent_not_found",
            "payment_not_refundable",
            "refund_window_expired",
            "charge_already_refunded",
            "refund_exceeds_remaining",
            "insufficient_funds",
            "credits_already_consumed",
        ),
        heading="Process Refund",
        rules=("RF-1", "RF-2", "RF-3", "RF-4", "RF-5", "RF-7", "RF-8", "RF-9"),
    ),
    Route(
        operation="get_refunds",
        method="GET",
        path=f"{_PAYMENT}/refunds",
        handler=get_refunds,
        query=PageQuery,
        response=RefundListBody,
        summary="The refunds of one payment, newest first.",
        errors=("payment_intent_not_found", "invalid_limit", "invalid_cursor"),
        rules=("RF-1",),
    ),
    Route(
        operation="get_refund",
        method="GET",
        path="/api/v1/payments/refunds/{refund_id}",
        handler=get_refund,
        response=RefundResult,
        summary="Read a refund.",
        errors=("refund_not_found",),
        rules=("RF-2",),
    ),
)
