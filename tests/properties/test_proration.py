"""What a change of plan gives back, over all instants of a period (rules 5.4, invariant 22)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from isa_mockserver.services.subscriptions.model.plans import CATALOGUE, Plan
from isa_mockserver.services.subscriptions.service.proration import Running, plan_change, unused_credit

START = datetime(2024, 1, 28, tzinfo=UTC)
END = datetime(2024, 2, 28, tzinfo=UTC)
SECONDS = 31 * 86_400
PRO = CATALOGUE["plan_pro_monthly"]

often = settings(max_examples=300, derandomize=True, deadline=None, database=None)
moments = st.integers(0, SECONDS)
prices = st.integers(0, 999_999)


def _running(price: int, plan: Plan = PRO) -> Running:
    return Running(
        plan=plan._replace(price=price),
        anchor=START,
        period_number=1,
        start=START,
        end=END,
        charged=price,
        charged_seconds=SECONDS,
    )


@given(price=prices, first=moments, second=moments)
@often
def test_invariant_22_credit_stays_within_the_charge_and_never_grows(
    price: int, first: int, second: int
) -> None:
    """0 <= credit <= charge; all of it at the start, nothing at the end, less the later."""
    sooner, later = sorted((first, second))
    running = _running(price)
    credits_ = [unused_credit(running, START + timedelta(seconds=at)) for at in (0, sooner, later, SECONDS)]
    assert credits_ == sorted(credits_, reverse=True)
    assert (credits_[0], credits_[-1]) == (price, 0)


@given(price=prices, at=moments)
@often
def test_invariant_22_the_same_price_and_interval_cost_nothing(price: int, at: int) -> None:
    """Credit and charge are the same share of the same price."""
    twin = PRO._replace(id="plan_twin", name="Twin", price=price)
    change = plan_change(_running(price), twin, START + timedelta(seconds=at), prorate=True)
    assert sum(line.quantity * line.unit_price for line in change.lines) == 0


@given(price=prices, instants=st.lists(moments, min_size=1, max_size=6))
@often
def test_invariant_22_repeated_changes_never_give_back_more_than_was_charged(
    price: int, instants: list[int]
) -> None:
    """Each change starts from what the one before charged: all credits are within all charges."""
    running, charged, given_back = _running(price), price, 0
    for number, at in enumerate(sorted(instants)):
        other = PRO._replace(id=f"plan_{number}", price=(price * (number + 2)) % 1_000_000)
        change = plan_change(running, other, START + timedelta(seconds=at), prorate=True)
        assert 0 <= change.credit <= running.charged
        given_back += change.credit
        charged += change.charged or 0
        running = running._replace(plan=other, charged=change.charged or 0, charged_seconds=change.seconds)
    assert 0 <= given_back <= charged
