"""Pausing and resuming (rules 5.3 rows of `paused`)."""

from __future__ import annotations

import pytest

from .shop import BAD, CHALLENGED, FAILS_LATER, GOOD, PRO, Recorder, Shop

HALF = "2024-02-12T12:00:00+00:00"


def test_a_pause_stops_the_periods_clock(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    got = shop.post("/subscriptions/me/pause")
    assert (got.status, got.body["status"]) == (200, "paused")
    assert shop.event_types()[-1] == "subscription.paused"
    assert shop.advance(days=100) == []
    assert shop.subscription()["status"] == "paused"


def test_a_resumption_gives_the_rest_of_the_period_and_a_new_anchor(shop: Shop) -> None:
    """Half of a period of 31 days is left: 15 days and 12 hours."""
    shop.subscribe(PRO)
    shop.move_to(HALF)
    shop.post("/subscriptions/me/pause")
    shop.move_to("2024-03-01T00:00:00+00:00")
    news = Recorder(shop)
    sub = shop.post("/subscriptions/me/resume").body
    assert (sub["status"], sub["current_period_end"], sub["billing_cycle_anchor"]) == (
        "active",
        "2024-03-16T12:00:00Z",
        "2024-03-16T12:00:00Z",
    )
    assert news.types() == ["subscription.resumed"]
    shop.move_to("2024-03-16T13:00:00+00:00")
    assert shop.subscription()["current_period_end"] == "2024-04-16T12:00:00Z"
    assert [invoice["total"] for invoice in shop.invoices()] == [2999, 2999]


def test_a_change_after_a_pause_credits_what_is_left_and_no_more(shop: Shop) -> None:
    """A quarter of the charge is left: 7 days 18 hours of 31 days, hu(2999/4) = 750."""
    shop.subscribe(PRO)
    shop.move_to(HALF)
    shop.post("/subscriptions/me/pause")
    shop.move_to("2024-03-01T00:00:00+00:00")
    shop.post("/subscriptions/me/resume")
    shop.move_to("2024-03-08T18:00:00+00:00")
    shop.cancel(at_period_end=False, prorate=True)
    assert shop.balance() == 750


def test_a_paused_trial_goes_on_without_charge_until_its_rest_is_used(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=14)
    shop.move_to("2024-02-01T00:00:00+00:00")
    shop.post("/subscriptions/me/pause")
    assert shop.move_to("2024-03-01T00:00:00+00:00") == []
    sub = shop.post("/subscriptions/me/resume").body
    assert (sub["status"], sub["current_period_end"]) == ("active", "2024-03-11T00:00:00Z")
    assert shop.invoices() == []
    shop.move_to("2024-03-11T01:00:00+00:00")
    assert [invoice["total"] for invoice in shop.invoices()] == [2999]


def test_a_pause_in_the_hour_of_the_draft_pays_it_first(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to("2024-02-28T00:20:00+00:00")
    shop.post("/subscriptions/me/pause")
    assert (shop.subscription()["status"], shop.invoices()[-1]["status"]) == ("paused", "paid")


def test_a_pause_whose_draft_cannot_be_paid_is_refused(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to("2024-02-28T00:20:00+00:00")
    assert shop.post("/subscriptions/me/pause").status == 402
    assert shop.subscription()["status"] == "past_due"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("incomplete", "subscription_not_active"),
        ("past_due", "subscription_past_due"),
        ("paused", "subscription_not_active"),
    ],
)
def test_states_that_cannot_be_paused(shop: Shop, state: str, code: str) -> None:
    shop.subscribe(PRO, None if state == "incomplete" else FAILS_LATER)
    if state == "past_due":
        shop.advance(days=33)
    if state == "paused":
        shop.post("/subscriptions/me/pause")
    got = shop.post("/subscriptions/me/pause")
    assert (got.status, got.code) == (409, code)


def test_a_paused_subscription_can_be_canceled_now(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.post("/subscriptions/me/pause")
    assert shop.cancel(at_period_end=False).body["status"] == "canceled"
    assert shop.advance(days=60) == []


@pytest.mark.parametrize("paused_for", [1, 200])
def test_cn3_what_a_pause_kept_of_the_period_is_credited_by_a_prorated_end(
    shop: Shop, paused_for: int
) -> None:
    """15.5 of 31 days were left, half of 2,999 is 1,500, however long the pause lasted."""
    shop.subscribe(PRO)
    shop.move_to("2024-02-12T12:00:00+00:00")
    shop.post("/subscriptions/me/pause")
    shop.advance(days=paused_for)
    shop.cancel(at_period_end=False, prorate=True)
    assert shop.balance() == 1_500


def test_cn3_a_trial_that_paused_for_want_of_a_method_has_nothing_to_credit(shop: Shop) -> None:
    _paused_for_want_of_a_method(shop)
    shop.cancel(at_period_end=False, prorate=True)
    assert (shop.balance(), shop.invoices()) == (0, [])


def test_a_scheduled_cancellation_waits_for_the_resumed_period_to_end(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel()
    shop.post("/subscriptions/me/pause")
    shop.advance(days=40)
    assert shop.post("/subscriptions/me/resume").body["cancel_at_period_end"] is True
    assert shop.advance(days=31) == ["subscription.canceled"]


def test_while_paused_only_the_free_quota_is_in_force(shop: Shop) -> None:
    """Rules 5.3: access only in trialing, active and past_due; the plan's own count goes on afterwards."""
    shop.subscribe(PRO)
    shop.use(40_000)
    shop.advance(days=1)
    shop.post("/subscriptions/me/pause")
    assert shop.use(10).body["quota"]["limit"] == 1_000
    shop.advance(days=1)
    shop.post("/subscriptions/me/resume")
    quota = shop.use(1).body["quota"]
    assert (quota["limit"], quota["used"]) == (50_000, 40_001)


def test_what_was_used_before_a_pause_is_billed_when_the_period_ends(shop: Shop) -> None:
    """300 beyond Pro's 50,000 at 1 each; the 31 days of the period end five days later for the pause."""
    shop.subscribe(PRO)
    shop.use(50_300)
    shop.advance(days=10)
    shop.post("/subscriptions/me/pause")
    shop.advance(days=5)
    shop.post("/subscriptions/me/resume")
    shop.move_to("2024-03-04T01:00:00+00:00")
    assert [invoice["total"] for invoice in shop.invoices()] == [2_999, 2_999 + 300]


def _paused_for_want_of_a_method(shop: Shop) -> None:
    """A trial that ended on 11 February with nothing to charge (rules 5.3)."""
    shop.subscribe(PRO, None, trial_days=14)
    shop.move_to("2024-02-11T00:00:00+00:00")
    assert shop.subscription()["status"] == "paused"


def _resume(shop: Shop, method: str) -> int:
    return shop.post("/subscriptions/me/resume", {"payment_method_id": method}).status


def test_a_trial_that_paused_goes_on_with_paid_periods_from_its_resumption(shop: Shop) -> None:
    _paused_for_want_of_a_method(shop)
    assert _resume(shop, GOOD) == 200
    sub = shop.subscription()
    assert (sub["status"], sub["current_period_end"]) == ("active", "2024-03-11T00:00:00Z")
    shop.move_to("2024-03-11T01:00:00+00:00")
    assert shop.subscription()["current_period_end"] == "2024-04-11T00:00:00Z"
    assert [invoice["total"] for invoice in shop.invoices()] == [2_999, 2_999]


def test_ch1_unused_time_of_a_resumed_trials_first_period_is_credited(shop: Shop) -> None:
    """29 days from 11 February to 11 March; after half of them hu(2999/2) = 1500 are left."""
    _paused_for_want_of_a_method(shop)
    _resume(shop, GOOD)
    shop.advance(days=14, hours=12)
    shop.cancel(at_period_end=False, prorate=True)
    assert shop.balance() == 1_500


def test_a_resumption_whose_charge_is_declined_leaves_nothing_behind(shop: Shop) -> None:
    _paused_for_want_of_a_method(shop)
    assert _resume(shop, BAD) == 402
    assert (shop.subscription()["status"], shop.invoices()) == ("paused", [])


def test_a_resumption_that_waited_for_the_customer_is_void_once_another_is_asked_for(shop: Shop) -> None:
    _paused_for_want_of_a_method(shop)
    assert _resume(shop, CHALLENGED) == 202
    assert _resume(shop, GOOD) == 200
    assert [invoice["status"] for invoice in shop.invoices()] == ["void", "paid"]
    assert shop.subscription()["status"] == "active"


def test_a_resumption_whose_invoice_is_voided_waits_for_nobody(shop: Shop) -> None:
    _paused_for_want_of_a_method(shop)
    _resume(shop, CHALLENGED)
    assert shop.subscription()["latest_payment_intent"]["status"] == "requires_action"
    shop.post(f"/billing/invoices/{shop.invoices()[-1]['invoice_id']}/void", user="admin")
    sub = shop.subscription()
    assert (sub["status"], sub["latest_payment_intent"]) == ("paused", None)
