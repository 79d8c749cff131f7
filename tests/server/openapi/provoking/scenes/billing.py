"""Invoices in every state, usage at the wrong time."""

from __future__ import annotations

from typing import Any

from .stage import CHALLENGED, DECLINES, EMPTY_WALLET, VISA, Stage

_INVOICES = "/api/v1/billing/invoices"
_USAGE = "/api/v1/billing/usage"
LINE = {"description": "work", "quantity": 2, "unit_price": 500}
INVOICE = {"customer_id": "user_456", "items": [LINE]}
USAGE = {"metric": "api_calls", "quantity": 150, "timestamp": "2024-01-28T10:00:00Z"}
ACTIONS = ("finalize", "pay", "void", "mark_uncollectible")


def _invoice(stage: Stage, user: str = "user_456", **options: Any) -> str:
    made = stage.post(_INVOICES, {**INVOICE, "customer_id": user, **options}, user)
    return f"{_INVOICES}/{made['invoice_id']}"


def every_action_in_every_state(stage: Stage) -> None:
    for way in (
        (),
        ("finalize",),
        ("finalize", "pay"),
        ("finalize", "void"),
        ("finalize", "mark_uncollectible"),
    ):
        for action in (*ACTIONS, "PATCH", "DELETE"):
            invoice = _invoice(stage, auto_finalize=False)
            for step in way:
                stage.post(f"{invoice}/{step}", VISA if step == "pay" else None)
            if action.isupper():
                stage.do(action, invoice, {"items": [LINE]} if action == "PATCH" else None)
            else:
                stage.do("POST", f"{invoice}/{action}")


def payments_that_are_declined_or_wait(stage: Stage) -> None:
    stage.do("POST", f"{_invoice(stage, 'new')}/pay", {}, "new")
    for method in (*DECLINES, EMPTY_WALLET, CHALLENGED, "pm_nobody", "pm_bank_success"):
        invoice = _invoice(stage, "poor")
        stage.do("POST", f"{invoice}/pay", {"payment_method_id": method}, "poor")
        stage.do("POST", f"{invoice}/pay", VISA, "poor")


def totals_that_are_too_large(stage: Stage) -> None:
    draft = _invoice(stage, auto_finalize=False)
    for quantity in (2_000_000, 1_000_000_000):
        items = [{**LINE, "quantity": quantity, "unit_price": 99_999_999}] * 100
        stage.do("POST", _INVOICES, {**INVOICE, "items": items})
        stage.do("PATCH", draft, {"items": items})
    items = [{**LINE, "quantity": 2, "unit_price": 99_999_999}]
    stage.do("POST", _INVOICES, {**INVOICE, "items": items})
    stage.do("PATCH", draft, {"items": items})


def by_who_may_not(stage: Stage) -> None:
    """For another customer; to what the system issued; a correction of usage (rules BL-2, BL-8, US-3)."""
    monthly = {"plan_id": "plan_pro_monthly", **VISA}
    issued = stage.post("/api/v1/subscriptions", monthly)["latest_invoice_id"]
    stage.do("PATCH", f"{_INVOICES}/{issued}", {"due_date": "2024-03-01"}, admin=False)
    for action in ("finalize", "void", "mark_uncollectible"):
        stage.do("POST", f"{_INVOICES}/{issued}/{action}", admin=False)
    used = stage.post(_USAGE, USAGE)["usage_id"]
    stage.do("POST", _USAGE, {**USAGE, "quantity": -1, "corrects": used}, admin=False)
    stage.do("POST", _INVOICES, {**INVOICE, "customer_id": "nobody"}, admin=False)


def usage_at_the_wrong_time_or_twice(stage: Stage) -> None:
    event = {**USAGE, "event_id": "once"}
    stage.post(_USAGE, event)
    stage.post(_USAGE, event)
    stage.do("POST", _USAGE, {**event, "quantity": 1})
    stage.do("POST", _USAGE, {**USAGE, "timestamp": "2034-01-28T10:00:00Z"})
    stage.do("POST", _USAGE, {**USAGE, "quantity": -1, "corrects": "unknown"})
