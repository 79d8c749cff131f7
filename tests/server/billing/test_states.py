"""The state table of invoices (rules 4.1), row by row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.subscriptions.shop import BAD, CHALLENGED, GOOD, OTHER, PRO, Got, Recorder, Shop

ACTIONS = ("update", "delete", "finalize", "pay", "void", "mark_uncollectible")


def _made(shop: Shop, state: str, price: int = 1000) -> str:
    """An invoice of alice in this state."""
    body = {
        "customer_id": "alice",
        "items": [{"description": "x", "quantity": 1, "unit_price": price}],
        "auto_finalize": state != "draft",
    }
    invoice = str(shop.post("/billing/invoices", body).body["invoice_id"])
    way: dict[str, tuple[str, ...]] = {"paid": ("pay",), "void": ("void",)}
    way["uncollectible"] = ("mark_uncollectible",)
    for action in way.get(state, ()):
        assert _do(shop, invoice, action).status == 200
    assert shop.invoice(invoice)["status"] == state
    return invoice


def _do(shop: Shop, invoice: str, action: str, method: str = GOOD, user: str = "alice") -> Got:
    path = f"/billing/invoices/{invoice}"
    if action == "update":
        items = [{"description": "y", "quantity": 2, "unit_price": 700}]
        return shop.patch(path, {"items": items}, user=user)
    if action == "delete":
        return shop.delete(path, user=user)
    body = {"payment_method_id": method} if action == "pay" else None
    return shop.post(f"{path}/{action}", body, user=user)


@pytest.mark.parametrize(
    ("state", "action", "after", "events"),
    [
        ("draft", "update", "draft", ["invoice.updated"]),
        ("draft", "finalize", "open", ["invoice.finalized"]),
        ("open", "pay", "paid", ["payment.created", "payment.succeeded", "invoice.paid"]),
        ("open", "void", "void", ["invoice.voided"]),
        ("open", "mark_uncollectible", "uncollectible", ["invoice.marked_uncollectible"]),
        ("uncollectible", "pay", "paid", ["payment.created", "payment.succeeded", "invoice.paid"]),
        ("uncollectible", "void", "void", ["invoice.voided"]),
    ],
)
def test_what_a_state_allows(shop: Shop, state: str, action: str, after: str, events: list[str]) -> None:
    invoice = _made(shop, state)
    news = Recorder(shop)
    got = _do(shop, invoice, action)
    assert (got.status, got.body["status"]) == (200, after)
    assert news.types() == events
    assert shop.invoice(invoice)["status"] == after


ALLOWED = {
    "draft": {"update", "delete", "finalize"},
    "open": {"pay", "void", "mark_uncollectible"},
    "uncollectible": {"pay", "void"},
    "paid": set[str](),
    "void": set[str](),
}
CODES = {
    "draft": "invoice_not_open",
    "open": "invoice_finalized",
    "uncollectible": "invoice_finalized",
    "paid": "invoice_already_paid",
    "void": "invoice_voided",
}


@pytest.mark.parametrize(
    ("state", "action"),
    [(state, action) for state in ALLOWED for action in ACTIONS if action not in ALLOWED[state]],
)
def test_what_a_state_forbids(shop: Shop, state: str, action: str) -> None:
    invoice = _made(shop, state)
    before, news = shop.invoice(invoice), Recorder(shop)
    got = _do(shop, invoice, action)
    assert (got.status, got.code) == (409, CODES[state])
    assert got.body["context"]["status"] == state
    assert shop.invoice(invoice) == before
    assert news.types() == []


def test_draft_delete_leaves_nothing(shop: Shop) -> None:
    invoice = _made(shop, "draft")
    news = Recorder(shop)
    got = _do(shop, invoice, "delete")
    assert (got.status, got.body) == (204, None)
    assert news.types() == ["invoice.deleted"]
    assert shop.get(f"/billing/invoices/{invoice}").code == "invoice_not_found"
    assert shop.invoices() == []


def test_draft_update_tells_what_changed(shop: Shop) -> None:
    invoice = _made(shop, "draft")
    assert _do(shop, invoice, "update").body["total"] == 1400
    previous = shop.world.events[-1].previous
    assert previous is not None
    assert (previous["total"], set(previous) & {"status", "due_date"}) == (1000, set())


def test_draft_update_of_the_due_date_alone_keeps_the_lines(shop: Shop) -> None:
    invoice = _made(shop, "draft")
    got = shop.patch(f"/billing/invoices/{invoice}", {"due_date": "2024-09-01"})
    assert (got.body["due_date"], got.body["total"]) == ("2024-09-01", 1000)


def test_draft_update_is_held_to_the_limits_of_a_new_invoice(shop: Shop) -> None:
    invoice = _made(shop, "draft")
    items = [{"description": "x", "quantity": 2, "unit_price": 50_000_000}]
    assert shop.patch(f"/billing/invoices/{invoice}", {"items": items}).code == "amount_too_large"
    assert shop.invoice(invoice)["total"] == 1000


def test_draft_finalize_of_nothing_due_is_paid(shop: Shop) -> None:
    invoice = _made(shop, "draft", price=0)
    news = Recorder(shop)
    assert _do(shop, invoice, "finalize").body["status"] == "paid"
    assert news.types() == ["invoice.finalized", "invoice.paid"]


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("open", 200, None),
        ("uncollectible", 200, None),
        ("paid", 409, "invoice_already_paid"),
        ("void", 409, "invoice_voided"),
    ],
)
def test_bl6_metadata_stays_changeable_while_an_invoice_can_be_paid(
    shop: Shop, state: str, status: int, code: str | None
) -> None:
    invoice = _made(shop, state)
    got = shop.patch(f"/billing/invoices/{invoice}", {"metadata": {"order": "7"}})
    assert (got.status, got.body.get("code")) == (status, code)
    assert shop.invoice(invoice)["metadata"] == ({"order": "7"} if status == 200 else {})


def test_open_pay_declined_stays_open_and_counts(shop: Shop) -> None:
    invoice = _made(shop, "open")
    news = Recorder(shop)
    got = _do(shop, invoice, "pay", BAD)
    assert (got.status, got.code) == (402, "card_declined")
    assert news.types() == ["payment.created", "payment.failed", "invoice.payment_failed"]
    after = shop.invoice(invoice)
    assert (after["status"], after["attempt_count"], after["amount_paid"]) == ("open", 1, 0)
    assert after["payment_intent_id"] == got.body["context"]["payment_intent_id"]
    assert after["next_payment_attempt"] is None
    assert _do(shop, invoice, "pay", GOOD).body["attempt_count"] == 2


def _challenged(shop: Shop, invoice: str) -> str:
    got = _do(shop, invoice, "pay", CHALLENGED)
    assert (got.status, got.body["status"]) == (202, "open")
    assert got.body["latest_payment_intent"]["status"] == "requires_action"
    assert got.body["latest_payment_intent"]["client_secret"]
    return str(got.body["latest_payment_intent"]["payment_intent_id"])


def test_open_pay_3ds_waits_and_is_paid_by_the_holder(shop: Shop) -> None:
    invoice = _made(shop, "open")
    news = Recorder(shop)
    intent = _challenged(shop, invoice)
    assert news.types() == ["payment.created", "payment.requires_action"]
    shop.authenticate(intent, "success")
    assert news.types()[2:] == ["payment.succeeded", "invoice.paid"]
    paid = shop.invoice(invoice)
    assert (paid["status"], paid["amount_paid"], paid["payment_intent_id"]) == ("paid", 1000, intent)
    assert paid["latest_payment_intent"] is None


def test_open_pay_3ds_failed_can_be_confirmed_again(shop: Shop) -> None:
    invoice = _made(shop, "open")
    intent = _challenged(shop, invoice)
    news = Recorder(shop)
    shop.authenticate(intent, "failure")
    assert news.types() == ["payment.failed", "invoice.payment_failed"]
    assert shop.invoice(invoice)["latest_payment_intent"]["status"] == "requires_payment_method"
    shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": GOOD})
    assert shop.invoice(invoice)["status"] == "paid"


def test_inv14_a_second_way_to_pay_cancels_the_intent_that_waits(shop: Shop) -> None:
    invoice = _made(shop, "open")
    intent = _challenged(shop, invoice)
    assert _do(shop, invoice, "pay", OTHER).body["status"] == "paid"
    assert shop.get(f"/payments/intent/{intent}").body["status"] == "canceled"
    assert shop.balance("external:card") == -1000


def test_inv14_money_for_an_invoice_that_is_paid_already_goes_to_the_customer_balance(shop: Shop) -> None:
    """The declined intent of the first try is confirmed after the second try has paid."""
    invoice = _made(shop, "open")
    intent = _do(shop, invoice, "pay", BAD).body["context"]["payment_intent_id"]
    _do(shop, invoice, "pay", GOOD)
    shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": GOOD})
    assert (shop.invoice(invoice)["amount_paid"], shop.balance()) == (1000, 1000)


def test_open_pay_by_bank_debit_waits_three_days(shop: Shop) -> None:
    invoice = _made(shop, "open")
    assert _do(shop, invoice, "pay", "pm_bank_success").status == 202
    again = _do(shop, invoice, "pay", GOOD)
    assert (again.status, again.code) == (409, "payment_intent_unexpected_state")
    shop.advance(days=3)
    assert shop.invoice(invoice)["status"] == "paid"


def test_a_returned_bank_debit_leaves_it_open(shop: Shop) -> None:
    invoice = _made(shop, "open")
    _do(shop, invoice, "pay", "pm_bank_fail")
    assert shop.advance(days=3) == ["payment.failed", "invoice.payment_failed"]
    assert (shop.invoice(invoice)["status"], shop.invoice(invoice)["attempt_count"]) == ("open", 1)


def test_bl9_without_a_method_the_default_one_pays_and_without_any_it_is_required(shop: Shop) -> None:
    invoice = _made(shop, "open")
    got = shop.post(f"/billing/invoices/{invoice}/pay")
    assert (got.status, got.code) == (422, "payment_method_required")
    _do(shop, _made(shop, "open"), "pay", OTHER)
    assert shop.post(f"/billing/invoices/{invoice}/pay").body["status"] == "paid"
    assert shop.get("/payments/history").body["data"][0]["payment_method_id"] == OTHER


def test_bl9_an_unknown_method_is_refused_and_counts_no_attempt(shop: Shop) -> None:
    invoice = _made(shop, "open")
    got = _do(shop, invoice, "pay", "pm_nobody")
    assert (got.status, got.code) == (404, "payment_method_not_found")
    assert shop.invoice(invoice)["attempt_count"] == 0


def test_bl9_pm_wallet_pays_from_the_wallet(shop: Shop) -> None:
    """Rules 3.1: wallet -> platform:revenue:invoices."""
    invoice = _made(shop, "open")
    short = _do(shop, invoice, "pay", "pm_wallet")
    assert (short.status, short.code) == (402, "insufficient_funds")
    assert shop.invoice(invoice)["attempt_count"] == 1


def test_the_payment_of_an_invoice_is_in_the_history_with_its_reference(shop: Shop) -> None:
    """Rules P1, 3.1."""
    invoice = _made(shop, "open")
    _do(shop, invoice, "pay")
    [payment] = shop.get("/payments/history?type=invoice").body["data"]
    assert payment["reference"] == {"type": "invoice", "id": invoice}
    assert shop.balance("platform:revenue:invoices") == 1000


def test_rf5_a_refund_leaves_the_invoice_paid_and_is_counted(shop: Shop) -> None:
    invoice = _made(shop, "open")
    intent = _do(shop, invoice, "pay").body["payment_intent_id"]
    shop.post(f"/payments/{intent}/refund", {"amount": 400})
    shop.post(f"/payments/{intent}/refund", {"amount": 100})
    after = shop.invoice(invoice)
    assert (after["status"], after["amount_refunded"], after["amount_paid"]) == ("paid", 500, 1000)


def test_rf2_a_refund_that_fails_is_counted_no_more(shop: Shop) -> None:
    invoice = _made(shop, "open")
    intent = _do(shop, invoice, "pay", "pm_card_refundFail").body["payment_intent_id"]
    shop.post(f"/payments/{intent}/refund", {"amount": 400})
    shop.advance(seconds=1)
    assert shop.invoice(invoice)["amount_refunded"] == 0


@pytest.mark.parametrize("action", ["void", "mark_uncollectible"])
def test_bl8_an_invoice_of_the_system_is_ended_by_admins_only(shop: Shop, action: str) -> None:
    shop.subscribe(PRO, None)
    invoice = shop.invoices()[0]["invoice_id"]
    got = _do(shop, invoice, action)
    assert (got.status, got.code) == (403, "permission_denied")
    assert _do(shop, invoice, action, user="clerk").code == "permission_denied"
    assert _do(shop, invoice, action, user="admin").status == 200


def test_bl10_voiding_cancels_the_waiting_intent_and_keeps_number_and_lines(shop: Shop) -> None:
    invoice = _made(shop, "open")
    intent = _challenged(shop, invoice)
    before = shop.invoice(invoice)
    news = Recorder(shop)
    after = _do(shop, invoice, "void").body
    assert news.types() == ["payment.canceled", "invoice.voided"]
    assert (after["number"], after["items"]) == (before["number"], before["items"])
    assert after["voided_at"] == "2024-01-28T00:00:00Z"
    canceled = shop.get(f"/payments/intent/{intent}").body
    assert (canceled["status"], canceled["cancellation_reason"]) == ("canceled", "void_invoice")


@pytest.mark.parametrize("action", ACTIONS)
def test_p4_nobody_acts_on_a_foreign_invoice(shop: Shop, action: str) -> None:
    invoice = _made(shop, "open")
    before: dict[str, Any] = shop.invoice(invoice)
    got = _do(shop, invoice, action, user="bob")
    assert (got.status, got.code) == (404, "invoice_not_found")
    assert shop.invoice(invoice) == before


@pytest.mark.parametrize("action", ["finalize", "void", "mark_uncollectible"])
def test_an_action_without_fields_takes_an_object_or_nothing(shop: Shop, action: str) -> None:
    invoice = _made(shop, "draft" if action == "finalize" else "open")
    wrong: Any = [1]
    got = shop.post(f"/billing/invoices/{invoice}/{action}", wrong)
    assert (got.status, got.code) == (400, "malformed_json")
    assert shop.post(f"/billing/invoices/{invoice}/{action}", {}).status == 200
