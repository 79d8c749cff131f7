"""The end of a period (rules QU-5, 5.3 rows of `active`, DU-4)."""

from __future__ import annotations

from .shop import ENTERPRISE, FAILS_LATER, PLUS, PRO, Recorder, Shop

END = "2024-02-28T00:00:00+00:00"


def test_at_period_end_the_next_period_begins_with_a_draft(shop: Shop) -> None:
    shop.subscribe(PRO)
    assert shop.move_to(END) == ["subscription.renewed", "invoice.created"]
    sub = shop.subscription()
    assert (sub["status"], sub["current_period_start"], sub["current_period_end"]) == (
        "active",
        "2024-02-28T00:00:00Z",
        "2024-03-28T00:00:00Z",
    )
    draft = shop.invoices()[-1]
    assert (draft["status"], draft["number"], draft["billing_reason"]) == (
        "draft",
        None,
        "subscription_cycle",
    )
    assert (draft["items"][0]["amount"], draft["items"][0]["period_start"]) == (2999, "2024-02-28T00:00:00Z")
    assert sub["latest_invoice_id"] == draft["invoice_id"]


def test_an_hour_later_it_is_charged(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(END)
    assert shop.advance(seconds=3599) == []
    assert shop.advance(seconds=1) == [
        "invoice.finalized",
        "payment.created",
        "payment.succeeded",
        "invoice.paid",
    ]
    assert shop.invoices()[-1]["finalized_at"] == "2024-02-28T01:00:00Z"
    assert shop.balance("external:card") == -2 * 2999


def test_a_failed_renewal_is_past_due_though_the_period_has_begun(shop: Shop) -> None:
    shop.subscribe(PRO, FAILS_LATER)
    shop.move_to(END)
    assert shop.advance(hours=1) == [
        "invoice.finalized",
        "payment.created",
        "payment.failed",
        "invoice.payment_failed",
        "subscription.past_due",
    ]
    sub = shop.subscription()
    assert (sub["status"], sub["current_period_start"]) == ("past_due", "2024-02-28T00:00:00Z")
    invoice = shop.invoices()[-1]
    assert (invoice["status"], invoice["attempt_count"]) == ("open", 1)


def test_numbers_follow_each_other_without_gap_through_the_year(shop: Shop) -> None:
    """Rules BL-6: they begin anew with the calendar year of finalisation."""
    shop.subscribe(PRO)
    shop.move_to("2025-02-28T02:00:00+00:00")
    numbers = [invoice["number"] for invoice in shop.invoices()]
    assert numbers == [f"INV-2024-{n:06d}" for n in range(1, 13)] + ["INV-2025-000001", "INV-2025-000002"]


def test_ck1_one_long_step_is_many_short_ones() -> None:
    """Invariant 37: the same state, ids and events with their times."""
    one, many = Shop(), Shop()
    for shop in (one, many):
        shop.subscribe(PRO, FAILS_LATER)
        shop.use(61_000)
    one.advance(days=60)
    for _ in range(60):
        many.advance(hours=24)
    assert one.world.events == many.world.events
    assert one.subscription() == many.subscription()
    assert one.invoices() == many.invoices()


def test_an_annual_plan_renews_after_a_year(shop: Shop) -> None:
    shop.subscribe(ENTERPRISE)
    shop.move_to("2025-01-27T23:59:59+00:00")
    assert len(shop.invoices()) == 1
    shop.advance(hours=1, seconds=1)
    assert shop.invoices()[-1]["total"] == 299_900


def test_an_admins_deletion_of_the_draft_leaves_nothing_to_charge(shop: Shop) -> None:
    shop.subscribe(PRO)
    shop.move_to(END)
    draft = shop.invoices()[-1]["invoice_id"]
    assert shop.delete(f"/billing/invoices/{draft}").code == "permission_denied"
    assert shop.delete(f"/billing/invoices/{draft}", user="admin").status == 204
    assert shop.advance(hours=2) == []
    assert shop.subscription()["status"] == "active"


def test_a_renewal_by_bank_debit_settles_later(shop: Shop) -> None:
    shop.subscribe(PRO, "pm_bank_success")
    shop.move_to("2024-02-28T01:00:00+00:00")
    invoice = shop.invoices()[-1]
    assert invoice["status"] == "open"
    sub = shop.subscription()
    assert sub["status"] == "active"
    assert sub["latest_payment_intent"] == invoice["latest_payment_intent"]
    assert sub["latest_payment_intent"]["status"] == "processing"
    shop.advance(days=3)
    assert (shop.invoices()[-1]["status"], shop.subscription()["status"]) == ("paid", "active")


def test_qu5_a_draft_that_a_change_collected_leaves_no_work_for_its_hour(shop: Shop) -> None:
    """Rules QU-5: a change within the hour first finalises and charges the draft."""
    shop.subscribe(PRO)
    shop.move_to(END)
    assert shop.change(PLUS).status == 200
    ran = shop.world.advance(3600)
    assert [job.kind for job in ran] == []


def test_qu5_overage_that_a_renewal_billed_is_not_billed_again_by_an_immediate_cancellation(
    shop: Shop,
) -> None:
    """Rules QU-3, invariant 19: 60,000 calls on Pro are 10,000 cents, once."""
    shop.subscribe(PRO)
    shop.use(60_000)
    shop.move_to("2024-02-28T02:00:00+00:00")
    assert shop.invoices()[-1]["total"] == 2999 + 10_000
    shop.cancel(at_period_end=False)
    assert [invoice["total"] for invoice in shop.invoices()] == [2999, 12_999]


def test_us6_late_use_of_a_period_that_was_billed_is_all_that_the_next_invoice_adds(shop: Shop) -> None:
    """60,000 calls made 10,000 cents in February; 5 more of that period are 5 cents in March."""
    shop.subscribe(PRO)
    shop.use(60_000)
    shop.move_to("2024-02-28T02:00:00+00:00")
    shop.use(5, "2024-02-27T00:00:00Z")
    shop.move_to("2024-03-28T02:00:00+00:00")
    assert [invoice["total"] for invoice in shop.invoices()] == [2999, 12_999, 2999 + 5]


def test_a_renewal_too_dear_for_any_card_is_past_due_and_not_a_crash(shop: Shop) -> None:
    """Rules M-6: overage of 1,000,000,000 calls passes the largest charge."""
    shop.subscribe(PRO)
    shop.use(1_000_000_000)
    shop.move_to("2024-02-28T01:00:00+00:00")
    invoice = shop.invoices()[-1]
    assert (invoice["total"], invoice["status"]) == (2_999 + 999_950_000, "open")
    assert shop.subscription()["status"] == "past_due"


def test_the_renewal_of_another_user_is_not_touched(shop: Shop) -> None:
    shop.post("/subscriptions", {"plan_id": PRO, "payment_method_id": FAILS_LATER}, user="bob")
    shop.subscribe(PRO)
    news = Recorder(shop)
    shop.move_to("2024-02-28T01:00:00+00:00")
    assert shop.subscription()["status"] == "active"
    assert shop.get("/subscriptions/me", user="bob").body["status"] == "past_due"
    assert news.types().count("subscription.past_due") == 1
