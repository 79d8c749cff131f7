"""Trials (rules SB-5, 5.3 rows of `trialing`)."""

from __future__ import annotations

import pytest

from .shop import BAD, CHALLENGED, FREE, GOOD, PRO, Recorder, Shop

TRIAL_END = "2024-02-11T00:00:00+00:00"


def test_sb5_a_trial_charges_nothing_and_makes_no_invoice(shop: Shop, news: Recorder) -> None:
    got = shop.subscribe(PRO, GOOD, trial_days=14)
    assert (got.status, got.body["status"], got.body["trial_end"]) == (
        201,
        "trialing",
        "2024-02-11T00:00:00Z",
    )
    assert got.body["current_period_end"] == "2024-02-11T00:00:00Z"
    assert news.types() == ["subscription.created"]
    assert shop.invoices() == []


def test_three_days_before_its_end_it_is_announced(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=14)
    assert shop.move_to("2024-02-07T23:59:59+00:00") == []
    assert shop.advance(seconds=1) == ["subscription.trial_will_end"]


def test_a_trial_shorter_than_the_notice_is_announced_at_once(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=2)
    assert shop.advance(seconds=0) == ["subscription.trial_will_end"]


def test_at_its_end_the_first_period_is_charged_and_anchored_there(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=14)
    shop.move_to("2024-02-10T00:00:00+00:00")
    assert shop.move_to(TRIAL_END) == [
        "invoice.created",
        "invoice.finalized",
        "payment.created",
        "payment.succeeded",
        "invoice.paid",
        "subscription.updated",
    ]
    sub = shop.subscription()
    assert (sub["status"], sub["billing_cycle_anchor"], sub["current_period_end"]) == (
        "active",
        "2024-02-11T00:00:00Z",
        "2024-03-11T00:00:00Z",
    )
    assert shop.world.events[-1].previous == {"status": "trialing"}


def test_at_its_end_a_decline_is_past_due_and_dunned(shop: Shop) -> None:
    shop.subscribe(PRO, BAD, trial_days=14)
    shop.move_to("2024-02-10T00:00:00+00:00")
    assert shop.move_to(TRIAL_END) == [
        "invoice.created",
        "invoice.finalized",
        "payment.created",
        "payment.failed",
        "invoice.payment_failed",
        "subscription.updated",
    ]
    assert shop.subscription()["status"] == "past_due"
    assert shop.invoices()[-1]["next_payment_attempt"] == "2024-02-12T00:00:00Z"
    invoice = shop.invoices()[-1]["invoice_id"]
    shop.post(f"/billing/invoices/{invoice}/pay", {"payment_method_id": GOOD})
    assert shop.subscription()["status"] == "active"


def test_du2_at_its_end_nobody_is_there_to_authenticate(shop: Shop) -> None:
    """Rules DU-2: a card that needs its holder is declined off-session."""
    shop.subscribe(PRO, CHALLENGED, trial_days=14)
    shop.move_to(TRIAL_END)
    assert shop.subscription()["status"] == "past_due"


def test_qu1_the_first_paid_period_counts_its_own_use(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=14)
    shop.use(5)
    shop.move_to(TRIAL_END)
    quota = shop.use(1).body["quota"]
    assert (quota["limit"], quota["used"]) == (50_000, 1)
    assert (quota["period_start"], quota["period_end"]) == ("2024-02-11T00:00:00Z", "2024-03-11T00:00:00Z")


def test_a_trial_by_an_unknown_method_is_refused(shop: Shop) -> None:
    got = shop.subscribe(PRO, "pm_none", trial_days=14)
    assert (got.status, got.code, got.body["param"]) == (404, "payment_method_not_found", "payment_method_id")


def test_at_its_end_without_a_method_it_is_paused(shop: Shop) -> None:
    shop.subscribe(PRO, None, trial_days=14)
    shop.move_to("2024-02-10T00:00:00+00:00")
    assert shop.move_to(TRIAL_END) == ["subscription.updated"]
    assert (shop.subscription()["status"], shop.invoices()) == ("paused", [])


def test_paused_for_want_of_a_method_it_goes_on_when_one_pays(shop: Shop) -> None:
    shop.subscribe(PRO, None, trial_days=14)
    shop.move_to("2024-02-20T00:00:00+00:00")
    without = shop.post("/subscriptions/me/resume")
    assert (without.status, without.code) == (422, "payment_method_required")
    declined = shop.post("/subscriptions/me/resume", {"payment_method_id": BAD})
    assert (declined.status, shop.subscription()["status"]) == (402, "paused")
    got = shop.post("/subscriptions/me/resume", {"payment_method_id": GOOD})
    assert (got.status, got.body["status"]) == (200, "active")
    assert (got.body["billing_cycle_anchor"], got.body["current_period_end"]) == (
        "2024-02-20T00:00:00Z",
        "2024-03-20T00:00:00Z",
    )
    assert shop.invoices()[-1]["amount_paid"] == 2999
    shop.move_to("2024-03-20T01:00:00+00:00")
    assert shop.invoices()[-1]["amount_paid"] == 2999


def test_a_resumption_that_needs_the_cards_holder_waits_for_it(shop: Shop) -> None:
    shop.subscribe(PRO, None, trial_days=14)
    shop.move_to("2024-02-20T00:00:00+00:00")
    got = shop.post("/subscriptions/me/resume", {"payment_method_id": "pm_card_threeDSecure2Required"})
    assert (got.status, got.body["status"]) == (202, "paused")
    shop.authenticate(got.body["latest_payment_intent"]["payment_intent_id"], "success")
    sub = shop.subscription()
    assert (sub["status"], shop.event_types()[-1]) == ("active", "subscription.resumed")
    assert sub["latest_payment_intent"] is None
    assert shop.use(1).body["quota"]["limit"] == 50_000


def test_sb5_a_trial_is_once_in_a_lifetime(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=1)
    shop.cancel(at_period_end=False)
    got = shop.subscribe(PRO, GOOD, trial_days=1)
    assert (got.status, got.code) == (409, "trial_already_used")
    assert shop.subscribe(PRO, GOOD).status == 201


@pytest.mark.parametrize("days", [-1, 31, "7", 1.5, True])
def test_sb5_trial_days_are_0_to_30(shop: Shop, days: object) -> None:
    assert shop.subscribe(PRO, GOOD, trial_days=days).status == 422
    assert shop.get("/subscriptions/me").status == 404


def test_a_trial_canceled_at_its_end_is_never_charged(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=14)
    shop.cancel()
    shop.move_to("2024-02-10T00:00:00+00:00")
    assert shop.move_to(TRIAL_END) == ["subscription.canceled"]
    assert shop.invoices() == []


def test_a_trial_of_the_free_plan_just_goes_on(shop: Shop) -> None:
    shop.subscribe(FREE, None, trial_days=3)
    shop.move_to("2024-03-15T00:00:00+00:00")
    assert (shop.subscription()["status"], shop.invoices()) == ("active", [])


def test_use_in_a_trial_is_never_billed(shop: Shop) -> None:
    """Rules SB-5: no charge."""
    shop.subscribe(PRO, GOOD, trial_days=14)
    assert shop.use(60_000).body["quota"]["limit"] == 50_000
    shop.move_to(TRIAL_END)
    assert [line["amount"] for line in shop.invoices()[-1]["items"]] == [2999]
    shop.move_to("2024-03-11T01:00:00+00:00")
    assert [line["amount"] for line in shop.invoices()[-1]["items"]] == [2999]
