"""What a change of plan costs, to the cent (rules 5.4). Pure: rows in, numbers out."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from isa_mockserver.kernel.money import round_half_away
from isa_mockserver.services.ports.invoicing import OrderLine
from isa_mockserver.services.subscriptions.model.change import Direction, PlanChange
from isa_mockserver.services.subscriptions.model.plans import Plan

from .periods import after, seconds_between


class Running(NamedTuple):
    """The period that runs when a change is asked for, and what was charged for it.

    `charged` minor units paid for `charged_seconds` that end with the period. A pause makes the period
    longer than its interval; what a share of it costs is still measured by the interval.
    """

    plan: Plan
    anchor: datetime
    period_number: int
    start: datetime
    end: datetime
    charged: int
    charged_seconds: int


def unused_credit(running: Running, at: datetime) -> int:
    """The part of the charge that pays for the time from `at` to the period's end (rules 5.4)."""
    if running.charged_seconds <= 0:
        return 0
    return round_half_away(running.charged * seconds_between(at, running.end), running.charged_seconds)


def credit_line(running: Running, at: datetime, credit: int) -> OrderLine:
    """The line that gives unused time back."""
    return OrderLine(
        description=f"Unused time on {running.plan.name}",
        unit_price=-credit,
        period_start=at,
        period_end=running.end,
    )


def direction(old: Plan, new: Plan) -> Direction:
    """Whether a change goes up or down, by what the plans cost in a year (rules CH-11)."""
    difference = _a_year_of(new) - _a_year_of(old)
    if difference == 0:
        return "lateral"
    return "upgrade" if difference > 0 else "downgrade"


def _a_year_of(plan: Plan) -> int:
    return plan.price * (12 if plan.interval == "month" else 1)


def plan_change(running: Running, new: Plan, at: datetime, *, prorate: bool) -> PlanChange:
    """The change to `new` at `at`: in place for the same interval, else a new anchor (CH-1 to CH-4, CH-8)."""
    if running.plan.interval == new.interval:
        return _in_place(running, new, at, prorate=prorate)
    return _anchored_anew(running, new, at, prorate=prorate)


def switch(running: Running, new: Plan, at: datetime) -> PlanChange:
    """The change of a trial: no money, no new dates (rules CH-6)."""
    return _in_place(running, new, at, prorate=False)


def _in_place(running: Running, new: Plan, at: datetime, *, prorate: bool) -> PlanChange:
    left = seconds_between(at, running.end)
    natural_start = after(running.anchor, running.plan.interval, running.period_number - 1)
    whole = seconds_between(natural_start, running.end)
    credit = unused_credit(running, at) if prorate else 0
    price = round_half_away(new.price * left, whole) if prorate else 0
    charge = _charge_line(f"Remaining time on {new.name}", price, at, running.end)
    return PlanChange(
        plan_id=new.id,
        at=at,
        lines=_nonzero(credit_line(running, at, credit), charge),
        credit=credit,
        charged=price if prorate else None,
        seconds=left,
        anchor=running.anchor,
        period_number=running.period_number,
        period_start=running.start,
        period_end=running.end,
        interval_changes=False,
        closes=new.price == 0,
    )


def _anchored_anew(running: Running, new: Plan, at: datetime, *, prorate: bool) -> PlanChange:
    end = after(at, new.interval, 1)
    credit = unused_credit(running, at) if prorate else 0
    charge = _charge_line(new.name, new.price, at, end)
    return PlanChange(
        plan_id=new.id,
        at=at,
        lines=_nonzero(credit_line(running, at, credit), charge),
        credit=credit,
        charged=new.price,
        seconds=seconds_between(at, end),
        anchor=at,
        period_number=1,
        period_start=at,
        period_end=end,
        interval_changes=True,
        closes=True,
    )


def _charge_line(description: str, price: int, start: datetime, end: datetime) -> OrderLine:
    return OrderLine(description=description, unit_price=price, period_start=start, period_end=end)


def _nonzero(*lines: OrderLine) -> tuple[OrderLine, ...]:
    return tuple(line for line in lines if line.unit_price)
