"""What was used beyond the quota, at each of the ends that a period can have (rules QU-5, US-6, CN-3)."""

from __future__ import annotations

import pytest

from .shop import BAD, CHALLENGED, ENTERPRISE, FAILS_LATER, FREE, GOOD, PRO, Shop

HALF = "2024-02-12T12:00:00+00:00"
PERIOD_END = "2024-02-28T00:00:00+00:00"


def _totals(shop: Shop) -> list[int]:
    return [invoice["total"] for invoice in shop.invoices()]


def test_qu5_in_its_hour_the_renewals_draft_shows_the_overage_so_far(shop: Shop) -> None:
    """60,000 calls are 10,000 beyond Pro's quota, at a cent each."""
    shop.subscribe(PRO)
    shop.use(60_000)
    shop.move_to(PERIOD_END)
    draft = shop.invoices()[-1]
    assert (draft["status"], draft["total"]) == ("draft", 2_999 + 10_000)


def test_qu5_use_in_the_hour_of_the_draft_belongs_to_the_new_period(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(PERIOD_END)
    shop.use(60_000)
    shop.move_to("2024-02-28T01:00:00+00:00")
    assert _totals(shop) == [2_999, 2_999]
    shop.move_to("2024-03-28T01:00:00+00:00")
    assert _totals(shop)[2:] == [2_999 + 10_000]


def test_qu5_a_new_interval_bills_the_period_that_it_cuts_short_and_no_renewal_does_again(shop: Shop) -> None:
    """Half of 2,999 is credited (1,500), 300 beyond 50,000 are billed with the year."""
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.move_to(HALF)
    shop.change(ENTERPRISE)
    assert _totals(shop) == [2_999, 299_900 - 1_500 + 300]
    shop.move_to("2025-02-12T14:00:00+00:00")
    assert _totals(shop)[2:] == [299_900]


@pytest.mark.parametrize(("method", "status"), [(BAD, 402), (CHALLENGED, 202)])
def test_ch5_overage_on_the_void_invoice_of_a_change_that_was_not_paid_is_billed_by_the_renewal(
    shop: Shop, method: str, status: int
) -> None:
    """The change was declined, or nobody authenticated it within 23 hours."""
    shop.set_balance(2_999)
    shop.subscribe(PRO, method)
    shop.use(50_300)
    shop.move_to(HALF)
    assert shop.change(ENTERPRISE).status == status
    shop.move_to("2024-02-28T01:00:00+00:00")
    changed, renewal = shop.invoices()[1:]
    assert (changed["status"], renewal["total"]) == ("void", 2_999 + 300)


def test_us6_late_use_after_a_change_adds_only_itself_to_the_next_invoice(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.move_to(HALF)
    shop.change(ENTERPRISE)
    shop.use(5, "2024-02-12T11:00:00Z")
    shop.move_to("2025-02-12T14:00:00+00:00")
    assert _totals(shop)[2:] == [299_900 + 5]


def test_us6_late_use_adds_only_itself_to_what_the_hour_of_the_draft_brought(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_000)
    shop.move_to(PERIOD_END)
    shop.use(300, "2024-02-27T23:00:00Z")
    shop.move_to("2024-02-28T01:00:00+00:00")
    shop.use(5, "2024-02-27T22:00:00Z")
    shop.move_to("2024-03-28T01:00:00+00:00")
    assert _totals(shop)[1:] == [2_999 + 300, 2_999 + 5]


@pytest.mark.parametrize("plan", [ENTERPRISE, FREE])
def test_us6_use_of_a_period_that_a_change_has_billed_is_late(shop: Shop, plan: str) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    assert shop.use(1, "2024-02-12T11:00:00Z").body["late"] is False
    shop.change(plan)
    assert shop.use(1, "2024-02-12T11:00:00Z").body["late"] is True
    assert shop.use(1).body["late"] is False


def test_qu5_a_preview_names_the_overage_that_the_change_would_bill(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.move_to(HALF)
    preview = shop.post("/subscriptions/me/change/preview", {"new_plan_id": ENTERPRISE})
    assert preview.body["total"] == 299_900 - 1_500 + 300
    usage = preview.body["lines"][-1]
    assert (usage["quantity"], usage["unit_price"], usage["amount"]) == (300, 1, 300)


def test_cn3_the_last_usage_is_the_subscriptions_latest_invoice(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.move_to(HALF)
    sub = shop.cancel(at_period_end=False).body
    last = shop.invoices()[-1]
    assert (last["total"], last["status"]) == (300, "paid")
    assert sub["latest_invoice_id"] == last["invoice_id"]


@pytest.mark.parametrize("method", [CHALLENGED, FAILS_LATER])
def test_cn3_last_usage_that_cannot_be_charged_stays_open_and_is_not_chased(shop: Shop, method: str) -> None:
    """Nobody is there to authenticate; no retry is planned, and no intent waits for the customer."""
    _subscribed_with_usage(shop, method)
    shop.advance(days=1)
    shop.cancel(at_period_end=False)
    _assert_left_open(shop)


@pytest.mark.parametrize("method", [CHALLENGED, FAILS_LATER])
def test_cn2_the_same_an_hour_after_the_end_of_the_period(shop: Shop, method: str) -> None:
    _subscribed_with_usage(shop, method)
    shop.cancel()
    shop.move_to("2024-02-28T01:00:00+00:00")
    _assert_left_open(shop)


def _subscribed_with_usage(shop: Shop, method: str) -> None:
    """Paid once, with the customer there; 300 calls beyond the quota are to be charged without."""
    intent = shop.subscribe(PRO, method).body["latest_payment_intent"]
    if intent:
        shop.authenticate(intent["payment_intent_id"], "success")
    assert shop.subscription()["status"] == "active"
    shop.use(50_300)


def _assert_left_open(shop: Shop) -> None:
    first, last = shop.invoices()
    assert (first["total"], first["status"]) == (2_999, "paid")
    assert (last["total"], last["status"], last["next_payment_attempt"]) == (300, "open", None)
    assert shop.subscription()["latest_payment_intent"] is None


def test_5_3_who_pays_an_unpaid_subscription_has_its_plans_quota_again(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.advance(days=46)
    assert (shop.subscription()["status"], shop.use(1).body["quota"]["limit"]) == ("unpaid", 1_000)
    for invoice in shop.invoices():
        if invoice["status"] == "open":
            shop.post(f"/billing/invoices/{invoice['invoice_id']}/pay", {"payment_method_id": GOOD})
    assert (shop.subscription()["status"], shop.use(1).body["quota"]["limit"]) == ("active", 50_000)


def _counted_from(shop: Shop, at: str | None = None) -> tuple[str, str, int]:
    quota = shop.use(1, at).body["quota"]
    return quota["period_start"], quota["period_end"], quota["used"]


def test_a13_free_use_is_counted_by_the_calendar_month_whatever_the_time_of_day(shop: Shop) -> None:
    shop.advance(hours=10, seconds=1_815)
    assert _counted_from(shop) == ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", 1)


def test_sb6_so_is_that_of_a_subscription_to_free(shop: Shop) -> None:
    shop.subscribe(FREE, None)
    shop.advance(days=10)
    assert _counted_from(shop) == ("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", 1)


def test_a13_what_was_used_in_the_next_month_does_not_count_in_the_free_month_before(shop: Shop) -> None:
    """A paid plan begins on 10 February; January was free, and so were nine days of February."""
    shop.use(1)
    shop.move_to("2024-02-05T00:00:00+00:00")
    shop.use(10)
    shop.move_to("2024-02-10T00:00:00+00:00")
    shop.subscribe(PRO)
    assert _counted_from(shop, "2024-01-28T12:00:00Z") == (
        "2024-01-01T00:00:00Z",
        "2024-02-01T00:00:00Z",
        2,
    )
    assert _counted_from(shop, "2024-02-06T00:00:00Z")[2] == 11
