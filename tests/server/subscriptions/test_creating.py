"""Subscribing (rules 5.3 rows from `none` and `incomplete`, SB-1 to SB-6)."""

from __future__ import annotations

import pytest

from .shop import BAD, CHALLENGED, ENTERPRISE, FREE, GOOD, PRO, Recorder, Shop

PAID = [
    "invoice.created",
    "invoice.finalized",
    "payment.created",
    "payment.succeeded",
    "invoice.paid",
    "subscription.created",
]


def test_sb1_a_good_card_makes_it_active_as_the_page_shows(shop: Shop) -> None:
    got = shop.subscribe(PRO, GOOD)
    assert got.status == 201
    sample = {
        "status": "active",
        "current_period_start": "2024-01-28T00:00:00Z",
        "current_period_end": "2024-02-28T00:00:00Z",
        "billing_cycle_anchor": "2024-01-28T00:00:00Z",
        "cancel_at_period_end": False,
        "latest_payment_intent": None,
        "pending_change": None,
    }
    assert sample.items() <= got.body.items()
    plan = {"id": PRO, "name": "Pro Monthly", "price": 2999, "interval": "month"}
    assert plan.items() <= got.body["plan"].items()
    assert shop.subscription() == got.body


def test_wh3b_the_events_of_a_subscription_in_their_order(shop: Shop, news: Recorder) -> None:
    shop.subscribe(PRO, GOOD)
    assert news.types() == PAID


def test_wh3b_the_created_invoice_is_told_as_a_draft_and_then_with_its_number(shop: Shop) -> None:
    shop.subscribe(PRO, GOOD)
    assert (shop.last_event("invoice.created")["status"], shop.last_event("invoice.created")["number"]) == (
        "draft",
        None,
    )
    assert shop.last_event("invoice.finalized")["number"] == "INV-2024-000001"
    assert shop.last_event("invoice.paid")["status"] == "paid"


def test_the_first_invoice_bills_the_first_period(shop: Shop) -> None:
    sub = shop.subscribe(PRO, GOOD).body
    [invoice] = shop.invoices()
    assert invoice["invoice_id"] == sub["latest_invoice_id"]
    assert (invoice["billing_reason"], invoice["subscription_id"]) == (
        "subscription_create",
        sub["subscription_id"],
    )
    assert (invoice["total"], invoice["amount_paid"], invoice["attempt_count"]) == (2999, 2999, 1)
    [line] = invoice["items"]
    assert (line["amount"], line["period_start"], line["period_end"]) == (
        2999,
        "2024-01-28T00:00:00Z",
        "2024-02-28T00:00:00Z",
    )


def test_the_money_goes_from_the_card_to_the_income_of_subscriptions(shop: Shop) -> None:
    """Rules 3.1."""
    shop.subscribe(PRO, GOOD)
    assert shop.balance("external:card") == -2999
    assert shop.balance("platform:revenue:subscriptions") == 2999


def test_a_decline_leaves_nothing_but_the_failed_intent(shop: Shop, news: Recorder) -> None:
    got = shop.subscribe(PRO, BAD)
    assert (got.status, got.code, got.body["decline_code"]) == (402, "card_declined", "generic_decline")
    assert got.body["context"]["payment_intent_id"].startswith("pi_")
    assert shop.get("/subscriptions/me").code == "subscription_not_found"
    assert shop.invoices() == []
    assert news.types() == ["payment.created", "payment.failed"]


def test_bl6_a_decline_takes_no_invoice_number(shop: Shop) -> None:
    shop.subscribe(PRO, BAD)
    shop.subscribe(PRO, GOOD)
    assert shop.invoices()[0]["number"] == "INV-2024-000001"


def test_money_for_the_failed_intent_of_a_declined_subscription_is_not_lost(shop: Shop) -> None:
    """Rules P3: the invoice does not exist, so the money is the customer's."""
    intent = shop.subscribe(PRO, BAD).body["context"]["payment_intent_id"]
    assert shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": GOOD}).status == 200
    assert shop.balance() == 2999
    assert shop.subscribe(PRO, None).status == 201
    assert (shop.balance(), shop.balance("external:card")) == (0, -2999)


def test_sb3_without_any_method_it_is_incomplete_with_an_intent(shop: Shop, news: Recorder) -> None:
    got = shop.subscribe(PRO, None)
    assert (got.status, got.body["status"]) == (201, "incomplete")
    waiting = got.body["latest_payment_intent"]
    assert waiting["status"] == "requires_payment_method"
    assert waiting["client_secret"].startswith(f"{waiting['payment_intent_id']}_secret_")
    assert news.types() == ["invoice.created", "invoice.finalized", "payment.created", "subscription.created"]


def test_inv38_no_event_tells_the_secret(shop: Shop) -> None:
    secret = shop.subscribe(PRO, None).body["latest_payment_intent"]["client_secret"]
    assert secret not in str([event.object for event in shop.world.events])
    assert secret not in str(shop.get("/billing/invoices").body)


def test_incomplete_becomes_active_when_the_intent_is_paid(shop: Shop) -> None:
    waiting = shop.subscribe(PRO, None).body["latest_payment_intent"]
    shop.advance(hours=2)
    news = Recorder(shop)
    shop.post(f"/payments/intent/{waiting['payment_intent_id']}/confirm", {"payment_method_id": GOOD})
    sub = shop.subscription()
    assert (sub["status"], sub["latest_payment_intent"]) == ("active", None)
    assert sub["current_period_start"] == "2024-01-28T00:00:00Z"
    assert news.types() == ["payment.succeeded", "invoice.paid", "subscription.updated"]
    assert shop.world.events[-1].previous == {"status": "incomplete"}
    assert shop.advance(days=32).count("subscription.renewed") == 1


def test_sb3_the_default_method_is_the_last_that_succeeded(shop: Shop) -> None:
    intent = shop.post("/payments/intent", {"amount": 500, "currency": "usd"}).body["payment_intent_id"]
    shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": GOOD})
    assert shop.subscribe(PRO, None).body["status"] == "active"


def test_a_3ds_card_waits_for_its_holder(shop: Shop) -> None:
    got = shop.subscribe(PRO, CHALLENGED)
    assert (got.status, got.body["status"]) == (201, "incomplete")
    assert got.body["latest_payment_intent"]["status"] == "requires_action"
    shop.authenticate(got.body["latest_payment_intent"]["payment_intent_id"], "success")
    assert shop.subscription()["status"] == "active"


def test_a_failed_authentication_can_be_tried_again(shop: Shop) -> None:
    intent = shop.subscribe(PRO, CHALLENGED).body["latest_payment_intent"]["payment_intent_id"]
    shop.authenticate(intent, "failure")
    sub = shop.subscription()
    assert (sub["status"], sub["latest_payment_intent"]["status"]) == (
        "incomplete",
        "requires_payment_method",
    )
    shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": GOOD})
    assert shop.subscription()["status"] == "active"


def test_incomplete_expires_after_23_hours_and_its_invoice_is_void(shop: Shop) -> None:
    shop.subscribe(PRO, None)
    shop.advance(hours=22, seconds=3599)
    assert shop.subscription()["status"] == "incomplete"
    brought = shop.advance(seconds=1)
    assert brought == ["payment.canceled", "invoice.voided", "subscription.updated"]
    assert shop.subscription()["status"] == "incomplete_expired"
    assert [invoice["status"] for invoice in shop.invoices()] == ["void"]


def test_incomplete_and_create_again_expires_the_old_one(shop: Shop) -> None:
    old = shop.subscribe(PRO, None).body["subscription_id"]
    new = shop.subscribe(PRO, GOOD).body
    assert (new["status"], new["subscription_id"] != old) == ("active", True)
    assert [invoice["status"] for invoice in shop.invoices()] == ["void", "paid"]


def test_incomplete_and_a_declined_new_try_keeps_the_old_one(shop: Shop) -> None:
    """A decline leaves nothing but the failed intent."""
    old = shop.subscribe(PRO, None).body["subscription_id"]
    shop.subscribe(PRO, BAD)
    assert (shop.subscription()["subscription_id"], shop.subscription()["status"]) == (old, "incomplete")


@pytest.mark.parametrize("state", ["trialing", "active", "past_due", "unpaid", "paused"])
def test_sb4_a_live_subscription_forbids_another(shop: Shop, state: str) -> None:
    shop.subscribe(PRO, "pm_card_chargeCustomerFail", trial_days=5 if state == "trialing" else 0)
    if state in ("past_due", "unpaid"):
        shop.advance(days=33 if state == "past_due" else 46)
    if state == "paused":
        shop.post("/subscriptions/me/pause")
    sub = shop.subscription()
    assert sub["status"] == state
    news = Recorder(shop)
    got = shop.subscribe(PRO, GOOD)
    assert (got.status, got.code) == (409, "subscription_exists")
    assert got.body["context"]["subscription_id"] == sub["subscription_id"]
    assert news.types() == []


def test_sb6_free_needs_no_method_and_is_never_billed(shop: Shop, news: Recorder) -> None:
    assert shop.subscribe(FREE, None).body["status"] == "active"
    assert news.types() == ["subscription.created"]
    shop.move_to("2024-06-01T00:00:00+00:00")
    assert news.types() == ["subscription.created"]
    assert shop.subscription()["current_period_end"] == "2024-06-28T00:00:00Z"
    assert shop.invoices() == []


def test_an_unknown_plan_is_refused_with_the_plans_that_there_are(shop: Shop) -> None:
    got = shop.subscribe("plan_gold", GOOD)
    assert (got.status, got.code) == (404, "plan_not_found")
    assert PRO in got.body["context"]["plans"]


@pytest.mark.parametrize("more", [{}, {"trial_days": 7}])
@pytest.mark.parametrize("plan", [PRO, FREE])
def test_an_unknown_method_is_refused_always(shop: Shop, plan: str, more: dict[str, int]) -> None:
    got = shop.subscribe(plan, "pm_card_nobody", **more)
    assert (got.status, got.code) == (404, "payment_method_not_found")
    assert shop.get("/subscriptions/me").status == 404


def test_another_users_subscription_is_not_seen(shop: Shop) -> None:
    """Rules P4."""
    shop.subscribe(PRO, GOOD)
    assert shop.get("/subscriptions/me", user="bob").code == "subscription_not_found"


def test_sb2_after_cancellation_the_last_one_is_shown_and_a_new_one_is_new(shop: Shop) -> None:
    first = shop.subscribe(PRO, GOOD).body["subscription_id"]
    shop.cancel(at_period_end=False)
    assert (shop.subscription()["subscription_id"], shop.subscription()["status"]) == (first, "canceled")
    shop.advance(days=3)
    second = shop.subscribe(ENTERPRISE, GOOD).body
    assert second["subscription_id"] != first
    assert second["billing_cycle_anchor"] == "2024-01-31T00:00:00Z"


def test_bl12_the_customer_balance_pays_a_subscription_without_any_method(shop: Shop) -> None:
    shop.set_balance(5000)
    got = shop.subscribe(PRO, None)
    assert (got.status, got.body["status"]) == (201, "active")
    assert shop.balance() == 5000 - 2999
    assert "payment.created" not in shop.event_types()


def test_a_bank_debit_makes_it_incomplete_until_it_settles(shop: Shop) -> None:
    """Rules 2.1: three days, longer than an incomplete one waits for a card."""
    assert shop.subscribe(PRO, "pm_bank_success").body["status"] == "incomplete"
    shop.advance(days=2)
    assert shop.subscription()["latest_payment_intent"]["status"] == "processing"
    shop.advance(days=1)
    assert shop.subscription()["status"] == "active"


def test_a_returned_bank_debit_lets_it_expire(shop: Shop) -> None:
    shop.subscribe(PRO, "pm_bank_fail")
    shop.advance(days=5)
    assert shop.subscription()["status"] == "incomplete_expired"


def test_the_catalogue_is_the_pages(shop: Shop) -> None:
    """Rules 5.1, A12, A14."""
    plans = {plan["id"]: plan for plan in shop.get("/subscriptions/plans").body["data"]}
    assert plans[FREE]["quota"] == {"api_calls": 1000}
    assert plans[PRO]["quota"] == {"api_calls": 50_000}
    assert plans[ENTERPRISE] == {
        "id": ENTERPRISE,
        "name": "Enterprise Annual",
        "price": 299_900,
        "interval": "year",
        "quota": {"api_calls": None},
    }
