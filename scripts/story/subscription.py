"""A chapter, sync: a subscription is bought, renews, changes its plan and is told to end."""

from __future__ import annotations

from isa_user import SyncIsaUser
from isa_user.models import Invoice, Subscription
from scripts.local_server import LocalServer
from scripts.story.table import Chapter, Row, dollars

# A month at its longest, and the hour after which a renewal is charged (rules QU-5).
A_MONTH_AND_ITS_CHARGE = {"advance": "P31DT2H"}


def subscription_chapter(isa: SyncIsaUser, user: str, server: LocalServer) -> Chapter:
    """A subscription's way through a month, told from the answers."""
    bought = isa.subscriptions.create_subscription(
        plan_id="plan_pro_monthly", payment_method_id="pm_card_visa"
    )
    rows = [_row(f"{bought.plan.name} bought", "create_subscription", bought, dollars(bought.plan.price))]
    rows += _a_month_passes(isa, server, bought)
    changed = isa.subscriptions.change_plan(new_plan_id="plan_enterprise_annual", prorate=True)
    rows += _proration(changed, next(iter(isa.billing.get_invoices(limit=1))))
    canceled = isa.subscriptions.cancel_subscription(at_period_end=True, reason="end_of_story")
    if not canceled.cancel_at_period_end:
        raise RuntimeError("the cancellation was not scheduled")
    rows.append(Row("told to end", "cancel_subscription", f"{canceled.status} until {_day(canceled)}"))
    return Chapter(f"Subscription (sync, {user})", rows)


def _a_month_passes(isa: SyncIsaUser, server: LocalServer, before: Subscription) -> list[Row]:
    clock = server.control("POST", "/clock", A_MONTH_AND_ITS_CHARGE)
    after = isa.subscriptions.get_subscription()
    renewal = next(iter(isa.billing.get_invoices(limit=1)))
    if (
        after.current_period_end <= before.current_period_end
        or renewal.billing_reason != "subscription_cycle"
    ):
        raise RuntimeError("a month passed and the subscription did not renew")
    return [
        Row("a month passes", "/_mock/clock", f"now {clock['now'][:10]}, {len(clock['ran'])} jobs ran"),
        _row(f"renewed, invoice {renewal.number}", "get_subscription", after, dollars(renewal.amount_paid)),
    ]


def _proration(changed: Subscription, invoice: Invoice) -> list[Row]:
    lines = [Row(f"  {line.description}", "", "", dollars(line.amount)) for line in invoice.items]
    return [
        _row(f"changed to {changed.plan.name}", "change_plan", changed, dollars(invoice.amount_paid)),
        *lines,
    ]


def _row(what: str, call: str, subscription: Subscription, money: str) -> Row:
    return Row(what, call, f"{subscription.status} until {_day(subscription)}", money)


def _day(subscription: Subscription) -> str:
    return f"{subscription.current_period_end:%Y-%m-%d}"
