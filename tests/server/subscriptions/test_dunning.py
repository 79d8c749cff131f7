"""Dunning (rules 5.6, and 5.3 rows of `past_due` and `unpaid`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from .shop import BAD, CHALLENGED, FAILS_LATER, GOOD, OTHER, PRO, Recorder, Shop

FIRST_FAILURE = "2024-02-28T01:00:00+00:00"


def _past_due(shop: Shop, method: str = FAILS_LATER) -> dict[str, object]:
    shop.subscribe(PRO, method)
    shop.move_to(FIRST_FAILURE)
    assert shop.subscription()["status"] == "past_due"
    return shop.invoices()[-1]


def _pay(shop: Shop, invoice_id: object, method: str = GOOD) -> tuple[int, dict[str, object]]:
    got = shop.post(f"/billing/invoices/{invoice_id}/pay", {"payment_method_id": method})
    return got.status, got.body


def test_du1_retries_come_1_3_7_and_14_days_after_the_first_failure(shop: Shop) -> None:
    _past_due(shop)
    start = datetime.fromisoformat(FIRST_FAILURE)
    for number, days in enumerate((1, 3, 7, 14), start=2):
        due = start + timedelta(days=days)
        assert shop.invoices()[-1]["next_payment_attempt"] == due.isoformat().replace("+00:00", "Z")
        shop.move_to((due - timedelta(seconds=1)).isoformat())
        assert shop.invoices()[-1]["attempt_count"] == number - 1
        shop.advance(seconds=1)
        assert shop.invoices()[-1]["attempt_count"] == number
    assert shop.invoices()[-1]["next_payment_attempt"] is None


def test_du1_after_the_fifth_attempt_it_is_unpaid(shop: Shop) -> None:
    _past_due(shop)
    shop.advance(days=13, hours=23)
    assert shop.subscription()["status"] == "past_due"
    assert shop.advance(hours=1) == [
        "payment.created",
        "payment.failed",
        "invoice.payment_failed",
        "subscription.unpaid",
    ]
    assert shop.subscription()["status"] == "unpaid"


def test_a_retry_that_succeeds_makes_it_active_with_the_anchor_unchanged(shop: Shop) -> None:
    invoice = _past_due(shop)
    shop.advance(hours=12)
    status, body = _pay(shop, invoice["invoice_id"])
    assert (status, body["status"], body["attempt_count"]) == (200, "paid", 2)
    sub = shop.subscription()
    assert (sub["status"], sub["billing_cycle_anchor"]) == ("active", "2024-01-28T00:00:00Z")
    assert shop.event_types()[-4:] == [
        "payment.created",
        "payment.succeeded",
        "invoice.paid",
        "subscription.updated",
    ]
    assert shop.advance(days=20) == []


def test_du3_a_new_default_method_is_charged_at_once(shop: Shop) -> None:
    _past_due(shop)
    intent = shop.post("/payments/intent", {"amount": 500, "currency": "usd"}).body["payment_intent_id"]
    shop.post(f"/payments/intent/{intent}/confirm", {"payment_method_id": GOOD})
    assert shop.subscription()["status"] == "active"
    assert shop.invoices()[-1]["status"] == "paid"
    shop.move_to("2024-03-28T01:00:00+00:00")
    assert shop.invoices()[-1]["status"] == "paid"


def test_du3_a_manual_attempt_that_fails_does_not_shift_the_schedule(shop: Shop) -> None:
    invoice = _past_due(shop)
    shop.advance(hours=5)
    status, body = _pay(shop, invoice["invoice_id"], BAD)
    assert (status, body["code"]) == (402, "card_declined")
    after = shop.invoices()[-1]
    assert (after["attempt_count"], after["next_payment_attempt"]) == (2, "2024-02-29T01:00:00Z")
    shop.move_to("2024-02-29T01:00:00+00:00")
    assert shop.invoices()[-1]["attempt_count"] == 3


def test_du2_a_hard_decline_is_not_charged_again_but_the_schedule_goes_on(shop: Shop) -> None:
    """A card that wants its holder declines off session with `authentication_required`."""
    shop.set_balance(2_999)
    shop.subscribe(PRO, CHALLENGED)
    shop.move_to(FIRST_FAILURE)
    assert shop.subscription()["status"] == "past_due"
    news = Recorder(shop)
    shop.advance(days=3)
    assert news.types() == ["invoice.payment_failed", "invoice.payment_failed"]
    assert shop.invoices()[-1]["attempt_count"] == 3
    shop.advance(days=11)
    assert shop.subscription()["status"] == "unpaid"


def test_du2_a_soft_decline_is_charged_at_each_retry(shop: Shop) -> None:
    _past_due(shop)
    assert shop.advance(days=3).count("payment.failed") == 2


def test_du4_recovery_needs_every_open_invoice_and_a_new_method_pays_them_all(shop: Shop) -> None:
    """The second invoice of a debtor: that of the period in which an unpaid subscription is paid for."""
    first = _past_due(shop)["invoice_id"]
    shop.advance(days=14)
    shop.move_to("2024-03-29T00:00:00+00:00")
    second = shop.invoices()[-1]["invoice_id"]
    assert shop.post(f"/billing/invoices/{second}/finalize", user="admin").status == 200
    assert shop.subscription()["status"] == "unpaid"
    assert _pay(shop, second)[0] == 200
    assert shop.subscription()["status"] == "unpaid"
    assert _pay(shop, first)[0] == 200
    assert shop.subscription()["status"] == "active"


def test_unpaid_renewals_make_drafts_that_are_not_charged(shop: Shop) -> None:
    """Rules DU-4."""
    _past_due(shop)
    shop.advance(days=14)
    brought = shop.move_to("2024-03-29T00:00:00+00:00")
    assert brought == ["subscription.renewed", "invoice.created"]
    assert shop.invoices()[-1]["status"] == "draft"


def test_unpaid_recovers_by_payment_and_the_running_period_is_charged(shop: Shop) -> None:
    invoice = _past_due(shop)
    shop.advance(days=14)
    shop.move_to("2024-03-29T00:00:00+00:00")
    news = Recorder(shop)
    _pay(shop, invoice["invoice_id"], OTHER)
    assert news.types() == ["payment.created", "payment.succeeded", "invoice.paid", "subscription.updated"]
    shop.advance(seconds=1)
    assert [invoice["status"] for invoice in shop.invoices()] == ["paid", "paid", "paid"]
    assert shop.subscription()["status"] == "active"
    assert shop.advance(days=17).count("subscription.canceled") == 0


def test_unpaid_for_30_days_is_canceled_and_its_invoices_are_given_up(shop: Shop) -> None:
    _past_due(shop)
    shop.advance(days=14)
    shop.advance(days=29, hours=23, seconds=3599)
    assert shop.subscription()["status"] == "unpaid"
    assert shop.advance(seconds=1) == ["subscription.canceled", "invoice.marked_uncollectible"]
    assert shop.subscription()["status"] == "canceled"
    assert [i["status"] for i in shop.invoices()] == ["paid", "uncollectible", "draft"]


def test_du5_the_customer_balance_is_collected_before_the_card(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.set_balance(1_000)
    shop.move_to(FIRST_FAILURE)
    invoice = shop.invoices()[-1]
    assert (invoice["customer_balance_applied"], invoice["amount_paid"]) == (1_000, 1_999)
    assert shop.balance() == 0


def test_bl12_a_declined_renewal_posts_nothing_of_the_customer_balance(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.set_balance(1_000)
    shop.move_to(FIRST_FAILURE)
    assert shop.balance() == 1_000
    invoice = shop.invoices()[-1]
    assert (invoice["customer_balance_applied"], invoice["amount_remaining"]) == (1_000, 1_999)
    _pay(shop, invoice["invoice_id"])
    assert shop.balance() == 0


def test_pm_wallet_pays_renewals_from_the_wallet(shop: Shop) -> None:
    """Rules 3.1, DU-5: the wallet is used only if pm_wallet is the method."""
    shop.set_balance(2_999)
    shop.subscribe(PRO, "pm_wallet")
    shop.move_to(FIRST_FAILURE)
    assert shop.subscription()["status"] == "past_due"
    assert shop.invoices()[-1]["attempt_count"] == 1


def _pay_something_else(shop: Shop, method: str) -> None:
    """Makes the method the default one."""
    paid = {"amount": 500, "currency": "usd", "payment_method_id": method, "confirm": True}
    intent = shop.post("/payments/intent", paid).body
    if intent["status"] == "requires_action":
        shop.authenticate(intent["payment_intent_id"], "success")
    assert shop.get(f"/payments/intent/{intent['payment_intent_id']}").body["status"] == "succeeded"


def test_du1_a_retry_charges_the_subscriptions_own_method_before_the_default_one(shop: Shop) -> None:
    """The default one paid for something else before the renewal failed."""
    shop.subscribe(PRO, FAILS_LATER)
    _pay_something_else(shop, GOOD)
    shop.move_to("2024-02-29T01:00:00+00:00")
    renewal = shop.invoices()[-1]
    assert (renewal["status"], renewal["attempt_count"]) == ("open", 2)


def test_du3_a_new_default_method_leaves_a_bank_debit_that_is_on_its_way_alone(shop: Shop) -> None:
    """The renewal is paid once: by the bank."""
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to("2024-02-28T01:00:00+00:00")
    renewal = shop.invoices()[-1]["invoice_id"]
    shop.post(f"/billing/invoices/{renewal}/pay", {"payment_method_id": "pm_bank_success"})
    _pay_something_else(shop, GOOD)
    assert shop.invoice(renewal)["status"] == "open"
    shop.advance(days=4)
    assert shop.invoice(renewal)["status"] == "paid"
    assert shop.balance("external:card") == -(2_999 + 500)
    assert shop.balance("external:bank") == -2_999


def test_du3_nobody_is_there_to_authenticate_the_charge_of_a_new_default_method(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to("2024-02-28T01:00:00+00:00")
    _pay_something_else(shop, CHALLENGED)
    renewal = shop.invoices()[-1]
    assert (renewal["status"], renewal["attempt_count"]) == ("open", 2)
    assert shop.subscription()["latest_payment_intent"] is None
