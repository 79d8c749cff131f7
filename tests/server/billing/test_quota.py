"""Quotas and overage (rules 4.3, US-6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.services.billing.service.overage import units_beyond
from isa_mockserver.services.ports.invoicing import QuotaSpan
from tests.server.subscriptions.shop import (
    ENTERPRISE,
    FAILS_LATER,
    FREE,
    PLUS,
    PRO,
    START,
    Recorder,
    Shop,
)

CHARGED = "2024-02-28T01:00:00+00:00"


def _quota(shop: Shop, quantity: int = 1) -> dict[str, object]:
    found: dict[str, object] = shop.get(f"/billing/quota?metric=api_calls&quantity={quantity}").body
    return found


def _usage_lines(shop: Shop) -> list[tuple[str, int, int]]:
    return [
        (line["description"], line["quantity"], line["unit_price"])
        for invoice in shop.invoices()
        for line in invoice["items"]
        if "Usage" in line["description"]
    ]


def test_qu1_exactly_at_the_limit_is_not_exceeded(shop: Shop) -> None:
    at_limit = shop.use(1_000).body["quota"]
    assert (at_limit["exceeded"], at_limit["remaining"]) == (False, 0)
    beyond = shop.use(1).body["quota"]
    assert (beyond["exceeded"], beyond["remaining"], beyond["used"]) == (True, 0, 1_001)


def test_qu2_usage_is_recorded_beyond_the_limit_but_a_check_says_no(shop: Shop) -> None:
    assert shop.use(5_000).status == 201
    assert _quota(shop)["allowed"] is False


def test_qu1_a_check_says_whether_so_much_more_fits_and_consumes_nothing(shop: Shop) -> None:
    shop.use(990)
    assert (_quota(shop, 10)["allowed"], _quota(shop, 11)["allowed"]) == (True, False)
    assert _quota(shop)["used"] == 990


def test_qu7_the_check_tells_when_it_starts_anew(shop: Shop) -> None:
    assert _quota(shop)["reset_at"] == "2024-02-01T00:00:00Z"
    shop.use(900)
    shop.move_to("2024-02-01T00:00:00+00:00")
    assert (_quota(shop)["used"], _quota(shop)["reset_at"]) == (0, "2024-03-01T00:00:00Z")


@pytest.mark.parametrize("quantity", ["0", "x", "1000000001"])
def test_a_check_of_a_bad_quantity_is_refused(shop: Shop, quantity: str) -> None:
    got = shop.get(f"/billing/quota?quantity={quantity}")
    assert (got.status, got.code) == (422, "invalid_quantity")


def test_free_is_never_billed(shop: Shop) -> None:
    """Invariant 18."""
    shop.subscribe(FREE, None)
    shop.use(100_000)
    shop.advance(days=70)
    assert shop.invoices() == []


def test_pro_counts_the_billing_period_and_is_soft(shop: Shop) -> None:
    shop.subscribe(PRO)
    quota = shop.use(60_000).body["quota"]
    assert (quota["limit"], quota["used"], quota["exceeded"], quota["remaining"]) == (50_000, 60_000, True, 0)
    assert (quota["period_start"], quota["period_end"]) == ("2024-01-28T00:00:00Z", "2024-02-28T00:00:00Z")
    assert _quota(shop, 10**9)["allowed"] is True


def test_enterprise_is_unlimited(shop: Shop) -> None:
    shop.subscribe(ENTERPRISE)
    quota = shop.use(10**9).body["quota"]
    assert (quota["limit"], quota["remaining"], quota["exceeded"]) == (None, None, False)


@pytest.mark.parametrize(
    ("used", "lines"),
    [
        (50_000, []),
        (50_001, [("API Usage - January", 1, 1)]),
        (60_000, [("API Usage - January", 10_000, 1)]),
    ],
)
def test_qu3_60000_calls_on_pro_are_the_pages_own_invoice_line(
    shop: Shop, used: int, lines: list[tuple[str, int, int]]
) -> None:
    shop.subscribe(PRO)
    shop.use(used)
    shop.move_to(CHARGED)
    assert _usage_lines(shop) == lines
    assert shop.invoices()[-1]["amount_paid"] == 2_999 + max(0, used - 50_000)


def test_qu5_usage_that_arrives_within_the_hour_is_on_the_invoice(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_000)
    shop.move_to("2024-02-28T00:00:00+00:00")
    assert _usage_lines(shop) == []
    shop.advance(hours=0, seconds=1800)
    got = shop.use(25, at="2024-02-27T23:59:59Z").body
    assert (got["late"], got["quota"]["used"]) == (False, 50_025)
    shop.move_to(CHARGED)
    assert _usage_lines(shop) == [("API Usage - January", 25, 1)]


def test_us6_late_usage_goes_on_the_next_invoice_with_its_own_period(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(60_000)
    shop.move_to(CHARGED)
    finalised = shop.invoices()[-1]
    got = shop.use(40, at="2024-02-20T00:00:00Z").body
    assert got["late"] is True
    shop.move_to("2024-03-28T01:00:00+00:00")
    assert shop.invoice(finalised["invoice_id"]) == finalised
    late = shop.invoices()[-1]["items"][-1]
    assert (late["quantity"], late["period_start"], late["period_end"]) == (
        40,
        "2024-01-28T00:00:00Z",
        "2024-02-28T00:00:00Z",
    )
    shop.move_to("2024-04-28T01:00:00+00:00")
    assert len(_usage_lines(shop)) == 2


def test_us3_a_correction_after_the_invoice_is_credited_on_the_next(shop: Shop) -> None:
    shop.subscribe(PRO)
    usage = shop.use(60_000).body["usage_id"]
    shop.move_to(CHARGED)
    body = {"metric": "api_calls", "quantity": -1_000, "corrects": usage, "timestamp": "2024-02-01T00:00:00Z"}
    assert shop.post("/billing/usage", body, user="admin").status == 201
    shop.move_to("2024-03-28T01:00:00+00:00")
    assert _usage_lines(shop) == [("API Usage - January", 10_000, 1), ("API Usage - January", 1_000, -1)]


def test_inv19_each_closed_period_bills_what_was_beyond_it(shop: Shop) -> None:
    shop.subscribe(PRO)
    for month, used in ((2, 51_000), (3, 49_999), (4, 50_007)):
        shop.use(used)
        shop.move_to(f"2024-{month:02d}-28T01:00:00+00:00")
    assert [quantity for _, quantity, _ in _usage_lines(shop)] == [1_000, 7]


def test_qu5_an_immediate_cancellation_bills_the_cut_period(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.advance(days=3)
    shop.cancel(at_period_end=False)
    assert shop.invoices()[-1]["amount_paid"] == 300
    assert _usage_lines(shop) == [("API Usage - January", 300, 1)]


def test_qu5_a_scheduled_cancellation_bills_the_last_period_an_hour_after_it(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.cancel()
    shop.move_to("2024-02-28T00:30:00+00:00")
    assert shop.subscription()["status"] == "canceled"
    shop.use(100, at="2024-02-27T00:00:00Z")
    shop.move_to(CHARGED)
    assert shop.invoices()[-1]["amount_paid"] == 400


def test_qu5_the_last_periods_usage_is_charged_once_and_not_chased(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.use(50_300)
    shop.cancel()
    shop.move_to(CHARGED)
    assert shop.advance(days=40) == ["invoice.overdue"]
    last = shop.invoices()[-1]
    assert (last["status"], last["total"], last["attempt_count"]) == ("open", 300, 1)


@pytest.mark.parametrize("at_period_end", [True, False])
def test_us6_what_comes_after_the_last_bill_is_late(shop: Shop, at_period_end: bool) -> None:
    shop.subscribe(PRO)
    shop.advance(days=3)
    shop.cancel(at_period_end=at_period_end)
    shop.move_to(CHARGED)
    assert shop.use(1, at="2024-01-29T00:00:00Z").body["late"] is True


def test_qu5_an_interval_change_bills_the_cut_period(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.move_to("2024-02-13T00:00:00+00:00")
    shop.change(ENTERPRISE)
    assert shop.invoices()[-1]["total"] == 298_449 + 300
    assert shop.use(10**9).body["quota"]["limit"] is None


def test_ch5_a_declined_interval_change_does_not_close_the_usage_period(shop: Shop) -> None:
    shop.set_balance(2_999)
    shop.subscribe(PRO, "pm_card_chargeDeclined")
    shop.use(50_300)
    assert shop.change(ENTERPRISE).status == 402
    assert shop.use(1).body["quota"]["used"] == 50_301
    shop.move_to(CHARGED)
    assert shop.invoices()[-1]["total"] == 2_999 + 301


def test_qu6_an_upgrade_counts_on_with_the_new_limit(shop: Shop) -> None:
    """60,000 on Pro are 10,000 beyond; then 200,000 of Plus hold for the whole period's use."""
    shop.subscribe(PRO)
    shop.use(60_000)
    shop.advance(days=10)
    shop.change(PLUS)
    quota = shop.use(150_000).body["quota"]
    assert (quota["limit"], quota["used"]) == (200_000, 210_000)
    assert shop.use(1, at="2024-01-29T00:00:00Z").body["quota"]["limit"] == 50_000
    shop.move_to(CHARGED)
    assert [quantity for _, quantity, _ in _usage_lines(shop)] == [10_001, 10_001]


def test_to_free_the_cut_period_is_billed_with_the_change(shop: Shop) -> None:
    """30 of 31 days are left: hu(2999*30/31) = 2902."""
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.advance(days=1)
    shop.change(FREE)
    assert shop.invoices()[-1]["total"] == 300 - 2_902
    assert shop.use(1).body["quota"]["limit"] == 1_000


def test_sb2_after_a_cancellation_the_free_quota_counts_only_what_comes_after(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(40_000)
    shop.advance(days=1)
    shop.cancel(at_period_end=False)
    quota = shop.use(5).body["quota"]
    assert (quota["limit"], quota["used"], quota["exceeded"]) == (1_000, 5, False)


def test_the_free_quota_counts_what_came_before_and_after_a_paid_plan(shop: Shop) -> None:
    """Rules A13: 100 before and 1 after it, in the same month; what Pro covered is not free use."""
    shop.use(100)
    shop.advance(days=1)
    shop.subscribe(PRO)
    shop.use(5_000)
    shop.advance(days=1)
    shop.cancel(at_period_end=False)
    quota = shop.use(1).body["quota"]
    assert (quota["limit"], quota["used"]) == (1_000, 101)


def test_an_incomplete_subscription_grants_nothing_until_it_is_paid(shop: Shop) -> None:
    """Rules 5.3: access only in trialing, active and past_due."""
    intent = shop.subscribe(PRO, None).body["latest_payment_intent"]["payment_intent_id"]
    assert shop.use(10).body["quota"]["limit"] == 1_000
    shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": "pm_card_visa"})
    quota = shop.use(10).body["quota"]
    assert (quota["limit"], quota["used"]) == (50_000, 20)


@pytest.mark.parametrize(
    ("steps", "events"),
    [
        ([799], []),
        ([800], ["usage.quota_warning"]),
        ([799, 1, 199], ["usage.quota_warning"]),
        ([800, 199, 1, 500], ["usage.quota_warning", "usage.quota_exceeded"]),
        ([1_000_000], ["usage.quota_warning", "usage.quota_exceeded"]),
    ],
)
def test_qu4_notices_come_once_at_80_and_100_per_cent(
    shop: Shop, news: Recorder, steps: list[int], events: list[str]
) -> None:
    for quantity in steps:
        shop.use(quantity)
    assert news.types() == events


def test_qu4_the_notice_carries_the_quota_and_comes_again_next_period(shop: Shop) -> None:
    shop.use(900)
    told = shop.last_event("usage.quota_warning")
    assert (told["metric"], told["limit"], told["used"]) == ("api_calls", 1_000, 900)
    shop.move_to("2024-02-02T00:00:00+00:00")
    news = Recorder(shop)
    shop.use(900)
    assert news.types() == ["usage.quota_warning"]


def _spans(limits: list[int | None]) -> list[QuotaSpan]:
    return [
        QuotaSpan(
            start=START + timedelta(days=n), end=START + timedelta(days=n + 1), limit=limit, unit_price=1
        )
        for n, limit in enumerate(limits)
    ]


@pytest.mark.parametrize(
    ("limits", "used", "beyond"),
    [
        ([50], [60], [10]),
        ([50, 200], [60, 150], [10, 10]),
        ([50, None], [60, 10**6], [10, 0]),
        ([200, 50], [60, 10], [0, 10]),
        ([50, 50], [50, 0], [0, 0]),
    ],
)
def test_qu6_what_lies_beyond_limits_that_follow_each_other(
    limits: list[int | None], used: list[int], beyond: list[int]
) -> None:
    assert units_beyond(_spans(limits), used) == beyond


@given(limit=st.integers(0, 10**6), used=st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_inv19_the_same_limit_in_many_spans_bills_as_in_one(limit: int, used: list[int]) -> None:
    assert sum(units_beyond(_spans([limit] * len(used)), used)) == max(0, sum(used) - limit)
