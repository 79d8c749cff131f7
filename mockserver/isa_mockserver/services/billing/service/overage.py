"""What was used beyond the quota, as invoice lines (rules 4.3: QU-3, QU-6, US-6)."""

from __future__ import annotations

from collections.abc import Sequence

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import INVOICES, BilledUsage, Line
from isa_mockserver.services.billing.model.usage import BILLED_METRIC, USAGE
from isa_mockserver.services.ports.invoicing import EndedPeriods, QuotaPeriod, QuotaSpan

from .metering import series_of, used_in

_MONTHS = "January February March April May June July August September October November December".split()

UsageLines = tuple[tuple[Line, ...], tuple[BilledUsage, ...]]


def units_beyond(spans: Sequence[QuotaSpan], used: Sequence[int]) -> list[int]:
    """The units of each span beyond its limit, when the spans of a period fill one after the other.

    Each limit holds for the time when its plan was in force, and what came before counts (rules QU-6).
    """
    beyond, total = [], 0
    for span, quantity in zip(spans, used, strict=True):
        before, total = total, total + quantity
        beyond.append(0 if span.limit is None else max(0, total - max(span.limit, before)))
    return beyond


def usage_lines(unit: Unit, owner: str, subscription_id: str, periods: EndedPeriods) -> UsageLines:
    """The lines for what these ended periods used beyond their quotas and no invoice has billed yet."""
    series = series_of(owner, BILLED_METRIC)
    if not unit.has_committed(USAGE, "series", series):
        return (), ()
    billed_before = _billed_before(unit, subscription_id)
    lines, billed = [], []
    for period in periods():
        used = [used_in(unit, series, span.start, span.end) for span in period.spans]
        for span, beyond in zip(period.spans, units_beyond(period.spans, used), strict=True):
            units = beyond - billed_before.get(span.start, 0)
            if span.unit_price and units:
                lines.append(_line(period, units, span.unit_price))
                billed.append(BilledUsage(span.start, units))
    return tuple(lines), tuple(billed)


def _billed_before(unit: Unit, subscription_id: str) -> dict[object, int]:
    billed: dict[object, int] = {}
    for invoice in unit.find(INVOICES, "subscription_id", subscription_id):
        if invoice.status != "draft":
            for usage in invoice.usage:
                billed[usage.span_start] = billed.get(usage.span_start, 0) + usage.units
    return billed


def _line(period: QuotaPeriod, units: int, price: int) -> Line:
    return Line(
        description=f"API Usage - {_MONTHS[period.start.month - 1]}",
        quantity=abs(units),
        unit_price=price if units > 0 else -price,
        period_start=period.start,
        period_end=period.end,
        metered=True,
    )
