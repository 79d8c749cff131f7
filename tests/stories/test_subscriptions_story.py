"""Trials, pauses, previews and the ways back (rules 5.1, 5.3 to 5.5)."""

from __future__ import annotations

from datetime import UTC, datetime

from isa_user import (
    CardDeclinedError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    Subscription,
    SubscriptionClient,
)

from .colours import Cast, everything, story
from .failures import fails

PRO, ENTERPRISE, FREE = "plan_pro_monthly", "plan_enterprise_annual", "plan_free"
NOT_ACTIVE = "Read the subscription and decide by its status; an ended one is bought anew."


async def _subscribed(client: SubscriptionClient, trial_days: int | None = None) -> Subscription:
    return await client.create_subscription(
        plan_id=PRO, payment_method_id="pm_card_visa", trial_days=trial_days
    )


@story
async def test_5_1_the_catalogue_has_three_plans_with_their_prices_and_quotas(cast: Cast) -> None:
    plans = await everything(cast.subscriptions().get_plans())
    assert [(plan.id, plan.price, plan.interval, plan.quota.api_calls) for plan in plans] == [
        (FREE, 0, "month", 1000),
        (PRO, 2999, "month", 50_000),
        (ENTERPRISE, 299_900, "year", None),
    ]


@story
async def test_sb5_a_trial_costs_nothing_until_it_ends_and_then_a_period_starts(cast: Cast) -> None:
    client = cast.subscriptions()
    made = await _subscribed(client, trial_days=14)
    end = datetime(2024, 2, 11, tzinfo=UTC)
    assert (made.status, made.trial_end, made.current_period_end) == ("trialing", end, end)
    assert cast.server.ledger.balance("external:card", "usd") == 0
    cast.server.clock.set("2024-02-08T00:00:00Z")
    assert cast.server.events.types()[-1] == "subscription.trial_will_end"
    cast.server.clock.set("2024-02-11T00:00:00Z")
    active = await client.get_subscription()
    assert (active.status, active.billing_cycle_anchor) == ("active", end)
    assert active.current_period_end == datetime(2024, 3, 11, tzinfo=UTC)
    assert cast.server.ledger.balance("external:card", "usd") == -2999


@story
async def test_sb5_a_user_has_one_trial(cast: Cast) -> None:
    client = cast.subscriptions()
    await _subscribed(client, trial_days=14)
    await client.cancel_subscription(at_period_end=False)
    says = "Subscribe without trial_days; a user has one trial."
    with fails(ConflictError, 409, "trial_already_used", says=says, param="trial_days"):
        await _subscribed(client, trial_days=14)


@story
async def test_5_3_a_trial_without_a_method_is_paused_at_its_end_and_resumed_with_one(cast: Cast) -> None:
    client = cast.subscriptions()
    await client.create_subscription(plan_id=PRO, trial_days=14)
    cast.server.clock.set("2024-02-11T00:00:00Z")
    assert (await client.get_subscription()).status == "paused"
    cast.server.clock.set("2024-02-20T00:00:00Z")
    says = "Pass payment_method_id=; no default method is on file for this user."
    with fails(InvalidRequestError, 422, "payment_method_required", says=says, param="payment_method_id"):
        await client.resume_subscription()
    with fails(
        CardDeclinedError,
        402,
        "card_declined",
        decline_code="generic_decline",
        says="Ask for another payment method.",
    ):
        await client.resume_subscription(payment_method_id="pm_card_chargeDeclined")
    resumed = await client.resume_subscription(payment_method_id="pm_card_visa")
    assert (resumed.status, resumed.current_period_start) == ("active", datetime(2024, 2, 20, tzinfo=UTC))
    assert cast.server.ledger.balance("external:card", "usd") == -2999


@story
async def test_5_3_a_pause_keeps_the_rest_of_the_period(cast: Cast) -> None:
    """Half of the 31 days from 28 January is left: 15 days and 12 hours."""
    client = cast.subscriptions()
    await _subscribed(client)
    cast.server.clock.set("2024-02-12T12:00:00Z")
    paused = await client.pause_subscription()
    assert paused.status == "paused"
    with fails(ConflictError, 409, "subscription_not_active", says=NOT_ACTIVE):
        await client.pause_subscription()
    cast.server.clock.set("2024-03-01T00:00:00Z")
    assert (await client.get_subscription()).status == "paused"
    resumed = await client.resume_subscription()
    end = datetime(2024, 3, 16, 12, tzinfo=UTC)
    assert (resumed.status, resumed.current_period_end, resumed.billing_cycle_anchor) == ("active", end, end)
    assert cast.server.events.types()[-2:] == ["subscription.paused", "subscription.resumed"]
    assert cast.server.ledger.balance("external:card", "usd") == -2999


@story
async def test_cn5_a_cancellation_at_period_end_is_taken_back_in_time(cast: Cast) -> None:
    client = cast.subscriptions()
    await _subscribed(client)
    says = "Nothing has to be done: no cancellation is pending."
    with fails(ConflictError, 409, "subscription_not_scheduled_to_cancel", says=says):
        await client.resume_subscription()
    canceled = await client.cancel_subscription()
    assert (canceled.cancel_at_period_end, canceled.canceled_at) == (True, datetime(2024, 1, 28, tzinfo=UTC))
    back = await client.resume_subscription()
    assert (back.status, back.cancel_at_period_end, back.canceled_at) == ("active", False, None)
    await client.cancel_subscription(at_period_end=False)
    with fails(ConflictError, 409, "subscription_not_active", says=NOT_ACTIVE):
        await client.resume_subscription()


@story
async def test_ch10_a_preview_equals_the_change_at_the_same_instant(cast: Cast) -> None:
    """Rules CH-2: hu(2999*1296000/2678400) = 1451, and 299900 - 1451 = 298449."""
    client = cast.subscriptions()
    await _subscribed(client)
    cast.server.clock.set("2024-02-13T00:00:00Z")
    before = await client.get_subscription()
    preview = await client.preview_change(new_plan_id=ENTERPRISE)
    assert [line.amount for line in preview.lines] == [-1451, 299_900]
    assert (preview.total, preview.amount_due) == (298_449, 298_449)
    assert preview.effective_at == datetime(2024, 2, 13, tzinfo=UTC)
    assert preview.period_end == datetime(2025, 2, 13, tzinfo=UTC)
    assert await client.get_subscription() == before
    changed = await client.change_plan(new_plan_id=ENTERPRISE)
    assert changed.current_period_end == preview.period_end
    [invoice, _] = await everything(cast.billing().get_invoices())
    assert invoice.items == preview.lines
    assert (invoice.total, invoice.amount_due) == (preview.total, preview.amount_due)


@story
async def test_ch3_the_preview_of_a_downgrade_shows_a_credit_and_nothing_due(cast: Cast) -> None:
    """Rules CH-3: 2999 - 160602 = -157603."""
    client = cast.subscriptions()
    await _subscribed(client)
    cast.server.clock.set("2024-02-13T00:00:00Z")
    await client.change_plan(new_plan_id=ENTERPRISE)
    cast.server.clock.set("2024-08-01T00:00:00Z")
    preview = await client.preview_change(new_plan_id=PRO)
    assert (preview.total, preview.amount_due) == (-157_603, 0)
    unprorated = await client.preview_change(new_plan_id=PRO, prorate=False)
    assert (unprorated.total, unprorated.amount_due) == (2999, 2999)


@story
async def test_ch6_a_change_that_is_none_or_to_nowhere_is_refused_in_the_preview_too(cast: Cast) -> None:
    client = cast.subscriptions()
    with fails(
        NotFoundError,
        404,
        "subscription_not_found",
        says="Create a subscription first; until then the user has the free plan.",
    ):
        await client.preview_change(new_plan_id=PRO)
    await _subscribed(client)
    on_plan = "Nothing has to be done: the subscription has that plan already."
    check = "Use the id of a plan that get_plans() lists."
    for call in (client.preview_change, client.change_plan):
        with fails(ConflictError, 409, "already_on_plan", says=on_plan, param="new_plan_id"):
            await call(new_plan_id=PRO)
        with fails(NotFoundError, 404, "plan_not_found", says=check, param="new_plan_id"):
            await call(new_plan_id="plan_gold")


@story
async def test_ch5_a_change_that_needs_authentication_is_pending_until_it_is_paid(cast: Cast) -> None:
    client = cast.subscriptions()
    await client.create_subscription(plan_id=PRO, payment_method_id="pm_card_authenticationRequired")
    first = (await client.get_subscription()).latest_payment_intent
    assert first is not None
    cast.authenticate(first.payment_intent_id)
    waiting = await client.change_plan(new_plan_id=ENTERPRISE)
    assert (waiting.plan.id, waiting.response.status) == (PRO, 202)
    assert waiting.pending_change is not None
    assert waiting.pending_change.plan_id == ENTERPRISE
    assert waiting.pending_change.expires_at == datetime(2024, 1, 28, 23, tzinfo=UTC)
    assert waiting.latest_payment_intent is not None
    cast.authenticate(waiting.latest_payment_intent.payment_intent_id)
    changed = await client.get_subscription()
    assert (changed.plan.id, changed.pending_change) == (ENTERPRISE, None)


@story
async def test_cn3_an_immediate_cancellation_keeps_the_unused_time_as_credit_when_asked(cast: Cast) -> None:
    """Half of the period is left: hu(2999/2) = 1500, which the next invoice uses."""
    client = cast.subscriptions()
    await _subscribed(client)
    cast.server.clock.set("2024-02-12T12:00:00Z")
    ended = await client.cancel_subscription(at_period_end=False, prorate=True, reason="moving")
    assert (ended.status, ended.ended_at) == ("canceled", datetime(2024, 2, 12, 12, tzinfo=UTC))
    assert ended.cancellation_reason == "moving"
    again = await _subscribed(client)
    assert again.subscription_id != ended.subscription_id
    [invoice, credit, _] = await everything(cast.billing().get_invoices())
    assert (credit.total, credit.amount_due, credit.status) == (-1500, 0, "paid")
    assert (invoice.total, invoice.customer_balance_applied, invoice.amount_paid) == (2999, 1500, 1499)


@story
async def test_sb4_a_second_subscription_is_refused_with_the_way_to_change(cast: Cast) -> None:
    client = cast.subscriptions()
    made = await _subscribed(client)
    with fails(
        ConflictError,
        409,
        "subscription_exists",
        context={"subscription_id": made.subscription_id},
        says="Change the existing subscription (change_plan) or cancel it first.",
    ):
        await _subscribed(client)
