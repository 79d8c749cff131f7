"""What a subscription or an invoice waits for, when the customer goes on with its intent elsewhere."""

from __future__ import annotations

import pytest

from .shop import BAD, CHALLENGED, FAILS_LATER, GOOD, PLUS, PRO, Shop


def _confirm(shop: Shop, intent_id: str, method: str) -> int:
    return shop.post(f"/payments/intent/{intent_id}/confirm", {"payment_method_id": method}).status


def _awaited(shop: Shop) -> dict[str, str]:
    found: dict[str, str] = shop.subscription()["latest_payment_intent"]
    return found


def _kinds(shop: Shop) -> list[str]:
    return [row["status"] for row in shop.get("/payments/history").body["data"]]


def test_sb1_the_awaited_intent_is_shown_as_it_is(shop: Shop) -> None:
    intent_id = shop.subscribe(method=None).body["latest_payment_intent"]["payment_intent_id"]
    assert _awaited(shop)["status"] == "requires_payment_method"
    shop.patch(f"/payments/intent/{intent_id}", {"payment_method_id": GOOD})
    assert _awaited(shop)["status"] == "requires_confirmation"
    _confirm(shop, intent_id, CHALLENGED)
    assert _awaited(shop)["status"] == "requires_action"
    [invoice] = shop.invoices()
    assert shop.invoice(invoice["invoice_id"])["latest_payment_intent"] == _awaited(shop)
    shop.authenticate(intent_id, "failure")
    assert _awaited(shop)["status"] == "requires_payment_method"
    assert _awaited(shop)["client_secret"].startswith(f"{intent_id}_secret_")


def test_5_3_a_first_payment_by_3ds_leaves_nothing_that_is_waited_for(shop: Shop) -> None:
    intent_id = shop.subscribe(method=CHALLENGED).body["latest_payment_intent"]["payment_intent_id"]
    shop.authenticate(intent_id, "success")
    sub = shop.subscription()
    assert (sub["status"], sub["latest_payment_intent"]) == ("active", None)
    assert shop.world.advance(86_400) == [], "no expiry of what was paid in time"


def test_5_3_an_unpaid_subscription_has_the_free_quota(shop: Shop) -> None:
    """Access only in trialing, active and past_due."""
    shop.subscribe(PRO, FAILS_LATER)
    shop.advance(days=33)
    assert (shop.subscription()["status"], shop.use(1).body["quota"]["limit"]) == ("past_due", 50_000)
    shop.advance(days=13)
    assert (shop.subscription()["status"], shop.use(1).body["quota"]["limit"]) == ("unpaid", 1_000)


def test_bl9_an_invoice_is_not_charged_again_while_the_customers_own_bank_debit_is_on_its_way(
    shop: Shop,
) -> None:
    intent_id = shop.subscribe(method=None).body["latest_payment_intent"]["payment_intent_id"]
    assert _confirm(shop, intent_id, "pm_bank_success") == 200
    assert _awaited(shop)["status"] == "processing"
    [invoice] = shop.invoices()
    refused = shop.post(f"/billing/invoices/{invoice['invoice_id']}/pay", {"payment_method_id": GOOD})
    assert (refused.status, refused.code) == (409, "payment_intent_unexpected_state")
    shop.advance(days=3)
    assert shop.subscription()["status"] == "active"
    assert _kinds(shop) == ["succeeded"]
    assert shop.balance() == 0


def test_the_first_payment_by_a_bank_debit_confirmed_later_is_waited_for_beyond_23_hours(shop: Shop) -> None:
    intent_id = shop.subscribe(method=None).body["latest_payment_intent"]["payment_intent_id"]
    _confirm(shop, intent_id, "pm_bank_success")
    shop.advance(hours=23)
    assert shop.subscription()["status"] == "incomplete"
    shop.advance(days=3)
    assert shop.subscription()["status"] == "active"


def test_bl9_a_debit_by_an_older_declined_intent_of_the_invoice_is_waited_for_too(shop: Shop) -> None:
    made = {"customer_id": "alice", "items": [{"description": "work", "quantity": 1, "unit_price": 5000}]}
    invoice_id = shop.post("/billing/invoices", made).body["invoice_id"]
    declined = shop.post(f"/billing/invoices/{invoice_id}/pay", {"payment_method_id": BAD})
    assert declined.status == 402
    _confirm(shop, declined.body["context"]["payment_intent_id"], "pm_bank_success")
    again = shop.post(f"/billing/invoices/{invoice_id}/pay", {"payment_method_id": GOOD})
    assert (again.status, again.code) == (409, "payment_intent_unexpected_state")
    shop.advance(days=3)
    assert shop.invoice(invoice_id)["status"] == "paid"


def test_sb1_paying_the_invoice_instead_replaces_the_intent_that_is_awaited(shop: Shop) -> None:
    first = shop.subscribe(method=CHALLENGED).body["latest_payment_intent"]["payment_intent_id"]
    [invoice] = shop.invoices()
    pay = f"/billing/invoices/{invoice['invoice_id']}/pay"
    second = shop.post(pay, {"payment_method_id": CHALLENGED}).body["latest_payment_intent"]
    assert second["payment_intent_id"] != first
    assert _awaited(shop)["payment_intent_id"] == second["payment_intent_id"]
    assert shop.post(pay, {"payment_method_id": BAD}).status == 402
    assert shop.subscription()["latest_payment_intent"] is None


def test_sb1_a_canceled_intent_is_awaited_no_more(shop: Shop) -> None:
    intent_id = shop.subscribe(method=CHALLENGED).body["latest_payment_intent"]["payment_intent_id"]
    shop.post(f"/payments/intent/{intent_id}/cancel")
    assert shop.subscription()["latest_payment_intent"] is None
    [invoice] = shop.invoices()
    shop.post(f"/billing/invoices/{invoice['invoice_id']}/pay", {"payment_method_id": GOOD})
    assert shop.subscription()["status"] == "active"


def test_a_resumption_is_not_charged_twice_while_its_bank_debit_is_on_its_way(shop: Shop) -> None:
    shop.subscribe(method=None, trial_days=1)
    shop.advance(days=1)
    assert shop.subscription()["status"] == "paused"
    first = shop.post("/subscriptions/me/resume", {"payment_method_id": "pm_bank_success"})
    assert first.status in (200, 202)
    again = shop.post("/subscriptions/me/resume", {"payment_method_id": GOOD})
    assert (again.status, again.code) == (409, "payment_intent_unexpected_state")
    shop.advance(days=3)
    assert shop.subscription()["status"] == "active"
    assert _kinds(shop) == ["succeeded"]


# RF-9: what was credited is not refunded as well, and the other way round


def test_rf9_credit_out_of_a_charge_lowers_its_refund(shop: Shop) -> None:
    """Half of a 2999 period unused: 1500 credit, so 1499 can still go back (CH-1's example)."""
    shop.subscribe()
    [charge] = shop.get("/payments/history").body["data"]
    shop.move_to("2024-02-12T12:00:00+00:00")
    assert shop.change(PLUS).status == 200
    refused = shop.post(f"/payments/{charge['payment_id']}/refund", {"amount": 1500})
    assert (refused.status, refused.code) == (422, "refund_exceeds_remaining")
    assert refused.body["context"]["remaining"] == 1499
    assert shop.post(f"/payments/{charge['payment_id']}/refund").body["amount"] == 1499


def test_rf9_credit_of_an_immediate_end_lowers_the_refund_too(shop: Shop) -> None:
    """Half of a 2999 period unused: 1500 credit (CN-3), so 1499 can still go back."""
    shop.subscribe()
    [charge] = shop.get("/payments/history").body["data"]
    shop.move_to("2024-02-12T12:00:00+00:00")
    shop.cancel(at_period_end=False, prorate=True)
    assert shop.balance() == 1500
    assert shop.post(f"/payments/{charge['payment_id']}/refund").body["amount"] == 1499


def test_rf9_a_refund_lowers_the_basis_of_a_later_credit(shop: Shop) -> None:
    """1000 of 2999 went back: half of 1999 is 999.5, away from zero 1000."""
    shop.subscribe()
    [charge] = shop.get("/payments/history").body["data"]
    shop.post(f"/payments/{charge['payment_id']}/refund", {"amount": 1000})
    shop.move_to("2024-02-12T12:00:00+00:00")
    preview = shop.post("/subscriptions/me/change/preview", {"new_plan_id": PLUS}).body
    assert [line["amount"] for line in preview["lines"]] == [-1000, 4950]


def _challenged_change(shop: Shop) -> tuple[str, str]:
    shop.subscribe(method=CHALLENGED)
    shop.authenticate(_awaited(shop)["payment_intent_id"], "success")
    [charge] = shop.get("/payments/history").body["data"]
    shop.move_to("2024-02-12T12:00:00+00:00")
    changed = shop.change(PLUS)
    assert (changed.status, changed.body["plan"]["id"]) == (202, PRO)
    return str(charge["payment_id"]), str(changed.body["latest_payment_intent"]["payment_intent_id"])


def test_rf9_credit_of_a_change_that_waits_for_its_customer_cannot_be_refunded_meanwhile(shop: Shop) -> None:
    charge, waiting = _challenged_change(shop)
    refused = shop.post(f"/payments/{charge}/refund", {"amount": 1500})
    assert refused.body["context"]["remaining"] == 1499
    shop.authenticate(waiting, "success")
    assert shop.subscription()["plan"]["id"] == PLUS
    assert shop.post(f"/payments/{charge}/refund").body["amount"] == 1499


@pytest.mark.parametrize("how", ["time", "cancel", "void"])
def test_rf9_credit_of_a_change_that_never_came_can_be_refunded_again(shop: Shop, how: str) -> None:
    charge, _ = _challenged_change(shop)
    if how == "time":
        shop.advance(hours=23)
    elif how == "cancel":
        shop.cancel(at_period_end=False)
    else:
        shop.post(f"/billing/invoices/{shop.invoices()[-1]['invoice_id']}/void", user="admin")
    assert shop.subscription()["pending_change"] is None
    assert shop.post(f"/payments/{charge}/refund").body["amount"] == 2999


# Invoices that an admin ends (BL-8, DU-4)


def _past_due(shop: Shop) -> str:
    shop.set_balance(2999)
    shop.subscribe(method="pm_card_chargeDeclined")
    shop.advance(days=31, hours=1)
    assert shop.subscription()["status"] == "past_due"
    return str(shop.invoices()[-1]["invoice_id"])


@pytest.mark.parametrize("ended", ["void", "mark_uncollectible"])
def test_du4_who_owes_nothing_any_more_is_not_past_due(shop: Shop, ended: str) -> None:
    invoice_id = _past_due(shop)
    before = len(shop.world.events)
    assert shop.post(f"/billing/invoices/{invoice_id}/{ended}", user="admin").status == 200
    assert shop.subscription()["status"] == "active"
    told = "invoice.voided" if ended == "void" else "invoice.marked_uncollectible"
    assert shop.event_types(before) == [told, "subscription.updated"]


def test_du4_an_unpaid_subscription_goes_on_when_its_debt_is_voided(shop: Shop) -> None:
    invoice_id = _past_due(shop)
    shop.advance(days=14)
    assert shop.subscription()["status"] == "unpaid"
    shop.post(f"/billing/invoices/{invoice_id}/void", user="admin")
    assert shop.subscription()["status"] == "active"
    shop.advance(days=35)
    assert shop.subscription()["status"] != "canceled"


def test_a_voided_first_invoice_ends_the_incomplete_subscription(shop: Shop) -> None:
    shop.subscribe(method=CHALLENGED)
    shop.post(f"/billing/invoices/{shop.invoices()[0]['invoice_id']}/void", user="admin")
    assert shop.subscription()["status"] == "incomplete_expired"


def test_du4_the_renewal_of_an_unpaid_subscription_is_not_charged_when_it_is_canceled(shop: Shop) -> None:
    _past_due(shop)
    shop.advance(days=14)
    assert shop.subscription()["status"] == "unpaid"
    shop.move_to("2024-03-28T00:30:00+00:00")
    assert [row["status"] for row in shop.invoices()] == ["paid", "open", "draft"]
    charges = len(_kinds(shop))
    shop.cancel(at_period_end=False)
    shop.advance(days=28)
    assert shop.subscription()["status"] == "canceled"
    assert len(_kinds(shop)) == charges


def test_a_debit_that_comes_back_for_an_invoice_given_up_meanwhile_can_be_tried_again(shop: Shop) -> None:
    invoice_id = _past_due(shop)
    pay = f"/billing/invoices/{invoice_id}/pay"
    shop.post(pay, {"payment_method_id": "pm_bank_fail"})
    shop.post(f"/billing/invoices/{invoice_id}/mark_uncollectible", user="admin")
    assert shop.advance(days=3)[-2:] == ["payment.failed", "invoice.payment_failed"]
    assert shop.invoice(invoice_id)["next_payment_attempt"] is None
    assert shop.post(pay, {"payment_method_id": GOOD}).body["status"] == "paid"
    assert shop.subscription()["status"] == "active"


def test_a_pause_waits_until_the_bank_has_paid_for_the_period(shop: Shop) -> None:
    """Otherwise the debit could come back while nobody is dunned."""
    shop.set_balance(2999)
    shop.subscribe(method="pm_bank_fail")
    shop.advance(days=31, hours=1)
    assert shop.subscription()["latest_payment_intent"]["status"] == "processing"
    refused = shop.post("/subscriptions/me/pause")
    assert (refused.status, refused.code) == (409, "payment_intent_unexpected_state")
    shop.advance(days=3)
    assert shop.subscription()["status"] == "past_due"
