"""Invariants 20 to 24 of rules 8.8, and what a debt makes of a subscription."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.properties.town import Town

LIVE = ("trialing", "active", "past_due", "unpaid", "paused")
ENDED = ("canceled", "incomplete_expired")
MONTHS = {"plan_free": 1, "plan_pro_monthly": 1, "plan_enterprise_annual": 12}


def one_live_subscription_a_user(town: Town) -> Iterator[str]:
    """20: at most one."""
    live: dict[str, int] = defaultdict(int)
    for sub in town.rows("subscriptions"):
        live[sub.owner] += sub.status in LIVE
    yield from (f"{owner} has {count} live subscriptions" for owner, count in live.items() if count > 1)


def later(anchor: datetime, months: int) -> datetime:
    """PE-1: so many months after the anchor, the day cut to the month's length."""
    year, month = anchor.year + (anchor.month - 1 + months) // 12, (anchor.month - 1 + months) % 12 + 1
    return anchor.replace(year=year, month=month, day=min(anchor.day, monthrange(year, month)[1]))


def periods_touch(town: Town) -> Iterator[str]:
    """21: a period ends k intervals after the anchor and begins where the one before ended."""
    for sub in town.rows("subscriptions"):
        if sub.current_period_end != later(sub.anchor, sub.period_number * MONTHS[sub.plan_id]):
            yield f"{sub.id} ends at {sub.current_period_end}, anchored at {sub.anchor}"
    for commit in town.chronicle.commits:
        for old, new in commit.changed("subscriptions"):
            if old and new and not _follows(old, new):
                yield f"{new.id} went on from {old.current_period_end} at {new.current_period_start}"
    yield from _overlaps(town)


def _follows(old: Any, new: Any) -> bool:
    """The same period, the one that touches it, or one that cuts it short and is anchored anew (CH-2)."""
    start = new.current_period_start
    cut_short = start == new.anchor and start >= old.current_period_start
    return start in (old.current_period_start, old.current_period_end) or cut_short


def _overlaps(town: Town) -> Iterator[str]:
    ends: dict[str, datetime] = {}
    for span in sorted(town.rows("plan_spans"), key=lambda span: (span.start, span.end)):
        if span.owner in ends and span.start < ends[span.owner]:
            yield f"two plans are in force for {span.owner} at {span.start}"
        ends[span.owner] = span.end


def no_more_comes_back_than_was_paid(town: Town) -> Iterator[str]:
    """22, RF-9: credits out of a charge and its refunds stay within it, and within all that was paid.

    A charge is what an invoice charges, also where a credit of its own left less of it to the card.
    """
    charged = {row.id: sum(max(0, line.amount) for line in row.lines) for row in town.rows("invoices")}
    for row in town.rows("payment_intents"):
        charge = charged.get(row.reference.id, 0) if row.reference else 0
        if row.credits_granted and not 0 < row.credits_granted + row.amount_refunded <= charge:
            yield f"{row.id} gave {row.credits_granted} and {row.amount_refunded} back of {charge}"
    kept: dict[str, int] = defaultdict(int)
    for row in town.rows("invoices"):
        if row.subscription_id and row.status == "paid":
            kept[row.subscription_id] += row.total - row.amount_refunded
    yield from (f"{sub} was paid {amount} in all" for sub, amount in kept.items() if amount < 0)


def previews_come_true(town: Town) -> Iterator[str]:
    """23: what the preview said is what was billed at the same instant, line by line."""
    for seen in town.chronicle.changes:
        total = sum(invoice.total for invoice in seen.invoices)
        if total != seen.preview["total"]:
            yield f"previewed {seen.preview['total']}, billed {total}"
        lines = sorted((line.description, line.amount) for row in seen.invoices for line in row.lines)
        said = sorted((line["description"], line["amount"]) for line in seen.preview["lines"])
        if lines != said:
            yield f"previewed {said}, billed {lines}"


def customer_balances_reconcile(town: Town) -> Iterator[str]:
    """24: granted less applied, and what open invoices were promised is kept for them."""
    for (owner, currency), amount in _drawn(town).items():
        if town.balance(f"customer_balance:{owner}", currency) != -amount:
            yield f"the balance of {owner} is not {-amount} {currency}"
    promised: dict[str, int] = defaultdict(int)
    for row in town.rows("invoices"):
        if row.status in ("open", "uncollectible"):
            promised[f"{row.owner}|{row.currency}"] += row.balance_applied
    kept = {row.id: row.promised for row in town.rows("customer_accounts")}
    for account, amount in promised.items():
        if kept.get(account, 0) != amount:
            yield f"{account} was promised {amount}, and {kept.get(account, 0)} is kept"


def _drawn(town: Town) -> Mapping[tuple[str, str], int]:
    drawn: dict[tuple[str, str], int] = defaultdict(int)
    for row in town.rows("invoices"):
        if row.status == "paid":
            drawn[row.owner, row.currency] += row.total if row.total < 0 else row.balance_applied
    for transaction in town.world.ledger.transactions:
        for posting in transaction.postings if transaction.reference.type == "overpayment" else ():
            owner = posting.destination.removeprefix("customer_balance:")
            drawn[owner, posting.currency] -= posting.amount
    return drawn


def debts_make_past_due(town: Town) -> Iterator[str]:
    """DU-4: past due and unpaid are those who owe a dunned invoice, and nobody else."""
    owing: dict[str, list[Any]] = defaultdict(list)
    for row in town.rows("invoices"):
        if row.subscription_id and row.status == "open" and row.dunned:
            owing[row.subscription_id].append(row)
    for sub in town.rows("subscriptions"):
        failed = [row for row in owing[sub.id] if row.first_failed_at]
        if sub.status in ("past_due", "unpaid"):
            if not owing[sub.id]:
                yield f"{sub.id} is {sub.status} and owes nothing"
        elif sub.status in LIVE and failed:
            yield f"{sub.id} is {sub.status} and owes {failed[0].id}"


def what_is_awaited_is_shown_as_it_is(town: Town) -> Iterator[str]:
    """SB-1: an invoice and its subscription tell the state that the intent is in."""
    status = {row.id: row.status for row in town.rows("payment_intents")}
    for row in [*town.rows("invoices"), *town.rows("subscriptions")]:
        awaited = row.awaiting if row.status not in ENDED else None
        if awaited and status[awaited.payment_intent_id] != awaited.status:
            yield f"{row.id} waits for {awaited}"
