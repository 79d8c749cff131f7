"""What a subscription, its invoice and its refusals show once something has happened (rules SB-1, 8.3)."""

from __future__ import annotations

from typing import Any

import pytest

from .shop import CHALLENGED, ENTERPRISE, FAILS_LATER, GOOD, PLUS, PRO, Shop

HALF = "2024-02-12T12:00:00+00:00"


def _previous(shop: Shop) -> Any:
    return shop.world.events[-1].previous


def _cancelable(shop: Shop) -> dict[str, Any]:
    sub = shop.subscription()
    return {name: sub[name] for name in ("cancel_at_period_end", "canceled_at", "cancellation_reason")}


@pytest.mark.parametrize("plan", [PLUS, ENTERPRISE])
def test_ch1_the_lines_of_a_change_name_the_time_that_they_are_for(shop: Shop, plan: str) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    sub = shop.change(plan).body
    credit, charge = shop.invoices()[-1]["items"]
    assert (credit["period_start"], credit["period_end"]) == ("2024-02-12T12:00:00Z", "2024-02-28T00:00:00Z")
    assert (charge["period_start"], charge["period_end"]) == (
        "2024-02-12T12:00:00Z",
        sub["current_period_end"],
    )


def test_cn5_taking_a_cancellation_back_takes_its_reason_back(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel(reason="too dear")
    shop.post("/subscriptions/me/resume")
    assert _cancelable(shop) == {
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_reason": None,
    }


def test_cn3_an_end_without_a_reason_keeps_the_one_that_was_given_when_it_was_planned(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel(reason="too dear")
    assert shop.cancel(at_period_end=False).body["cancellation_reason"] == "too dear"


def test_cn3_the_reason_of_the_end_itself_comes_first(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel(reason="too dear")
    assert shop.cancel(at_period_end=False, reason="now").body["cancellation_reason"] == "now"


def test_cn3_who_ends_now_has_canceled_now(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.advance(days=1)
    sub = shop.cancel(at_period_end=False).body
    assert (sub["canceled_at"], sub["ended_at"]) == ("2024-01-29T00:00:00Z", "2024-01-29T00:00:00Z")


def test_cn3_an_end_that_was_planned_keeps_when_it_was(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel()
    shop.advance(days=1)
    sub = shop.cancel(at_period_end=False).body
    assert (sub["canceled_at"], sub["ended_at"]) == ("2024-01-28T00:00:00Z", "2024-01-29T00:00:00Z")


def test_cn3_a_trial_has_nothing_to_credit(shop: Shop) -> None:
    shop.subscribe(PRO, trial_days=14)
    shop.cancel(at_period_end=False, prorate=True)
    assert (shop.balance(), shop.invoices()) == (0, [])


def test_sb2_of_those_that_have_ended_the_newest_is_shown(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel(at_period_end=False)
    shop.advance(days=1)
    second = shop.subscribe(PRO).body["subscription_id"]
    shop.cancel(at_period_end=False)
    assert shop.subscription()["subscription_id"] == second


def test_ch1_a_change_that_was_charged_is_the_latest_invoice(shop: Shop) -> None:
    shop.subscribe(PRO)
    sub = shop.change(PLUS).body
    assert sub["latest_invoice_id"] == shop.invoices()[-1]["invoice_id"]


def test_ch4_a_change_that_costs_nothing_leaves_the_latest_invoice(shop: Shop) -> None:
    first = shop.subscribe(PRO).body["latest_invoice_id"]
    assert shop.change(PLUS, prorate=False).body["latest_invoice_id"] == first


def test_ch9_what_a_trials_declined_charge_cost_is_credited_once_it_was_paid(shop: Shop) -> None:
    shop.subscribe(PRO, CHALLENGED, trial_days=1)
    shop.advance(days=1)
    owed = shop.invoices()[-1]["invoice_id"]
    shop.post(f"/billing/invoices/{owed}/pay", {"payment_method_id": GOOD})
    assert shop.change(PLUS).status == 200
    assert [line["amount"] for line in shop.invoices()[-1]["items"]] == [-2_999, 9_900]


def test_cn4_what_was_never_paid_has_ended_when_it_was_canceled(shop: Shop) -> None:
    shop.subscribe(PRO, None)
    shop.advance(hours=2)
    assert shop.cancel().body["ended_at"] == "2024-01-28T02:00:00Z"
    assert _previous(shop) == {"status": "incomplete"}


def test_5_3_an_incomplete_subscription_cannot_be_resumed(shop: Shop) -> None:
    shop.subscribe(PRO, None)
    got = shop.post("/subscriptions/me/resume")
    assert (got.status, got.code) == (409, "subscription_not_active")
    assert got.body["context"]["status"] == "incomplete"


def test_5_3_a_declined_first_charge_of_a_trial_is_the_latest_invoice(shop: Shop) -> None:
    shop.subscribe(PRO, CHALLENGED, trial_days=1)
    shop.advance(days=1)
    [owed] = shop.invoices()
    assert shop.subscription()["status"] == "past_due"
    assert shop.subscription()["latest_invoice_id"] == owed["invoice_id"]


def test_5_3_recovery_tells_the_status_before(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.advance(days=33)
    shop.post(
        f"/billing/invoices/{shop.invoices()[-1]['invoice_id']}/pay",
        {"payment_method_id": GOOD},
    )
    assert (_previous(shop), shop.subscription()["status"]) == ({"status": "past_due"}, "active")


def test_bl9_a_bank_debit_on_its_way_is_named_in_the_refusal(shop: Shop) -> None:
    sub = shop.subscribe(PRO, "pm_bank_success", trial_days=1).body
    shop.advance(days=1)
    got = shop.change(PLUS)
    assert (got.status, got.code) == (409, "payment_intent_unexpected_state")
    assert got.body["context"] == {"status": "processing", "subscription_id": sub["subscription_id"]}


def test_qu5_a_renewal_that_a_change_collects_by_bank_debit_is_shown_as_on_its_way(shop: Shop) -> None:
    shop.subscribe(PRO, "pm_bank_success", trial_days=1)
    shop.move_to("2024-02-29T00:30:00+00:00")
    assert shop.invoices()[-1]["status"] == "draft"
    assert shop.change(PLUS).status == 409
    assert shop.subscription()["latest_payment_intent"]["status"] == "processing"


def test_rf9_a_refund_of_a_change_lowers_the_credit_of_the_next(shop: Shop) -> None:
    """In the same second Plus for the whole period is 9,900; 1,000 of it refunded leaves 8,900 to credit."""
    shop.subscribe(PRO)
    shop.change(PLUS)
    charge = shop.get("/payments/history").body["data"][0]
    assert shop.post(f"/payments/{charge['payment_id']}/refund", {"amount": 1_000}).status == 201
    assert shop.change(PRO).status == 200
    assert [line["amount"] for line in shop.invoices()[-1]["items"]] == [-8_900, 2_999]
