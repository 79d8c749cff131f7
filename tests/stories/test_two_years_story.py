"""Two years of one subscription: trial, downgrade, two upgrades, a failed renewal, recovery, the end.

Every invoice is checked to the cent and every event in order. The amounts follow from the rules:
SB-5 (trial), CH-1 (same interval), CH-2 and CH-3 (interval change, credit to the customer balance), CH-8
(to Free), QU-5 (renewal an hour after the period's end), DU-1 and DU-3 (dunning, recovery by a new method),
BL-12 (balance applied), CN-2 (scheduled cancellation).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from isa_user import Invoice

from .colours import Cast, everything, story

BILLED = ["invoice.created", "invoice.finalized"]
CHARGED = [*BILLED, "payment.created", "payment.succeeded", "invoice.paid"]
SETTLED_BY_BALANCE = [*BILLED, "invoice.paid"]
RENEWAL_BEGINS = ["subscription.renewed", "invoice.created"]
DEPOSITED = ["payment.created", "payment.succeeded", "wallet.deposited"]


class Diary:
    """What happened since the last look."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._read = 0

    def news(self) -> list[str]:
        types = self._cast.server.events.types()
        fresh, self._read = types[self._read :], len(types)
        return fresh


async def newest_invoice(cast: Cast) -> Invoice:
    page = await cast.billing().get_invoices(limit=1)
    return page.data[0]


def lines(invoice: Invoice) -> Sequence[int]:
    return [item.amount for item in invoice.items]


@story
async def test_a_subscription_lives_two_years(cast: Cast) -> None:
    subscriptions, wallets = cast.subscriptions(), cast.wallets()
    clock, diary = cast.server.clock, Diary(cast)

    # 2024-01-28: a card on file, and fourteen days of trial, which cost nothing.
    await wallets.deposit(amount=1000, currency="usd", payment_method_id="pm_card_visa")
    assert diary.news() == DEPOSITED
    trial = await subscriptions.create_subscription(plan_id="plan_pro_monthly", trial_days=14)
    assert (trial.status, trial.trial_end) == ("trialing", datetime(2024, 2, 11, tzinfo=UTC))
    assert diary.news() == ["subscription.created"]

    # 2024-02-11: the trial ends and the first month is paid.
    clock.set("2024-02-11T00:00:00Z")
    paid = await subscriptions.get_subscription()
    assert (paid.status, paid.current_period_end) == ("active", datetime(2024, 3, 11, tzinfo=UTC))
    assert diary.news() == ["subscription.trial_will_end", *CHARGED, "subscription.updated"]
    first = await newest_invoice(cast)
    assert (first.total, first.amount_paid, first.status) == (2999, 2999, "paid")

    # Half of 29 days later: down to Free. 2999 / 2 = 1499.5, away from zero 1500, kept as balance.
    clock.set("2024-02-25T12:00:00Z")
    free = await subscriptions.change_plan(new_plan_id="plan_free")
    assert (free.plan.id, free.current_period_end) == ("plan_free", datetime(2024, 3, 11, tzinfo=UTC))
    credit = await newest_invoice(cast)
    assert (credit.total, credit.amount_due, credit.status) == (-1500, 0, "paid")
    assert cast.server.ledger.balance("customer_balance:user_1", "usd") == 1500
    assert diary.news() == [*SETTLED_BY_BALANCE, "subscription.updated"]

    # Free renews silently (SB-6); half of March's 31 days on, up to Pro: 1500, all of it paid by the balance.
    clock.set("2024-03-26T12:00:00Z")
    assert diary.news() == []
    await subscriptions.change_plan(new_plan_id="plan_pro_monthly")
    upgrade = await newest_invoice(cast)
    assert (upgrade.total, upgrade.customer_balance_applied, upgrade.amount_due) == (1500, 1500, 0)
    assert cast.server.ledger.balance("customer_balance:user_1", "usd") == 0
    assert diary.news() == [*SETTLED_BY_BALANCE, "subscription.updated"]

    # 2024-04-11: a renewal, charged an hour after the period's end.
    clock.set("2024-04-11T00:59:59Z")
    assert (await newest_invoice(cast)).status == "draft"
    clock.set("2024-04-11T01:00:00Z")
    renewal = await newest_invoice(cast)
    assert (renewal.total, renewal.amount_paid, renewal.status) == (2999, 2999, "paid")
    assert diary.news() == [
        *RENEWAL_BEGINS,
        "invoice.finalized",
        "payment.created",
        "payment.succeeded",
        "invoice.paid",
    ]

    # Half of 30 days later: up to the annual plan, 299900 - 1500.
    clock.set("2024-04-26T00:00:00Z")
    annual = await subscriptions.change_plan(new_plan_id="plan_enterprise_annual")
    assert annual.current_period_end == datetime(2025, 4, 26, tzinfo=UTC)
    big = await newest_invoice(cast)
    assert (lines(big), big.total, big.amount_paid) == ([-1500, 299900], 298400, 298400)
    assert diary.news() == [*CHARGED, "subscription.updated"]

    # A year on the last card that worked refuses off session: past due, two more attempts.
    clock.set("2025-04-01T00:00:00Z")
    await wallets.deposit(amount=1000, currency="usd", payment_method_id="pm_card_chargeCustomerFail")
    assert diary.news() == DEPOSITED
    clock.set("2025-04-26T01:00:00Z")
    late = await subscriptions.get_subscription()
    assert (late.status, late.current_period_end) == ("past_due", datetime(2026, 4, 26, tzinfo=UTC))
    assert diary.news() == [
        *RENEWAL_BEGINS,
        "invoice.finalized",
        "payment.created",
        "payment.failed",
        "invoice.payment_failed",
        "subscription.past_due",
    ]
    clock.set("2025-04-30T00:00:00Z")
    chased = await newest_invoice(cast)
    assert (chased.attempt_count, chased.status) == (3, "open")
    assert chased.next_payment_attempt == datetime(2025, 5, 3, 1, tzinfo=UTC)
    assert diary.news() == ["payment.created", "payment.failed", "invoice.payment_failed"] * 2

    # A good card becomes the default method, and the open invoice is paid with it at once.
    await wallets.deposit(amount=1000, currency="usd", payment_method_id="pm_card_visa")
    recovered = await subscriptions.get_subscription()
    assert (recovered.status, recovered.current_period_end) == ("active", datetime(2026, 4, 26, tzinfo=UTC))
    assert [invoice.amount_paid for invoice in (await cast.billing().get_invoices(limit=1)).data] == [299900]
    collected = ["payment.created", "payment.succeeded", "invoice.paid", "subscription.updated"]
    assert diary.news() == [*DEPOSITED, *collected]

    # 2025-08-01: down to Pro with 268 of 365 days left: 299900 * 268 / 365 = 220200.55, so 220201.
    clock.set("2025-08-01T00:00:00Z")
    await subscriptions.change_plan(new_plan_id="plan_pro_monthly")
    down = await newest_invoice(cast)
    assert (lines(down), down.total, down.amount_due) == ([-220201, 2999], -217202, 0)
    assert cast.server.ledger.balance("customer_balance:user_1", "usd") == 217202
    assert diary.news() == [*SETTLED_BY_BALANCE, "subscription.updated"]

    # Five renewals are paid by the balance.
    clock.set("2026-01-15T00:00:00Z")
    assert cast.server.ledger.balance("customer_balance:user_1", "usd") == 217202 - 5 * 2999
    assert diary.news() == [*RENEWAL_BEGINS, "invoice.finalized", "invoice.paid"] * 5

    # The end, at the end of the period.
    told = await subscriptions.cancel_subscription(reason="enough")
    assert (told.status, told.cancel_at_period_end) == ("active", True)
    clock.set("2026-02-01T00:00:00Z")
    ended = await subscriptions.get_subscription()
    assert (ended.status, ended.ended_at) == ("canceled", datetime(2026, 2, 1, tzinfo=UTC))
    assert diary.news() == ["subscription.updated", "subscription.canceled"]

    totals = [invoice.total for invoice in await everything(cast.billing().get_invoices())]
    assert totals == [*[2999] * 5, -217202, 299900, 298400, 2999, 1500, -1500, 2999]
    numbers = [invoice.number for invoice in await everything(cast.billing().get_invoices())]
    assert sorted(filter(None, numbers)) == [
        *(f"INV-2024-00000{n}" for n in range(1, 6)),
        *(f"INV-2025-00000{n}" for n in range(1, 7)),
        "INV-2026-000001",
    ]
    charged = 2999 + 2999 + 298400 + 299900 + 3 * 1000
    assert cast.server.ledger.balance("external:card", "usd") == -charged
