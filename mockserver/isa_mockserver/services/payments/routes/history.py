"""The payment history."""

from __future__ import annotations

from isa_mockserver.services.payments.model.payment import HISTORY, HistoryEntry
from isa_mockserver.services.payments.schemas.requests import HistoryQuery
from isa_mockserver.services.payments.schemas.responses import HistoryBody
from isa_mockserver.services.payments.service.history import matches, payment_of
from isa_mockserver.services.payments.views import View, payment_view
from isa_mockserver.web.paging import created_between, page
from isa_mockserver.web.route import Call, Reply, Route


def get_history(call: Call[None, HistoryQuery]) -> Reply:
    query = call.query

    def wanted(entry: HistoryEntry) -> bool:
        return created_between(entry, query.created_after, query.created_before) and matches(
            payment_of(call.unit, entry), status=query.status, currency=query.currency, type_=query.type
        )

    def shown(entry: HistoryEntry) -> View:
        return payment_view(payment_of(call.unit, entry))

    return Reply(200, page(call.unit, HISTORY, "owner", call.user_id, query, shown, where=wanted))


ROUTES: tuple[Route, ...] = (
    Route(
        operation="get_history",
        method="GET",
        path="/api/v1/payments/history",
        handler=get_history,
        query=HistoryQuery,
        response=HistoryBody,
        summary="All payments of the caller, newest first, whatever they were for.",
        errors=("invalid_limit", "invalid_cursor", "invalid_value", "unsupported_currency"),
        heading="Get Payment History",
        rules=("PH-1", "PH-2"),
    ),
)
