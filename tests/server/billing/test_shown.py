"""What invoices and refusals show, and what becomes of usage on an invoice that is voided (BL-4 to US-8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.server.subscriptions.shop import BAD, CHALLENGED, FAILS_LATER, GOOD, OTHER, PRO, Got, Shop

ITEM = {"description": "Work", "quantity": 1, "unit_price": 1_000}
CHARGED = "2024-02-28T01:00:00+00:00"


def _create(shop: Shop, **more: Any) -> Got:
    return shop.post(
        "/billing/invoices", {"customer_id": "alice", "items": [ITEM], "currency": "usd", **more}
    )


def _pay(shop: Shop, invoice: dict[str, Any], method: str) -> Got:
    return shop.post(f"/billing/invoices/{invoice['invoice_id']}/pay", {"payment_method_id": method})


# Invoices


def test_bl1_what_an_invoice_is_made_with_is_on_it(shop: Shop) -> None:
    made = _create(shop, metadata={"order": "77"}).body
    assert made["metadata"] == shop.invoice(made["invoice_id"])["metadata"] == {"order": "77"}


@pytest.mark.parametrize(("lines", "status"), [(250, 201), (251, 422)])
def test_bl3_an_invoice_has_250_lines_at_most(shop: Shop, lines: int, status: int) -> None:
    assert _create(shop, items=[ITEM] * lines).status == status


def test_bl4_new_lines_of_a_draft_are_taxed_anew_and_new_metadata_is_not() -> None:
    """8.25 % of 1,000 is 82.5, of 2,000 is 165."""
    shop = Shop(tax_bp=825)
    draft = _create(shop, auto_finalize=False).body
    path = f"/billing/invoices/{draft['invoice_id']}"
    assert shop.patch(path, {"metadata": {"order": "77"}}).body["tax"] == 83
    assert shop.patch(path, {"items": [{**ITEM, "quantity": 2}]}).body["tax"] == 165


def test_bl4_usage_that_comes_in_the_hour_of_the_draft_is_taxed_too() -> None:
    """8.25 % of 2,999 is 247.4, of 300 is 24.75, each rounded by itself."""
    shop = Shop(tax_bp=825)
    shop.subscribe(PRO)
    shop.use(50_000)
    shop.move_to("2024-02-28T00:00:00+00:00")
    shop.use(300, "2024-02-27T23:00:00Z")
    shop.move_to(CHARGED)
    assert (shop.invoices()[-1]["tax"], shop.invoices()[-1]["total"]) == (247 + 25, 2_999 + 300 + 247 + 25)


@pytest.mark.parametrize(
    ("method", "status"), [(CHALLENGED, "requires_action"), ("pm_bank_success", "processing")]
)
def test_bl9_an_invoice_that_waits_names_its_intent(shop: Shop, method: str, status: str) -> None:
    invoice = _create(shop).body
    _pay(shop, invoice, method)
    shown = shop.invoice(invoice["invoice_id"])
    assert shown["latest_payment_intent"]["status"] == status
    assert shown["payment_intent_id"] == shown["latest_payment_intent"]["payment_intent_id"]


def test_inv14_an_intent_that_another_way_to_pay_replaces_says_so(shop: Shop) -> None:
    invoice = _create(shop).body
    waiting = _pay(shop, invoice, CHALLENGED).body["latest_payment_intent"]["payment_intent_id"]
    _pay(shop, invoice, OTHER)
    replaced = shop.get(f"/payments/intent/{waiting}").body
    assert (replaced["status"], replaced["cancellation_reason"]) == ("canceled", "abandoned")


def test_bl10_a_void_invoice_waits_for_nothing(shop: Shop) -> None:
    invoice = _create(shop).body
    _pay(shop, invoice, CHALLENGED)
    voided = shop.post(f"/billing/invoices/{invoice['invoice_id']}/void").body
    assert (voided["status"], voided["latest_payment_intent"]) == ("void", None)


def test_bl10_an_invoice_that_was_given_up_is_paid_by_the_intent_that_still_waits(shop: Shop) -> None:
    invoice = _create(shop).body
    waiting = _pay(shop, invoice, CHALLENGED).body["latest_payment_intent"]["payment_intent_id"]
    shop.post(f"/billing/invoices/{invoice['invoice_id']}/mark_uncollectible")
    shop.authenticate(waiting, "success")
    assert shop.invoice(invoice["invoice_id"])["status"] == "paid"
    assert shop.balance() == 0


def test_bl10_a_failure_of_an_invoice_that_was_given_up_is_counted(shop: Shop) -> None:
    invoice = _create(shop).body
    waiting = _pay(shop, invoice, CHALLENGED).body["latest_payment_intent"]["payment_intent_id"]
    shop.post(f"/billing/invoices/{invoice['invoice_id']}/mark_uncollectible")
    shop.authenticate(waiting, "failure")
    assert shop.invoice(invoice["invoice_id"])["attempt_count"] == 1
    assert shop.invoice(invoice["invoice_id"])["latest_payment_intent"]["status"] == "requires_payment_method"


def test_inv14_a_second_payment_leaves_the_income_of_invoices_as_it_was(shop: Shop) -> None:
    invoice = _create(shop).body
    failed = _pay(shop, invoice, BAD).body["context"]["payment_intent_id"]
    _pay(shop, invoice, GOOD)
    shop.post(f"/payments/intent/{failed}/confirm", {"payment_method_id": GOOD})
    assert (shop.balance("platform:revenue:invoices"), shop.balance()) == (1_000, 1_000)


def test_inv14_a_second_payment_leaves_the_income_of_subscriptions_as_it_was(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to(CHARGED)
    renewal = shop.invoices()[-1]
    _pay(shop, renewal, GOOD)
    shop.post(f"/payments/intent/{renewal['payment_intent_id']}/confirm", {"payment_method_id": GOOD})
    assert (shop.balance("platform:revenue:subscriptions"), shop.balance()) == (2 * 2_999, 2_999)


def test_bl10_usage_on_an_invoice_that_an_admin_voids_is_not_billed_again(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.use(50_300)
    shop.move_to(CHARGED)
    renewal = shop.invoices()[-1]
    assert (renewal["total"], renewal["status"]) == (2_999 + 300, "open")
    assert shop.post(f"/billing/invoices/{renewal['invoice_id']}/void", user="admin").status == 200
    shop.move_to("2024-03-28T01:00:00+00:00")
    assert shop.invoices()[-1]["total"] == 2_999


# Usage


@pytest.mark.parametrize(
    ("window", "next_start"),
    [
        ("hour", "2024-01-05T11:00:00Z"),
        ("day", "2024-01-06T00:00:00Z"),
        ("month", "2024-02-01T00:00:00Z"),
    ],
)
def test_us7_the_second_window_begins_on_the_clock(shop: Shop, window: str, next_start: str) -> None:
    query = f"metric=api_calls&window={window}&start=2024-01-05T10:20:30Z&end=2024-02-03T00:00:00Z"
    first, second, *_ = shop.get(f"/billing/usage?{query}").body["data"]
    assert (first["start"], first["end"]) == ("2024-01-05T10:20:30Z", next_start)
    assert second["start"] == next_start


def test_us7_the_default_month_begins_at_its_first_second(shop: Shop) -> None:
    shop.advance(hours=10, seconds=1_815)
    got = shop.get("/billing/usage?metric=api_calls").body
    assert (got["start"], got["end"]) == ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")


def test_us1_usage_names_its_subscription(shop: Shop) -> None:
    assert shop.use(1, subscription_id="sub_123").body["subscription_id"] == "sub_123"


def test_us4_what_has_no_quota_is_new_the_first_time_too(shop: Shop) -> None:
    event = {"metric": "tokens", "quantity": 1, "event_id": "e-1"}
    said = [shop.post("/billing/usage", event).body["duplicate"] for _ in range(2)]
    assert said == [False, True]


def test_us4_the_order_of_metadata_makes_no_other_event(shop: Shop) -> None:
    first = shop.use(1, event_id="e-1", metadata={"a": "1", "b": "2"})
    again = shop.use(1, event_id="e-1", metadata={"b": "2", "a": "1"})
    assert (again.status, again.body["duplicate"]) == (200, True)
    assert again.body["usage_id"] == first.body["usage_id"]


def test_us3_neither_a_correction_nor_usage_of_another_metric_is_corrected(shop: Shop) -> None:
    usage = shop.use(5).body["usage_id"]
    corrected = {"metric": "api_calls", "quantity": -1, "corrects": usage}
    correction = shop.post("/billing/usage", corrected, user="admin").body["usage_id"]
    for change in ({"corrects": correction}, {"metric": "tokens"}):
        got = shop.post("/billing/usage", {**corrected, **change}, user="admin")
        assert (got.status, got.code, got.body["param"]) == (404, "usage_record_not_found", "corrects")


# Refusals name what was wrong


def _refused(got: Got) -> tuple[Any, ...]:
    return got.status, got.code, got.body.get("param")


def test_bl2_the_customer_is_named(shop: Shop) -> None:
    assert _refused(_create(shop, customer_id="bob")) == (403, "customer_mismatch", "customer_id")
    listed = shop.get("/billing/invoices?customer_id=bob")
    assert _refused(listed) == (403, "permission_denied", "customer_id")


def test_bl4_a_total_that_is_too_large_is_told_with_the_largest(shop: Shop) -> None:
    got = _create(shop, items=[{**ITEM, "unit_price": 99_999_999, "quantity": 2}])
    assert got.code == "amount_too_large"
    assert got.body["context"] == {"maximum": 99_999_999, "total": 199_999_998}


def test_bl9_the_missing_method_and_the_debit_on_its_way_are_named(shop: Shop) -> None:
    invoice = _create(shop).body
    without = shop.post(f"/billing/invoices/{invoice['invoice_id']}/pay")
    assert _refused(without) == (422, "payment_method_required", "payment_method_id")
    on_its_way = _pay(shop, invoice, "pm_bank_success").body["payment_intent_id"]
    context = {"status": "processing", "payment_intent_id": on_its_way}
    assert _pay(shop, invoice, GOOD).body["context"] == context


def test_us5_the_timestamp_is_named() -> None:
    shop = Shop(max_usage_age=timedelta(days=1))
    assert _refused(shop.use(1, "2024-01-28T00:05:01Z")) == (422, "timestamp_in_future", "timestamp")
    assert _refused(shop.use(1, "2024-01-26T23:59:59Z")) == (422, "timestamp_too_old", "timestamp")


def test_us3_what_is_wrong_with_a_correction_is_named(shop: Shop) -> None:
    corrected = {"metric": "api_calls", "corrects": shop.use(5).body["usage_id"]}
    too_much = shop.post("/billing/usage", {**corrected, "quantity": -6}, user="admin")
    assert _refused(too_much) == (422, "invalid_quantity", "quantity")
    by_the_user = shop.post("/billing/usage", {**corrected, "quantity": -1})
    assert _refused(by_the_user) == (403, "permission_denied", "corrects")


def test_us4_the_event_that_an_id_was_used_for_is_named(shop: Shop) -> None:
    first = shop.use(1, event_id="e-1").body["usage_id"]
    got = shop.use(2, event_id="e-1")
    assert _refused(got) == (409, "usage_event_conflict", "event_id")
    assert got.body["context"] == {"usage_id": first}


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("start=2024-01-02T00:00:00Z&end=2024-01-02T00:00:00Z", "start"),
        ("window=hour&start=2024-01-01T00:00:00Z&end=2024-02-11T16:00:01Z", "window"),
    ],
)
def test_us7_what_makes_a_stretch_impossible_is_named(shop: Shop, query: str, param: str) -> None:
    assert _refused(shop.get(f"/billing/usage?metric=api_calls&{query}")) == (422, "invalid_value", param)
