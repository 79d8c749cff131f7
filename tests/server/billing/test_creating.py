"""Making invoices (rules BL-1 to BL-7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.subscriptions.shop import START, Got, Recorder, Shop

SAMPLE = {
    "customer_id": "alice",
    "items": [{"description": "API Usage - January", "quantity": 10000, "unit_price": 1}],
    "due_date": "2024-02-15",
}


def _item(quantity: Any = 1, unit_price: Any = 1000, description: Any = "x") -> dict[str, Any]:
    return {"description": description, "quantity": quantity, "unit_price": unit_price}


def _create(shop: Shop, *, user: str = "alice", **changes: Any) -> Got:
    return shop.post("/billing/invoices", {**SAMPLE, **changes}, user=user)


def test_bl1_the_sample_of_the_page_makes_an_open_invoice_of_10000(shop: Shop, news: Recorder) -> None:
    got = _create(shop)
    assert got.status == 201
    assert {
        "number": "INV-2024-000001",
        "customer_id": "alice",
        "status": "open",
        "currency": "usd",
        "subtotal": 10_000,
        "tax": 0,
        "total": 10_000,
        "amount_due": 10_000,
        "amount_paid": 0,
        "amount_remaining": 10_000,
        "due_date": "2024-02-15",
        "overdue": False,
        "finalized_at": "2024-01-28T00:00:00Z",
        "billing_reason": "manual",
        "subscription_id": None,
        "attempt_count": 0,
        "metadata": {},
    }.items() <= got.body.items()
    assert got.body["items"][0]["amount"] == 10_000
    assert news.types() == ["invoice.created", "invoice.finalized"]
    assert shop.invoice(got.body["invoice_id"]) == got.body


def test_bl1_a_draft_is_made_on_request_and_has_no_number(shop: Shop, news: Recorder) -> None:
    draft = _create(shop, auto_finalize=False).body
    assert (draft["status"], draft["number"], draft["finalized_at"]) == ("draft", None, None)
    assert news.types() == ["invoice.created"]


def test_bl2_an_invoice_for_someone_else_is_refused(shop: Shop, news: Recorder) -> None:
    got = _create(shop, customer_id="bob")
    assert (got.status, got.code) == (403, "customer_mismatch")
    assert news.types() == []


def test_bl2_an_admin_makes_and_lists_invoices_of_others(shop: Shop) -> None:
    made = _create(shop, user="admin").body
    assert made["customer_id"] == "alice"
    listed = shop.get("/billing/invoices?customer_id=alice", user="admin").body["data"]
    assert [invoice["invoice_id"] for invoice in listed] == [made["invoice_id"]]
    assert len(shop.invoices()) == 1


def test_bl2_the_scope_billing_write_is_enough_to_make_invoices_for_others(shop: Shop) -> None:
    assert _create(shop, user="clerk").status == 201
    assert len(shop.invoices()) == 1


def test_bl2_only_an_admin_lists_invoices_of_others(shop: Shop) -> None:
    _create(shop)
    got = shop.get("/billing/invoices?customer_id=alice", user="bob")
    assert (got.status, got.code) == (403, "permission_denied")
    assert shop.get("/billing/invoices", user="bob").body["data"] == []


def test_p4_a_foreign_invoice_is_as_unknown_as_an_unknown_one(shop: Shop) -> None:
    known = _create(shop).body["invoice_id"]
    foreign = shop.get(f"/billing/invoices/{known}", user="bob")
    unknown = shop.get("/billing/invoices/in_nothing", user="bob")
    assert (foreign.status, foreign.code) == (404, "invoice_not_found")
    same = ("status", "code", "detail", "title", "type")
    assert {key: foreign.body[key] for key in same} == {key: unknown.body[key] for key in same}


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"items": []}, "invoice_items_required", "items"),
        ({"items": [_item()] * 251}, "invalid_value", "items"),
        ({"items": [_item(quantity=0)]}, "invalid_quantity", "items[0].quantity"),
        ({"items": [_item(quantity=1_000_000_001)]}, "invalid_quantity", "items[0].quantity"),
        ({"items": [_item(quantity=1.0)]}, "invalid_quantity", "items[0].quantity"),
        ({"items": [_item(unit_price=-1)]}, "invalid_amount", "items[0].unit_price"),
        ({"items": [_item(unit_price=10.5)]}, "invalid_amount", "items[0].unit_price"),
        ({"items": [_item(unit_price="10")]}, "invalid_amount", "items[0].unit_price"),
        ({"items": [_item(unit_price=True)]}, "invalid_amount", "items[0].unit_price"),
        ({"items": [_item(unit_price=100_000_000)]}, "amount_too_large", "items[0].unit_price"),
        ({"items": [_item(description="")]}, "invalid_value", "items[0].description"),
        ({"items": [_item(description="x" * 501)]}, "too_long", "items[0].description"),
        ({"items": [{"quantity": 1, "unit_price": 1}]}, "missing_field", "items[0].description"),
        ({"items": "x"}, "invalid_type", "items"),
        ({"due_date": "2024-02-30"}, "invalid_due_date", "due_date"),
        ({"due_date": "20240215"}, "invalid_due_date", "due_date"),
        ({"due_date": "2024-02-15T00:00:00Z"}, "invalid_due_date", "due_date"),
        ({"due_date": 20240215}, "invalid_due_date", "due_date"),
        ({"currency": "xyz"}, "unsupported_currency", "currency"),
        ({"metadata": {"a": 1}}, "invalid_metadata", "metadata"),
        ({"items": [_item(1_000_000_000, 99_999_999)]}, "amount_overflow", "items"),
        ({"items": [_item(2, 50_000_000)]}, "amount_too_large", "items"),
    ],
)
def test_bl3_bad_values_are_refused_and_change_nothing(
    shop: Shop, news: Recorder, changes: dict[str, Any], code: str, param: str
) -> None:
    got = _create(shop, **changes)
    assert (got.status, got.code, got.body["param"]) == (422, code, param)
    assert shop.invoices() == []
    assert news.types() == []


@pytest.mark.parametrize("field", ["customer_id", "items"])
def test_required_fields_are_required(shop: Shop, field: str) -> None:
    got = shop.post("/billing/invoices", {key: value for key, value in SAMPLE.items() if key != field})
    assert (got.status, got.code, got.body["param"]) == (422, "missing_field", field)


def test_bl4_the_largest_total_is_8_digits(shop: Shop) -> None:
    assert _create(shop, items=[_item(1, 99_999_999)]).status == 201
    assert _create(shop, items=[_item(1, 99_999_999), _item(1, 1)]).code == "amount_too_large"


@pytest.mark.parametrize(("amount", "tax"), [(10_000, 825), (2_999, 247)])
def test_bl4_tax_of_8_25_per_cent(amount: int, tax: int) -> None:
    shop = Shop(tax_bp=825)
    made = _create(shop, items=[_item(1, amount)]).body
    assert (made["subtotal"], made["tax"], made["total"]) == (amount, tax, amount + tax)


def test_bl4_tax_is_rounded_line_by_line_and_never_on_the_sum() -> None:
    """Three lines of 20 at 2.5 % are 0.5 each, away from zero 1 each: 3, where the sum would give 2."""
    shop = Shop(tax_bp=250)
    assert _create(shop, items=[_item(1, 20)] * 3).body["tax"] == 3


def test_bl5_an_invoice_of_nothing_is_paid_at_once(shop: Shop, news: Recorder) -> None:
    made = _create(shop, items=[_item(5, 0)]).body
    assert (made["status"], made["amount_due"], made["paid_at"]) == ("paid", 0, "2024-01-28T00:00:00Z")
    assert news.types() == ["invoice.created", "invoice.finalized", "invoice.paid"]


def test_bl6_numbers_belong_to_the_calendar_year_and_have_no_gap(shop: Shop) -> None:
    draft = _create(shop, auto_finalize=False).body["invoice_id"]
    assert _create(shop).body["number"] == "INV-2024-000001"
    assert _create(shop, items=[]).status == 422
    assert _create(shop, user="bob", customer_id="bob").body["number"] == "INV-2024-000002"
    shop.move_to("2025-01-01T00:00:00+00:00")
    assert shop.post(f"/billing/invoices/{draft}/finalize").body["number"] == "INV-2025-000001"


def test_bl6_a_void_invoices_number_is_not_used_again(shop: Shop) -> None:
    first = _create(shop).body["invoice_id"]
    shop.post(f"/billing/invoices/{first}/void")
    assert _create(shop).body["number"] == "INV-2024-000002"


def test_bl7_the_due_date_is_30_days_after_finalisation_by_default(shop: Shop) -> None:
    made = shop.post("/billing/invoices", {"customer_id": "alice", "items": [_item()]}).body
    assert made["due_date"] == "2024-02-27"


def test_bl7_the_sample_is_overdue_from_the_day_after_its_due_date(shop: Shop) -> None:
    invoice = _create(shop).body["invoice_id"]
    assert shop.move_to("2024-02-15T23:59:59+00:00") == []
    assert shop.invoice(invoice)["overdue"] is False
    assert shop.advance(seconds=1) == ["invoice.overdue"]
    got = shop.invoice(invoice)
    assert (got["overdue"], got["status"]) == (True, "open")
    assert shop.advance(days=60) == []


def test_p6_a_past_due_date_is_accepted_and_overdue_at_once() -> None:
    shop = Shop(start=START.replace(year=2025))
    made = _create(shop)
    assert (made.status, made.body["overdue"]) == (201, True)
    assert shop.advance(seconds=0) == ["invoice.overdue"]


def test_bl7_a_paid_invoice_is_never_overdue(shop: Shop) -> None:
    invoice = _create(shop).body["invoice_id"]
    shop.post(f"/billing/invoices/{invoice}/pay", {"payment_method_id": "pm_card_visa"})
    assert shop.move_to("2024-03-01T00:00:00+00:00") == []
    assert shop.invoice(invoice)["overdue"] is False


def test_bl7_the_last_day_of_the_calendar_is_no_crash(shop: Shop) -> None:
    assert _create(shop, due_date="9999-12-31").body["overdue"] is False


def test_currency_is_any_case_in_and_lower_case_out(shop: Shop) -> None:
    """Rules M-4."""
    assert _create(shop, currency="EUR").body["currency"] == "eur"


def test_lists_are_newest_first_filtered_and_paged(shop: Shop) -> None:
    """Rules 8.5."""
    for number in range(5):
        _create(shop, items=[_item(1, 1000 + number)], auto_finalize=number % 2 == 0)
    newest = shop.get("/billing/invoices?limit=2").body
    assert [invoice["total"] for invoice in newest["data"]] == [1004, 1003]
    rest = shop.get(f"/billing/invoices?limit=3&cursor={newest['next_cursor']}").body
    assert [invoice["total"] for invoice in rest["data"]] == [1002, 1001, 1000]
    assert (rest["has_more"], rest["next_cursor"]) == (False, None)
    drafts = shop.get("/billing/invoices?status=draft").body["data"]
    assert [invoice["total"] for invoice in drafts] == [1003, 1001]
    assert shop.get("/billing/invoices?status=lost").code == "invalid_value"
    assert shop.get(f"/billing/invoices?status=open&cursor={newest['next_cursor']}").code == "invalid_cursor"
    assert shop.get("/billing/invoices?limit=101").code == "invalid_limit"


@pytest.mark.parametrize(("price", "status"), [(5124, 422), (5120, 201)])
def test_m3_an_invoice_that_no_card_could_pay_is_not_made(shop: Shop, price: int, status: int) -> None:
    item = {"description": "work", "quantity": 1, "unit_price": price}
    made = shop.post("/billing/invoices", {"customer_id": "alice", "items": [item], "currency": "kwd"})
    assert made.status == status
    if status == 422:
        assert (made.code, made.body["param"]) == ("invalid_amount", "items")
        assert shop.invoices() == []
