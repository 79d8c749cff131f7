"""Cancelling and taking it back (rules 5.5, state table rows to `canceled`)."""

from __future__ import annotations

import pytest

from .shop import FAILS_LATER, GOOD, PRO, Recorder, Shop

HALF = "2024-02-12T12:00:00+00:00"


def test_cn2_at_period_end_is_the_default_and_only_sets_the_flag(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.advance(days=1)
    news = Recorder(shop)
    got = shop.cancel(reason="switching_to_competitor")
    assert got.status == 200
    assert {
        "status": "active",
        "cancel_at_period_end": True,
        "canceled_at": "2024-01-29T00:00:00Z",
        "ended_at": None,
        "cancellation_reason": "switching_to_competitor",
    }.items() <= got.body.items()
    assert news.types() == ["subscription.updated"]
    assert shop.world.events[-1].previous == {"cancel_at_period_end": False}


def test_cn1_an_empty_request_cancels_at_period_end(shop: Shop) -> None:
    shop.subscribe(PRO)
    assert shop.post("/subscriptions/me/cancel").body["cancel_at_period_end"] is True


def test_cn2_the_status_and_the_event_change_at_the_end_of_the_period(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel()
    assert shop.move_to("2024-02-27T23:59:59+00:00") == []
    assert shop.advance(seconds=1) == ["subscription.canceled"]
    sub = shop.subscription()
    assert (sub["status"], sub["ended_at"], sub["canceled_at"]) == (
        "canceled",
        "2024-02-28T00:00:00Z",
        "2024-01-28T00:00:00Z",
    )
    assert shop.advance(days=90) == []
    assert len(shop.invoices()) == 1


def test_cn2_repeating_keeps_the_first_time_and_tells_nothing(shop: Shop) -> None:
    shop.subscribe(PRO)
    first = shop.cancel().body
    shop.advance(days=2)
    news = Recorder(shop)
    again = shop.cancel(reason="again")
    assert (again.status, again.body) == (200, first)
    assert news.types() == []


def test_cn3_immediately_is_now_without_refund_or_credit(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    news = Recorder(shop)
    got = shop.cancel(at_period_end=False, reason="done")
    assert (got.body["status"], got.body["ended_at"]) == ("canceled", "2024-02-12T12:00:00Z")
    assert news.types() == ["subscription.canceled"]
    assert (shop.balance(), shop.balance("external:card")) == (0, -2999)
    assert shop.advance(days=90) == []


def test_cn3_with_proration_half_of_2999_goes_to_the_customer_balance(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    shop.cancel(at_period_end=False, prorate=True)
    assert shop.balance() == 1500
    assert shop.invoices()[-1]["total"] == -1500


def test_cn3_pending_retries_stop_and_open_invoices_stay_open(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to("2024-02-28T02:00:00+00:00")
    shop.cancel(at_period_end=False)
    assert shop.advance(days=20) == []
    invoice = shop.invoices()[-1]
    assert (invoice["status"], invoice["attempt_count"], invoice["next_payment_attempt"]) == ("open", 1, None)


def test_cn3_an_open_invoice_of_a_canceled_subscription_can_be_paid_and_revives_nothing(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to("2024-02-28T02:00:00+00:00")
    shop.cancel(at_period_end=False)
    invoice_id = shop.invoices()[-1]["invoice_id"]
    got = shop.post(f"/billing/invoices/{invoice_id}/pay", {"payment_method_id": GOOD})
    assert (got.status, got.body["status"]) == (200, "paid")
    assert shop.subscription()["status"] == "canceled"


def test_qu5_within_the_hour_the_draft_is_charged_first(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to("2024-02-28T00:30:00+00:00")
    shop.cancel(at_period_end=False)
    assert [(i["status"], i["total"]) for i in shop.invoices()] == [("paid", 2999), ("paid", 2999)]
    assert shop.subscription()["status"] == "canceled"


@pytest.mark.parametrize("at_period_end", [True, False])
def test_cn4_incomplete_expires_at_once(shop: Shop, at_period_end: bool) -> None:
    shop.subscribe(PRO, None)
    got = shop.cancel(at_period_end=at_period_end)
    assert (got.status, got.body["status"]) == (200, "incomplete_expired")
    assert shop.invoices()[0]["status"] == "void"
    [intent] = shop.get("/payments/history").body["data"]
    assert intent["status"] == "canceled"


def test_cn4_what_was_never_paid_keeps_why_it_was_canceled_and_waits_for_nothing(shop: Shop) -> None:
    shop.subscribe(PRO, None)
    sub = shop.cancel(reason="too dear").body
    assert (sub["status"], sub["cancellation_reason"]) == ("incomplete_expired", "too dear")
    assert sub["latest_payment_intent"] is None


@pytest.mark.parametrize(("state", "days"), [("past_due", 33), ("unpaid", 46)])
def test_cn4_a_debtor_may_cancel_at_period_end(shop: Shop, state: str, days: int) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.advance(days=days)
    assert shop.subscription()["status"] == state
    end = shop.cancel().body["current_period_end"]
    shop.move_to(end.replace("Z", "+00:00"))
    sub = shop.subscription()
    assert (sub["status"], sub["ended_at"]) == ("canceled", end)


@pytest.mark.parametrize("action", ["cancel", "resume", "pause"])
def test_what_has_ended_stays_ended(shop: Shop, action: str) -> None:
    """Invariant 10."""
    shop.subscribe(PRO)
    shop.cancel(at_period_end=False)
    got = shop.post(f"/subscriptions/me/{action}")
    assert (got.status, got.code) == (409, "subscription_not_active")


def test_cn5_a_scheduled_cancellation_can_be_taken_back(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel(reason="x")
    news = Recorder(shop)
    got = shop.post("/subscriptions/me/resume")
    assert (got.status, got.body["cancel_at_period_end"], got.body["canceled_at"]) == (200, False, None)
    assert news.types() == ["subscription.updated"]
    assert shop.world.events[-1].previous == {"cancel_at_period_end": True}
    assert "subscription.renewed" in shop.advance(days=31)


def test_cn5_nothing_to_resume_is_a_conflict(shop: Shop) -> None:
    shop.subscribe(PRO)
    got = shop.post("/subscriptions/me/resume")
    assert (got.status, got.code) == (409, "subscription_not_scheduled_to_cancel")
    assert got.body["context"] == {"status": "active"}


def test_a_reason_has_500_characters_at_most(shop: Shop) -> None:
    """Rules CN-1, M-12."""
    shop.subscribe(PRO)
    got = shop.cancel(reason="x" * 501)
    assert (got.status, got.code) == (422, "too_long")
    assert shop.cancel(reason="x" * 500).status == 200


def test_without_a_subscription_there_is_nothing_to_cancel(shop: Shop) -> None:
    assert (shop.cancel().status, shop.cancel().code) == (404, "subscription_not_found")
