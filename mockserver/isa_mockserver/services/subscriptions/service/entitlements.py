"""Which quota is in force when: the stretches of paid plans, and the Free plan around them (QU-6, SB-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports.invoicing import QuotaPeriod, QuotaSpan
from isa_mockserver.services.subscriptions.model.plans import FREE, METERED, Catalogue
from isa_mockserver.services.subscriptions.model.subscription import (
    PLAN_SPANS,
    SUBSCRIPTIONS,
    PlanSpan,
    Subscription,
)

from .periods import after

Spans = Sequence[PlanSpan]


def grant(unit: Unit, catalogue: Catalogue, sub: Subscription, start: datetime) -> None:
    """The subscription's plan is in force from `start` to the end of its present period."""
    if catalogue[sub.plan_id].price == 0 or start >= sub.current_period_end:
        return
    span = PlanSpan(
        id=unit.new_id("span"),
        owner=sub.owner,
        created_at=unit.now,
        subscription_id=sub.id,
        plan_id=sub.plan_id,
        start=start,
        end=sub.current_period_end,
        period_start=sub.current_period_start,
        period_end=sub.current_period_end,
        billed=sub.status != "trialing",
    )
    unit.put(PLAN_SPANS, span)


def cut(unit: Unit, sub: Subscription, at: datetime) -> None:
    """The plan is no longer in force from `at` on; its period goes on."""
    _rewrite(unit, sub, lambda spans: cut_at(spans, at))


def close(unit: Unit, sub: Subscription, at: datetime) -> None:
    """The plan and its usage period end at `at`."""
    _rewrite(unit, sub, lambda spans: closed_at(spans, sub.current_period_start, at))


def suspend(unit: Unit, sub: Subscription, at: datetime) -> None:
    """The plan is not in force from `at` on; when its period ends is open."""
    _rewrite(unit, sub, lambda spans: _ending(cut_at(spans, at), sub.current_period_start, None))


def restore(unit: Unit, catalogue: Catalogue, sub: Subscription) -> None:
    """The plan is in force again from now to the end of the present period."""
    _rewrite(unit, sub, lambda spans: _ending(spans, sub.current_period_start, sub.current_period_end))
    grant(unit, catalogue, sub, unit.now)


def cut_at(spans: Iterable[PlanSpan], at: datetime) -> list[PlanSpan]:
    """The spans up to `at`."""
    return [span._replace(end=min(span.end, at)) for span in spans if span.start < at]


def closed_at(spans: Spans, period_start: datetime, at: datetime) -> list[PlanSpan]:
    """The spans up to `at`, where the period that began at `period_start` ends."""
    return _ending(cut_at(spans, at), period_start, at)


def ended_periods(spans: Spans, catalogue: Catalogue, until: datetime) -> tuple[QuotaPeriod, ...]:
    """The quota periods that have ended by `until`, oldest first: what overage is reckoned from."""
    periods: dict[datetime, list[PlanSpan]] = {}
    for span in spans:
        if span.period_end and span.period_end <= until:
            periods.setdefault(span.period_start, []).append(span)
    return tuple(_period(own, catalogue, closed=True) for _, own in sorted(periods.items()))


def spans_of(unit: Unit, sub: Subscription) -> list[PlanSpan]:
    """The stretches of this subscription, oldest first."""
    return sorted(unit.find(PLAN_SPANS, "subscription_id", sub.id), key=lambda span: span.start)


def quota_in_force(
    unit: Unit, owner: str, metric: str, at: datetime, *, catalogue: Catalogue
) -> QuotaPeriod | None:
    """The quota period that holds `at`: the port QuotaInForce (rules 4.3)."""
    if metric != METERED:
        return None
    spans = sorted(unit.find(PLAN_SPANS, "owner", owner), key=lambda span: span.start)
    span = next((span for span in reversed(spans) if span.start <= at < span.end), None)
    if span is None:
        return _free_period(spans, at)
    own = [
        each
        for each in spans
        if each.subscription_id == span.subscription_id and each.period_start == span.period_start
    ]
    sub = unit.get(SUBSCRIPTIONS, span.subscription_id)
    billed_until = sub.usage_billed_until if sub else None
    closed = bool(billed_until and span.period_end and span.period_end <= billed_until)
    return _period(own, catalogue, closed=closed)


def _period(own: Spans, catalogue: Catalogue, *, closed: bool) -> QuotaPeriod:
    """The period that all of these spans are in."""
    return QuotaPeriod(
        start=own[0].period_start,
        end=own[-1].period_end or own[-1].end,
        spans=tuple(_quota_span(span, catalogue) for span in own),
        closed=closed,
    )


def _quota_span(span: PlanSpan, catalogue: Catalogue) -> QuotaSpan:
    plan = catalogue[span.plan_id]
    price = plan.overage_price if span.billed else None
    return QuotaSpan(start=span.start, end=span.end, limit=plan.quota, unit_price=price)


def _free_period(paid: Spans, at: datetime) -> QuotaPeriod:
    """The UTC month of `at`, in the stretches that no paid plan covers (rules A13)."""
    start = at.replace(day=1, hour=0, minute=0, second=0)
    end = after(start, "month", 1)
    spans, since = [], start
    for span in paid:
        if since < min(span.start, end):
            spans.append((since, min(span.start, end)))
        since = max(since, span.end)
    if since < end:
        spans.append((since, end))
    free = (QuotaSpan(start=a, end=b, limit=FREE.quota, unit_price=None) for a, b in spans)
    return QuotaPeriod(start=start, end=end, spans=tuple(free))


def _ending(spans: Iterable[PlanSpan], period_start: datetime, end: datetime | None) -> list[PlanSpan]:
    return [s._replace(period_end=end) if s.period_start == period_start else s for s in spans]


def _rewrite(unit: Unit, sub: Subscription, change: Callable[[Spans], list[PlanSpan]]) -> None:
    before = {span.id: span for span in spans_of(unit, sub)}
    after_ = {span.id: span for span in change(list(before.values()))}
    for span_id, span in before.items():
        changed = after_.get(span_id)
        if changed is None:
            unit.delete(PLAN_SPANS, span_id)
        elif changed != span:
            unit.put(PLAN_SPANS, changed)
