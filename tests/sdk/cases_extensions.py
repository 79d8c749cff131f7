"""DATA: one call of each extension method, with the request it makes and the answer it gets."""

from __future__ import annotations

from typing import Any

from isa_user import models
from tests.sdk import samples
from tests.sdk.cases import CARD, LINE, USAGE, B, C, Case, P, S
from tests.sdk.fakes import INTENT, SUBSCRIPTION

_SHOES = {"description": "Shoes", "metadata": {"size": "43"}}
_DAY = {"start": "2024-01-01T00:00:00Z", "end": "2024-01-02T00:00:00Z", "window": "day"}
_PLAN = {"new_plan_id": "plan_enterprise_annual"}


def _case(client: str, method: str, url: str, reply: Any, model: type[Any], **more: Any) -> Case:
    """A case whose arguments are its body, unless they are given."""
    arguments = more.pop("arguments", more.get("body") or {})
    return Case(f"{client}Client", method, arguments, url, more.pop("body", None), reply, model, **more)


def _intent(method: str, path: str, **more: Any) -> Case:
    url = f"{P}/intent/pi_abc123{path}"
    return _case("Payment", method, url, INTENT, models.PaymentIntent, positional=("pi_abc123",), **more)


def _invoice(method: str, path: str, **more: Any) -> Case:
    more = {"reply": samples.INVOICE, "model": models.Invoice, **more}
    return _case("Billing", method, f"{B}/invoices/in_1{path}", positional=("in_1",), **more)


def _reservation(method: str, path: str, **more: Any) -> Case:
    model = models.CreditReservation
    return _case("Credit", method, f"{C}{path}", samples.RESERVATION, model, **more)


CASES: list[Case] = [
    _intent("get_intent", ""),
    _intent("update_intent", "", body={**_SHOES, **CARD}, verb="PATCH"),
    _intent("cancel_intent", "/cancel", body={"cancellation_reason": "abandoned"}),
    _intent("capture_intent", "/capture", body={"amount": 2000}),
    _case(
        "Payment",
        "get_refunds",
        f"{P}/pi_abc123/refunds?limit=2",
        samples.REFUND,
        models.Refund,
        positional=("pi_abc123",),
        arguments={"limit": 2},
        many=True,
    ),
    _case(
        "Payment",
        "get_refund",
        f"{P}/refunds/re_1",
        samples.REFUND,
        models.Refund,
        positional=("re_1",),
    ),
    _case(
        "Payment",
        "get_crypto_payment",
        f"{P}/crypto/cp_1",
        samples.CRYPTO_PAYMENT,
        models.CryptoPayment,
        positional=("cp_1",),
    ),
    _case(
        "Payment",
        "cancel_crypto_payment",
        f"{P}/crypto/cp_1/cancel",
        samples.CRYPTO_PAYMENT,
        models.CryptoPayment,
        positional=("cp_1",),
        body={},
    ),
    _invoice("get_invoice", ""),
    _invoice("update_invoice", "", body={"items": [LINE], "due_date": "2024-03-01"}, verb="PATCH"),
    _invoice("delete_invoice", "", reply=None, model=type(None), verb="DELETE"),
    _invoice("finalize_invoice", "/finalize", body={}),
    _invoice("pay_invoice", "/pay", body=CARD),
    _invoice("void_invoice", "/void", body={}),
    _invoice("mark_uncollectible", "/mark_uncollectible", body={}),
    _case(
        "Billing",
        "record_usage_batch",
        f"{B}/usage/batch",
        samples.USAGE_BATCH,
        models.UsageBatch,
        body={"events": [USAGE, {"metric": "gold", "quantity": 1}]},
    ),
    _case(
        "Billing",
        "get_usage",
        f"{B}/usage?metric=api_calls&start=2024-01-01T00%3A00%3A00Z&end=2024-01-02T00%3A00%3A00Z&window=day",
        samples.USAGE_SUMMARY,
        models.UsageSummary,
        arguments={"metric": "api_calls", **_DAY},
    ),
    _case(
        "Billing",
        "get_quota",
        f"{B}/quota?metric=api_calls&quantity=10",
        samples.QUOTA,
        models.Quota,
        arguments={"metric": "api_calls", "quantity": 10},
    ),
    _case("Subscription", "get_plans", f"{S}/plans", samples.PLAN, models.Plan, many=True),
    _case(
        "Subscription",
        "preview_change",
        f"{S}/me/change/preview",
        samples.PREVIEW,
        models.ChangePreview,
        arguments=_PLAN,
        body={**_PLAN, "prorate": True},
        reads=True,
    ),
    _case("Subscription", "pause_subscription", f"{S}/me/pause", SUBSCRIPTION, models.Subscription, body={}),
    _case(
        "Subscription", "resume_subscription", f"{S}/me/resume", SUBSCRIPTION, models.Subscription, body=CARD
    ),
    _case("Credit", "get_packages", f"{C}/packages", samples.PACKAGE, models.CreditPackage, many=True),
    _case(
        "Credit",
        "get_transactions",
        f"{C}/me/transactions?type=consume",
        samples.CREDIT_TRANSACTION,
        models.CreditTransaction,
        arguments={"type": "consume"},
        many=True,
    ),
    _case(
        "Credit",
        "refund_consumption",
        f"{C}/consumptions/cons_1/refund",
        samples.CONSUMPTION,
        models.CreditConsumption,
        positional=("cons_1",),
        body={"amount": 4},
    ),
    _reservation("reserve", "/reserve", body={"amount": 50, "reason": "job", "ttl_seconds": 60}),
    _reservation(
        "commit_reservation",
        "/reservations/rsv_1/commit",
        positional=("rsv_1",),
        body={"amount": 30},
    ),
    _reservation("release_reservation", "/reservations/rsv_1/release", positional=("rsv_1",), body={}),
]
