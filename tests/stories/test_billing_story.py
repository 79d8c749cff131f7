"""Invoices, usage and subscriptions, told through the SDK only."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from isa_user import CardDeclinedError, ConflictError, InvoiceItemParam, NotFoundError, PermissionDeniedError

from .colours import Cast, everything, story

ITEMS: list[InvoiceItemParam] = [{"description": "API Usage - January", "quantity": 10000, "unit_price": 1}]


@story
async def test_bl1_the_pages_invoice_comes_to_10000_cents(cast: Cast) -> None:
    client = cast.billing()
    invoice = await client.create_invoice(customer_id="user_1", items=ITEMS, due_date="2024-02-15")
    assert (invoice.subtotal, invoice.tax, invoice.total, invoice.amount_due) == (10000, 0, 10000, 10000)
    assert (invoice.status, invoice.number, invoice.overdue) == ("open", "INV-2024-000001", False)
    assert invoice.due_date == date(2024, 2, 15)
    [listed] = await everything(client.get_invoices(status="open"))
    assert listed == invoice
    with pytest.raises(PermissionDeniedError) as caught:
        await client.create_invoice(customer_id="user_2", items=ITEMS)
    assert caught.value.code == "customer_mismatch"


@story
async def test_us1_usage_is_counted_against_the_free_quota(cast: Cast) -> None:
    client = cast.billing()
    record = await client.record_usage(metric="api_calls", quantity=150)
    assert record.quota is not None
    assert (record.quota.limit, record.quota.used, record.quota.remaining) == (1000, 150, 850)
    over = await client.record_usage(metric="api_calls", quantity=851)
    assert over.quota is not None
    assert (over.quota.used, over.quota.remaining, over.quota.exceeded) == (1001, 0, True)


@story
async def test_subscribing_charges_the_price_and_the_period_runs_a_month(cast: Cast) -> None:
    client = cast.subscriptions()
    with pytest.raises(NotFoundError) as caught:
        await client.get_subscription()
    assert caught.value.code == "subscription_not_found"
    made = await client.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    assert (made.status, made.plan.price, made.plan.interval) == ("active", 2999, "month")
    assert made.current_period_end == datetime(2024, 2, 28, tzinfo=UTC)
    assert await client.get_subscription() == made
    assert cast.server.events.types() == [
        "invoice.created",
        "invoice.finalized",
        "payment.created",
        "payment.succeeded",
        "invoice.paid",
        "subscription.created",
    ]
    with pytest.raises(ConflictError) as again:
        await client.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    assert again.value.code == "subscription_exists"
    assert cast.server.ledger.balance("platform:revenue:subscriptions", "usd") == 2999


@story
async def test_sb3_the_pages_snippet_subscribes_without_a_method(cast: Cast) -> None:
    made = await cast.payments().create_subscription(plan_id="plan_pro_monthly")
    assert made.status == "incomplete"
    assert made.latest_payment_intent is not None
    assert made.latest_payment_intent.status == "requires_payment_method"
    await cast.payments().confirm_intent(
        made.latest_payment_intent.payment_intent_id, payment_method_id="pm_card_visa"
    )
    assert (await cast.subscriptions().get_subscription()).status == "active"


@story
async def test_a_declined_subscription_is_not_stored(cast: Cast) -> None:
    client = cast.subscriptions()
    with pytest.raises(CardDeclinedError):
        await client.create_subscription(
            plan_id="plan_pro_monthly", payment_method_id="pm_card_chargeDeclined"
        )
    with pytest.raises(NotFoundError):
        await client.get_subscription()
    assert cast.server.events.types() == ["payment.created", "payment.failed"]


@story
async def test_ch2_changing_to_the_annual_plan_is_prorated_to_the_second(cast: Cast) -> None:
    client = cast.subscriptions()
    await client.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    cast.server.clock.set("2024-02-13T00:00:00Z")
    changed = await client.change_plan(new_plan_id="plan_enterprise_annual", prorate=True)
    assert (changed.plan.id, changed.status) == ("plan_enterprise_annual", "active")
    assert changed.current_period_end == datetime(2025, 2, 13, tzinfo=UTC)
    newest, first = await everything(cast.billing().get_invoices())
    assert [(item.unit_price, item.amount) for item in newest.items] == [(-1451, -1451), (299900, 299900)]
    assert (newest.total, newest.amount_paid, first.total) == (298449, 298449, 2999)


@story
async def test_cn2_a_cancellation_at_period_end_ends_the_subscription_then(cast: Cast) -> None:
    client = cast.subscriptions()
    await client.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    canceled = await client.cancel_subscription(at_period_end=True, reason="switching_to_competitor")
    assert (canceled.status, canceled.cancel_at_period_end) == ("active", True)
    assert canceled.cancellation_reason == "switching_to_competitor"
    cast.server.clock.set("2024-02-27T23:59:59Z")
    assert (await client.get_subscription()).status == "active"
    cast.server.clock.set("2024-02-28T00:00:00Z")
    ended = await client.get_subscription()
    assert (ended.status, ended.ended_at) == ("canceled", datetime(2024, 2, 28, tzinfo=UTC))
    assert cast.server.events.types()[-1] == "subscription.canceled"
    assert len(await everything(cast.billing().get_invoices())) == 1


@story
async def test_a_month_passes_and_the_subscription_renews(cast: Cast) -> None:
    client = cast.subscriptions()
    await client.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    cast.server.clock.advance(days=32)
    renewed = await client.get_subscription()
    assert renewed.current_period_start == datetime(2024, 2, 28, tzinfo=UTC)
    assert renewed.current_period_end == datetime(2024, 3, 28, tzinfo=UTC)
    assert [invoice.amount_paid for invoice in await everything(cast.billing().get_invoices())] == [
        2999,
        2999,
    ]
    assert cast.server.ledger.balance("external:card", "usd") == -5998
