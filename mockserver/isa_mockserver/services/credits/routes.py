"""The endpoints of the credit service (8229)."""

from __future__ import annotations

from functools import partial

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.ports import ChargeNow, Declined
from isa_mockserver.web.fields import NoFields
from isa_mockserver.web.paging import created_between, page
from isa_mockserver.web.route import Call, Reply, Route

from . import service
from .model import ENTRIES, PACKAGES, Entry
from .schemas import (
    ConsumeRequest,
    ConsumptionBody,
    CreditsBody,
    EntryPage,
    EntryQuery,
    OptionalAmountRequest,
    PackagePage,
    PurchaseBody,
    PurchaseRequest,
    ReservationBody,
    ReserveRequest,
)
from .views import (
    consumption_view,
    credits_view,
    entry_view,
    package_view,
    purchase_view,
    reservation_view,
)


def get_balance(call: Call[None, None]) -> Reply:
    """Answer the caller's credits."""
    balance = service.balance_of(call.unit, call.user_id)
    return Reply(200, credits_view(balance, service.expiring_soon(call.unit, call.user_id)))


def get_packages(call: Call[None, None]) -> Reply:
    """Answer the price table."""
    rows = [package_view(package) for package in PACKAGES.values()]
    return Reply(200, {"data": rows, "has_more": False, "next_cursor": None})


def purchase(call: Call[PurchaseRequest, None], *, charge: ChargeNow) -> Reply | DomainError:
    """Buy a package."""
    result = service.purchase(
        call.unit,
        charge,
        owner=call.user_id,
        package=call.body.package,
        payment_method_id=call.body.payment_method_id,
    )
    if isinstance(result, Declined):
        return result.error
    status = 201 if result.purchase.status == "completed" else 202
    return Reply(status, purchase_view(result.purchase, result.client_secret))


def consume(call: Call[ConsumeRequest, None]) -> Reply:
    """Spend credits."""
    body = call.body
    consumption = service.consume(
        call.unit, owner=call.user_id, amount=body.amount, reason=body.reason, metadata=body.metadata
    )
    return Reply(200, consumption_view(consumption))


def refund_consumption(call: Call[OptionalAmountRequest, None]) -> Reply:
    """Give spent credits back."""
    consumption = service.refund_consumption(
        call.unit,
        owner=call.user_id,
        consumption_id=call.path["consumption_id"],
        amount=call.body.amount,
    )
    return Reply(200, consumption_view(consumption))


def reserve(call: Call[ReserveRequest, None]) -> Reply:
    """Hold credits."""
    body = call.body
    reservation = service.reserve(
        call.unit, owner=call.user_id, amount=body.amount, reason=body.reason, ttl_s=body.ttl_seconds
    )
    return Reply(201, reservation_view(reservation))


def commit_reservation(call: Call[OptionalAmountRequest, None]) -> Reply:
    """Spend held credits."""
    reservation = service.commit(
        call.unit,
        owner=call.user_id,
        reservation_id=call.path["reservation_id"],
        amount=call.body.amount,
    )
    return Reply(200, reservation_view(reservation))


def release_reservation(call: Call[NoFields, None]) -> Reply:
    """Return held credits."""
    reservation = service.release(call.unit, owner=call.user_id, reservation_id=call.path["reservation_id"])
    return Reply(200, reservation_view(reservation))


def get_transactions(call: Call[None, EntryQuery]) -> Reply:
    """Answer one page of the caller's credit history."""
    query = call.query

    def wanted(entry: Entry) -> bool:
        return query.type in (None, entry.type) and created_between(
            entry, query.created_after, query.created_before
        )

    return Reply(200, page(call.unit, ENTRIES, "owner", call.user_id, query, entry_view, where=wanted))


_AMOUNT_ERRORS = ("invalid_amount", "amount_too_large")
_CARD_ERRORS = ("card_declined", "expired_card", "incorrect_cvc", "processing_error", "insufficient_funds")


def routes(charge: ChargeNow) -> tuple[Route, ...]:
    """The endpoints, with the charge that purchases go through. Static paths stand before parameters."""
    return (
        Route(
            operation="get_balance",
            method="GET",
            path="/api/v1/credits/me",
            handler=get_balance,
            response=CreditsBody,
            summary="The caller's credits, and what expires first",
            heading="Get Credits",
            rules=("CR-4", "CR-6", "CR-7"),
        ),
        Route(
            operation="purchase",
            method="POST",
            path="/api/v1/credits/purchase",
            handler=partial(purchase, charge=charge),
            body=PurchaseRequest,
            response=PurchaseBody,
            summary="Buy a package of credits",
            statuses=(201, 202),
            errors=(*_CARD_ERRORS, "payment_method_not_found", "package_not_found"),
            heading="Purchase Credits",
            rules=("CR-1", "CR-2", "CR-3"),
        ),
        Route(
            operation="consume",
            method="POST",
            path="/api/v1/credits/consume",
            handler=consume,
            body=ConsumeRequest,
            response=ConsumptionBody,
            summary="Spend credits in burn order, all or none",
            errors=("insufficient_credits", *_AMOUNT_ERRORS, "invalid_metadata"),
            heading="Use Credits",
            rules=("CR-5", "CR-8"),
        ),
        *_EXTENSIONS,
    )


_EXTENSIONS = (
    Route(
        operation="get_packages",
        method="GET",
        path="/api/v1/credits/packages",
        handler=get_packages,
        response=PackagePage,
        summary="The price table",
        rules=("CR-1",),
    ),
    Route(
        operation="get_transactions",
        method="GET",
        path="/api/v1/credits/me/transactions",
        handler=get_transactions,
        query=EntryQuery,
        response=EntryPage,
        summary="The caller's credit history, newest first",
        errors=("invalid_cursor", "invalid_limit", "invalid_value", "invalid_timestamp"),
        rules=("CR-16",),
    ),
    Route(
        operation="reserve",
        method="POST",
        path="/api/v1/credits/reserve",
        handler=reserve,
        body=ReserveRequest,
        response=ReservationBody,
        summary="Hold credits for a later commit or release",
        statuses=(201,),
        errors=("insufficient_credits", *_AMOUNT_ERRORS, "invalid_value"),
        rules=("CR-10", "CR-11"),
    ),
    Route(
        operation="commit_reservation",
        method="POST",
        path="/api/v1/credits/reservations/{reservation_id}/commit",
        handler=commit_reservation,
        body=OptionalAmountRequest,
        body_optional=True,
        response=ReservationBody,
        summary="Spend held credits; the rest returns",
        errors=(
            "reservation_not_found",
            "reservation_already_committed",
            "reservation_already_released",
            "reservation_expired",
            "exceeds_reservation",
            *_AMOUNT_ERRORS,
        ),
        rules=("CR-10",),
    ),
    Route(
        operation="release_reservation",
        method="POST",
        path="/api/v1/credits/reservations/{reservation_id}/release",
        handler=release_reservation,
        body=NoFields,
        body_optional=True,
        response=ReservationBody,
        summary="Return held credits",
        errors=("reservation_not_found", "reservation_already_committed", "reservation_expired"),
        rules=("CR-10", "CR-11"),
    ),
    Route(
        operation="refund_consumption",
        method="POST",
        path="/api/v1/credits/consumptions/{consumption_id}/refund",
        handler=refund_consumption,
        body=OptionalAmountRequest,
        body_optional=True,
        response=ConsumptionBody,
        summary="Give spent credits back",
        errors=("consumption_not_found", "refund_exceeds_remaining", *_AMOUNT_ERRORS),
        rules=("CR-13",),
    ),
)
