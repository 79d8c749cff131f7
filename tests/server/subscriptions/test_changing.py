"""Changing the plan (rules 5.4), through the service: money, dates, events and what follows."""

from __future__ import annotations

import pytest

from .shop import (
    BAD,
    CHALLENGED,
    ENTERPRISE,
    FAILS_LATER,
    FREE,
    GOOD,
    OTHER,
    PLUS,
    PRO,
    Recorder,
    Shop,
)

HALF = "2024-02-12T12:00:00+00:00"


def test_ch1_half_a_period_to_9900_costs_3450(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    news = Recorder(shop)
    got = shop.change(PLUS)
    assert (got.status, got.body["plan"]["id"]) == (200, PLUS)
    assert got.body["current_period_end"] == "2024-02-28T00:00:00Z"
    invoice = shop.invoices()[-1]
    assert [line["amount"] for line in invoice["items"]] == [-1500, 4950]
    assert (invoice["total"], invoice["amount_paid"]) == (3450, 3450)
    assert invoice["billing_reason"] == "subscription_update"
    assert news.types() == [
        "invoice.created",
        "invoice.finalized",
        "payment.created",
        "payment.succeeded",
        "invoice.paid",
        "subscription.updated",
    ]


def test_ch11_the_update_tells_the_plan_and_status_before(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.change(PLUS)
    previous = shop.world.events[-1].previous
    assert previous is not None
    assert (previous["plan"]["id"], previous["status"]) == (PRO, "active")
    assert shop.world.events[-1].object["plan"]["id"] == PLUS


def test_ch2_pro_to_enterprise_costs_298449_and_starts_a_year(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to("2024-02-13T00:00:00+00:00")
    sub = shop.change(ENTERPRISE).body
    invoice = shop.invoices()[-1]
    assert [line["amount"] for line in invoice["items"]] == [-1451, 299_900]
    assert invoice["total"] == 298_449
    assert (sub["billing_cycle_anchor"], sub["current_period_end"]) == (
        "2024-02-13T00:00:00Z",
        "2025-02-13T00:00:00Z",
    )


def test_ch3_enterprise_to_pro_leaves_157603_for_52_renewals_and_1655(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to("2024-02-13T00:00:00+00:00")
    shop.change(ENTERPRISE)
    shop.move_to("2024-08-01T00:00:00+00:00")
    card = shop.balance("external:card")
    shop.change(PRO)
    invoice = shop.invoices()[-1]
    assert [line["amount"] for line in invoice["items"]] == [-160_602, 2_999]
    assert (invoice["total"], invoice["amount_due"], invoice["status"]) == (-157_603, 0, "paid")
    assert shop.balance() == 157_603
    shop.move_to("2028-12-01T02:00:00+00:00")
    assert (shop.balance(), shop.balance("external:card")) == (1_655, card)
    assert shop.subscription()["status"] == "active"
    shop.move_to("2029-01-01T02:00:00+00:00")
    last = shop.invoices()[-1]
    assert (last["customer_balance_applied"], last["amount_paid"]) == (1_655, 2_999 - 1_655)
    assert (shop.balance(), shop.balance("external:card")) == (0, card - 1_344)


def test_ch4_without_proration_the_price_changes_at_the_next_renewal(shop: Shop) -> None:
    shop.subscribe(PRO)
    news = Recorder(shop)
    assert shop.change(PLUS, prorate=False).body["plan"]["id"] == PLUS
    assert news.types() == ["subscription.updated"]
    shop.move_to("2024-02-28T01:00:00+00:00")
    assert shop.invoices()[-1]["total"] == 9900


def test_ch4_without_proration_another_interval_is_charged_in_full(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    assert shop.change(ENTERPRISE, prorate=False).body["billing_cycle_anchor"] == "2024-02-12T12:00:00Z"
    assert shop.invoices()[-1]["total"] == 299_900


def test_a_free_month_gives_back_nothing_of_the_paid_one_before(shop: Shop) -> None:
    """5.4: the basis is what was charged for the span that runs, and a free month was charged nothing."""
    shop.subscribe(PRO)
    assert shop.change(FREE, prorate=False).status == 200
    shop.move_to("2024-02-28T00:00:00+00:00")
    assert shop.change(PRO).status == 200
    assert [line["amount"] for line in shop.invoices()[-1]["items"]] == [2999]
    assert shop.balance() == 0


def test_ch5_a_declined_change_changes_nothing_and_voids_its_invoice(shop: Shop) -> None:
    shop.set_balance(2_999)
    before = shop.subscribe(PRO, BAD).body
    news = Recorder(shop)
    got = shop.change(ENTERPRISE)
    assert (got.status, got.code) == (402, "card_declined")
    assert "payment_intent_id" in got.body["context"]
    assert {**shop.subscription(), "latest_invoice_id": None} == {**before, "latest_invoice_id": None}
    assert shop.invoices()[-1]["status"] == "void"
    assert news.types() == [
        "invoice.created",
        "invoice.finalized",
        "payment.created",
        "payment.failed",
        "invoice.payment_failed",
        "invoice.voided",
    ]


def _challenged(shop: Shop) -> str:
    """A change that waits for the card's holder; its intent."""
    shop.set_balance(2_999)
    shop.subscribe(PRO, CHALLENGED)
    shop.move_to("2024-02-13T00:00:00+00:00")
    got = shop.change(ENTERPRISE)
    assert (got.status, got.body["plan"]["id"]) == (202, PRO)
    assert got.body["pending_change"]["plan_id"] == ENTERPRISE
    assert got.body["latest_payment_intent"]["status"] == "requires_action"
    assert got.body["latest_invoice_id"] == shop.invoices()[-1]["invoice_id"]
    return str(got.body["latest_payment_intent"]["payment_intent_id"])


def test_ch5_a_3ds_change_is_done_when_it_is_paid_as_of_when_it_was_asked(shop: Shop) -> None:
    intent = _challenged(shop)
    shop.advance(seconds=600)
    news = Recorder(shop)
    shop.authenticate(intent, "success")
    sub = shop.subscription()
    assert (sub["plan"]["id"], sub["pending_change"], sub["latest_payment_intent"]) == (
        ENTERPRISE,
        None,
        None,
    )
    assert sub["current_period_start"] == "2024-02-13T00:00:00Z"
    assert news.types() == ["payment.succeeded", "invoice.paid", "subscription.updated"]


def test_ch5_a_pending_change_is_dropped_after_23_hours(shop: Shop) -> None:
    _challenged(shop)
    shop.advance(hours=23)
    sub = shop.subscription()
    assert (sub["plan"]["id"], sub["pending_change"], sub["status"]) == (PRO, None, "active")
    assert shop.invoices()[-1]["status"] == "void"
    shop.move_to("2024-02-28T02:00:00+00:00")
    assert shop.invoices()[-1]["items"][0]["amount"] == 2999


def test_ch5_a_new_change_replaces_a_pending_one(shop: Shop) -> None:
    _challenged(shop)
    shop.change(FREE)
    assert (shop.subscription()["plan"]["id"], shop.subscription()["pending_change"]) == (FREE, None)
    assert [invoice["status"] for invoice in shop.invoices()] == ["paid", "void", "paid"]


def test_ch6_the_same_plan_and_an_unknown_one_are_refused(shop: Shop) -> None:
    shop.subscribe(PRO)
    assert (shop.change(PRO).status, shop.change(PRO).code) == (409, "already_on_plan")
    assert (shop.change("plan_gold").status, shop.change("plan_gold").code) == (404, "plan_not_found")


def test_ch6_without_a_subscription_there_is_nothing_to_change(shop: Shop) -> None:
    assert (shop.change(PRO).status, shop.change(PRO).code) == (404, "subscription_not_found")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("past_due", "subscription_past_due"),
        ("unpaid", "subscription_not_active"),
        ("incomplete", "subscription_not_active"),
        ("paused", "subscription_not_active"),
        ("canceled", "subscription_not_active"),
    ],
)
def test_ch6_states_that_forbid_a_change(shop: Shop, state: str, code: str) -> None:
    shop.subscribe(PRO, None if state == "incomplete" else FAILS_LATER)
    if state in ("past_due", "unpaid"):
        shop.advance(days=33 if state == "past_due" else 46)
    if state == "paused":
        shop.post("/subscriptions/me/pause")
    if state == "canceled":
        shop.cancel(at_period_end=False)
    sub = shop.subscription()
    assert sub["status"] == state
    got = shop.change(ENTERPRISE)
    assert (got.status, got.code) == (409, code)
    assert got.body["context"] == {"status": state, "subscription_id": sub["subscription_id"]}


def test_ch6_a_trial_switches_without_money(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD, trial_days=14)
    news = Recorder(shop)
    sub = shop.change(ENTERPRISE).body
    assert (sub["status"], sub["plan"]["id"], sub["trial_end"]) == (
        "trialing",
        ENTERPRISE,
        "2024-02-11T00:00:00Z",
    )
    assert news.types() == ["subscription.updated"]
    shop.move_to("2024-02-11T00:00:00+00:00")
    assert shop.invoices()[-1]["total"] == 299_900


def test_ch7_a_scheduled_cancellation_stays_but_not_over_a_new_interval(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.cancel()
    assert shop.change(PLUS).body["cancel_at_period_end"] is True
    changed = shop.change(ENTERPRISE).body
    assert (changed["cancel_at_period_end"], changed["canceled_at"]) == (False, None)


def test_ch8_to_free_from_monthly_keeps_the_period_and_credits_the_rest(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(HALF)
    sub = shop.change(FREE).body
    assert (sub["plan"]["id"], sub["current_period_end"]) == (FREE, "2024-02-28T00:00:00Z")
    assert shop.balance() == 1500
    shop.move_to("2024-05-01T00:00:00+00:00")
    assert len(shop.invoices()) == 2


def test_ch8_to_free_from_annual_starts_a_new_month(shop: Shop) -> None:
    shop.subscribe(ENTERPRISE)
    shop.move_to("2024-03-05T00:00:00+00:00")
    assert shop.change(FREE).body["current_period_end"] == "2024-04-05T00:00:00Z"


def test_ch9_in_the_same_second_the_whole_charge_is_credited(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.change(PLUS)
    assert [line["amount"] for line in shop.invoices()[-1]["items"]] == [-2999, 9900]


def test_ch9_at_the_end_the_renewal_runs_first_and_is_charged_before_the_change(shop: Shop) -> None:
    """Rules QU-5: a change within the hour first finalises and charges the draft."""
    shop.subscribe(PRO)
    shop.move_to("2024-02-28T00:00:00+00:00")
    shop.change(PLUS)
    renewal, change = shop.invoices()[-2:]
    assert (renewal["status"], renewal["total"]) == ("paid", 2999)
    assert [line["amount"] for line in change["items"]] == [-2999, 9900]


def test_qu5_a_change_whose_draft_cannot_be_charged_is_refused_and_past_due(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to("2024-02-28T00:10:00+00:00")
    got = shop.change(ENTERPRISE)
    assert (got.status, got.code) == (402, "card_declined")
    assert (shop.subscription()["status"], shop.subscription()["plan"]["id"]) == ("past_due", PRO)
    assert shop.change(ENTERPRISE).code == "subscription_past_due"


@pytest.mark.parametrize("prorate", [True, False])
@pytest.mark.parametrize("plan", [PLUS, ENTERPRISE, FREE])
def test_ch10_the_preview_is_what_happens(shop: Shop, plan: str, prorate: bool) -> None:
    """Invariant 23."""
    shop.subscribe(PRO)
    shop.set_balance(700)
    shop.move_to("2024-02-09T17:23:45+00:00")
    news = Recorder(shop)
    asked = {"new_plan_id": plan, "prorate": prorate}
    preview = shop.post("/subscriptions/me/change/preview", asked)
    assert (preview.status, news.types()) == (200, [])
    assert preview.body["effective_at"] == "2024-02-09T17:23:45Z"
    before = len(shop.invoices())
    changed = shop.change(plan, prorate=prorate)
    assert changed.body["current_period_end"] == preview.body["period_end"]
    made = shop.invoices()[before:]
    assert preview.body["lines"] == (made[0]["items"] if made else [])
    assert preview.body["total"] == (made[0]["total"] if made else 0)
    assert preview.body["amount_due"] == (made[0]["amount_due"] if made else 0)


def test_ch10_the_preview_in_the_hour_of_the_draft_counts_it_as_paid(shop: Shop) -> None:
    """Its overage too is the draft's, and not once more the change's."""
    shop.subscribe(PRO)
    shop.use(70_000)
    shop.move_to("2024-02-28T00:30:00+00:00")
    preview = shop.post("/subscriptions/me/change/preview", {"new_plan_id": ENTERPRISE}).body
    shop.change(ENTERPRISE)
    assert preview["lines"] == shop.invoices()[-1]["items"]


def test_rf9_credited_time_cannot_be_refunded_as_well(shop: Shop) -> None:
    shop.subscribe(PRO)
    charge = shop.invoices()[0]["payment_intent_id"]
    shop.move_to(HALF)
    shop.change(PLUS)
    got = shop.post(f"/payments/{charge}/refund", {"amount": 1_500})
    assert (got.status, got.code) == (422, "refund_exceeds_remaining")
    assert shop.post(f"/payments/{charge}/refund", {"amount": 1_499}).status == 201


def test_rf9_refunded_money_is_not_credited_again(shop: Shop) -> None:
    """Half of what is left of 2999 after a refund of 1000: hu(1999/2) = 1000."""
    shop.subscribe(PRO)
    shop.post(f"/payments/{shop.invoices()[0]['payment_intent_id']}/refund", {"amount": 1_000})
    shop.move_to(HALF)
    shop.change(PLUS)
    assert shop.invoices()[-1]["items"][0]["amount"] == -1_000


def test_bl11_a_change_below_the_smallest_charge_is_carried_to_the_next_invoice(shop: Shop) -> None:
    """Ten minutes before the end Plus costs hu(9900*600/2678400) = 2, and Pro gives 1 back."""
    shop.subscribe(PRO)
    shop.move_to("2024-02-27T23:50:00+00:00")
    shop.change(PLUS)
    invoice = shop.invoices()[-1]
    assert (invoice["total"], invoice["status"], invoice["amount_due"]) == (1, "paid", 0)
    assert shop.balance() == -1
    shop.move_to("2024-02-28T01:00:00+00:00")
    assert shop.invoices()[-1]["amount_paid"] == 9901
    assert shop.balance() == 0


def test_the_tax_of_a_change_is_rounded_line_by_line() -> None:
    """Rules BL-4: 8.25 % of -1500 is hu(-123.75) = -124, of 4950 hu(408.375) = 408."""
    shop = Shop(tax_bp=825)
    shop.subscribe(PRO)
    assert shop.invoices()[0]["tax"] == 247
    shop.move_to(HALF)
    shop.change(PLUS)
    invoice = shop.invoices()[-1]
    assert (invoice["subtotal"], invoice["tax"], invoice["total"]) == (3450, 408 - 124, 3450 + 284)


@pytest.mark.parametrize("wait", ["2024-02-28T00:30:00+00:00", "2024-02-29T00:00:00+00:00"])
def test_while_a_bank_debit_pays_the_period_the_plan_stays(shop: Shop, wait: str) -> None:
    """Nobody knows yet whether there is anything to credit."""
    shop.subscribe(PRO, "pm_bank_success")
    shop.advance(days=3)
    shop.move_to(wait)
    got = shop.change(ENTERPRISE)
    assert (got.status, got.code) == (409, "payment_intent_unexpected_state")
    shop.move_to("2024-03-02T02:00:00+00:00")
    assert shop.change(FREE).status == 200
    assert shop.invoices()[-1]["items"][0]["amount"] < -2_500


def test_a_new_default_card_pays_the_change(shop: Shop) -> None:
    """Rules SB-3: without a method of its own the subscription uses the last that succeeded."""
    intent = shop.post("/payments/intent", {"amount": 500, "currency": "usd"}).body["payment_intent_id"]
    shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": OTHER})
    shop.subscribe(PRO, None)
    shop.change(ENTERPRISE)
    [change, *_] = shop.get("/payments/history").body["data"]
    assert (change["payment_method_id"], change["type"]) == (OTHER, "subscription")


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        (PRO, PLUS, "upgrade"),
        (PLUS, PRO, "downgrade"),
        (PRO, ENTERPRISE, "upgrade"),
        (ENTERPRISE, PRO, "downgrade"),
        (PRO, FREE, "downgrade"),
    ],
)
def test_ch11_a_preview_tells_by_yearly_prices_which_way_a_change_goes(
    shop: Shop, old: str, new: str, direction: str
) -> None:
    """A year: Free 0, Pro 12 * 2999 = 35988, Plus 12 * 9900 = 118800, Enterprise 299900."""
    shop.subscribe(old)
    preview = shop.post("/subscriptions/me/change/preview", {"new_plan_id": new}).body
    assert preview["direction"] == direction
