"""Invariants 16, 18 and 19 of rules 8.8: usage is counted once, whoever adds it up, and billed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from tests.properties.town import Town

LIMITS = {"plan_pro_monthly": 50_000}
"""Plan -> calls included; these are the plans whose overage is billed, at 1 cent a call (rules 4.3)."""


def every_window_adds_up(town: Town) -> Iterator[str]:
    """16: by hour, by day and by month, usage sums to what the distinct accepted events sum to."""
    for seen in town.chronicle.windows:
        expected = sum(
            record.quantity
            for record in town.rows("usage_records")
            if record.owner == seen.user and seen.start <= record.timestamp < seen.end
        )
        for window, (total, parts) in seen.reported.items():
            if (total, sum(parts)) != (expected, expected):
                yield f"{seen.user} by {window}: {total}, parts {sum(parts)}, events {expected}"


def no_usage_is_lost_or_counted_twice(town: Town) -> Iterator[str]:
    """18: each accepted event is one record; on Free nothing is billed."""
    stored: dict[tuple[str, str], int] = defaultdict(int)
    for record in town.rows("usage_records"):
        stored[record.owner, record.event_id] += record.quantity
    accepted = town.chronicle.accepted
    for key in accepted.keys() | stored.keys():
        if accepted.get(key) != stored.get(key):
            yield f"{key}: accepted {accepted.get(key)}, stored {stored.get(key)}"
    paid = {(span.subscription_id, span.start): span.plan_id for span in town.rows("plan_spans")}
    for row in town.rows("invoices"):
        for usage in row.usage:
            if paid.get((row.subscription_id, usage.span_start)) not in LIMITS:
                yield f"{row.id} bills usage of a time without a metered plan"


def usage_is_billed_once(town: Town) -> Iterator[str]:
    """19: each span bills what was used beyond its limit, never more; at a period's bill exactly that."""
    billed: dict[tuple[str, Any], int] = defaultdict(int)
    for row in town.rows("invoices"):
        for usage in row.usage if row.status != "draft" else ():
            billed[row.subscription_id, usage.span_start] += usage.units
    due = {
        (period[0].subscription_id, span.start): (least, most)
        for period in _periods(town)
        for span, least, most in _beyond(town, period)
    }
    for key, units in billed.items():
        if not 0 <= units <= due.get(key, (0, 0))[1]:
            yield f"{key} was billed {units} of {due.get(key)}"
    settled = _settled(town)
    for (subscription, start), (least, _) in due.items():
        if (subscription, start) in settled and billed[subscription, start] < least:
            yield f"{subscription} from {start} was billed {billed[subscription, start]} of {least}"


def _periods(town: Town) -> Iterator[list[Any]]:
    periods: dict[tuple[str, Any], list[Any]] = defaultdict(list)
    for span in sorted(town.rows("plan_spans"), key=lambda span: span.start):
        periods[span.subscription_id, span.period_start].append(span)
    yield from periods.values()


def _beyond(town: Town, period: Sequence[Any]) -> Iterator[tuple[Any, int, int]]:
    """The metered spans of a period, each with what it must bill at least and may bill at most.

    What arrived since the last bill of the subscription waits for the next one (rules US-6).
    """
    last = _last_bill(town, period[0].subscription_id)
    known = total = 0
    for span in period:
        records = [r for r in town.rows("usage_records") if r.owner == span.owner]
        inside = [r for r in records if r.metric == "api_calls" and span.start <= r.timestamp < span.end]
        known_before, total_before = known, total
        known += sum(r.quantity for r in inside if last and r.created_at < last)
        total += sum(r.quantity for r in inside)
        limit = LIMITS.get(span.plan_id)
        if limit is not None and span.billed:
            least = max(0, known - max(limit, known_before))
            yield span, least, max(0, total - max(limit, total_before))


def _bills(town: Town, subscription: str) -> list[Any]:
    return [
        row
        for row in town.rows("invoices")
        if row.subscription_id == subscription and row.reason == "subscription_cycle" and row.finalized_at
    ]


def _last_bill(town: Town, subscription: str) -> Any:
    return max((row.finalized_at for row in _bills(town, subscription)), default=None)


def _settled(town: Town) -> set[tuple[str, Any]]:
    """The spans of periods that had ended when the last bill of their subscription was made."""
    settled = set()
    for span in town.rows("plan_spans"):
        made = max((row.created_at for row in _bills(town, span.subscription_id)), default=None)
        if made and span.period_end and span.period_end <= made:
            settled.add((span.subscription_id, span.start))
    return settled
