"""A random walk through a subscriber's life, with the invariants of rules 8.8 after every step."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from isa_mockserver.services.subscriptions.model.subscription import ENDED, LIVE, TRANSITIONS, Status

from .shop import (
    BAD,
    CHALLENGED,
    ENTERPRISE,
    FAILS_LATER,
    FREE,
    GOOD,
    OTHER,
    PLUS,
    PRO,
    Got,
    Shop,
)

plans = st.sampled_from((FREE, PRO, PLUS, ENTERPRISE))
methods = st.sampled_from(
    (GOOD, GOOD, OTHER, BAD, FAILS_LATER, FAILS_LATER, CHALLENGED, "pm_bank_success", "pm_bank_fail", None)
)
balances = st.sampled_from((0, 0, 2_999, 9_900, 500_000))
steps = st.sampled_from((1, 1_800, 3_600, 86_400, 6 * 86_400, 20 * 86_400, 31 * 86_400, 366 * 86_400))


def _reachable(start: Status) -> set[Status]:
    found: set[Status] = {start}
    ahead: list[Status] = [start]
    while ahead:
        for status in TRANSITIONS[ahead.pop()] - found:
            found.add(status)
            ahead.append(status)
    return found


class SubscribersLife(RuleBasedStateMachine):
    """Alice subscribes, changes, pauses, cancels, pays and uses while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = Shop()
        self.seen: dict[str, Status] = {}
        self.final: dict[str, Any] = {}
        self.gift = 0

    @property
    def live(self) -> bool:
        """Whether there is a subscription to do something with."""
        return any(sub.status in LIVE for sub in self.rows("subscriptions"))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Got:
        got = self.shop.post(path, body)
        assert got.status < 500, got.body
        return got

    @initialize(plan=st.sampled_from((PRO, PRO, PLUS, ENTERPRISE)), method=methods, balance=balances)
    def begin(self, plan: str, method: str | None, balance: int) -> None:
        """A balance pays the first period of a card that fails, so that it fails at the renewal."""
        if balance:
            self.shop.set_balance(balance)
            self.gift = balance
        self.subscribe(plan, method, 0)

    @precondition(lambda self: not self.live)
    @rule(plan=plans, method=methods, trial=st.sampled_from((0, 0, 0, 2, 10)))
    def subscribe(self, plan: str, method: str | None, trial: int) -> None:
        chosen = {"payment_method_id": method} if method else {}
        self.post("/subscriptions", {"plan_id": plan, "trial_days": trial, **chosen})

    @precondition(lambda self: self.live)
    @rule(plan=plans, prorate=st.booleans())
    def change(self, plan: str, prorate: bool) -> None:
        """Invariant 23: what the preview says is what is billed."""
        body = {"new_plan_id": plan, "prorate": prorate}
        preview = self.post("/subscriptions/me/change/preview", body)
        before = {row.id for row in self.rows("invoices")}
        got = self.post("/subscriptions/me/change", body)
        if got.status == 200 and preview.status == 200:
            made = [row for row in self.rows("invoices") if row.id not in before]
            assert sum(row.total for row in made) == preview.body["total"]

    @precondition(lambda self: self.live)
    @rule(at_period_end=st.booleans(), prorate=st.booleans())
    def cancel(self, at_period_end: bool, prorate: bool) -> None:
        self.post("/subscriptions/me/cancel", {"at_period_end": at_period_end, "prorate": prorate})

    @precondition(lambda self: self.live)
    @rule(method=methods)
    def resume(self, method: str | None) -> None:
        self.post("/subscriptions/me/resume", {"payment_method_id": method} if method else {})

    @precondition(lambda self: self.live)
    @rule()
    def pause(self) -> None:
        self.post("/subscriptions/me/pause")

    @rule(quantity=st.sampled_from((1, 900, 30_000, 70_000)), ago=st.sampled_from((0, 3_600, 40 * 86_400)))
    def use(self, quantity: int, ago: int) -> None:
        stamp = datetime.fromtimestamp(self.shop.now.timestamp() - ago, self.shop.now.tzinfo)
        self.shop.use(quantity, at=stamp.isoformat())

    @rule(method=methods)
    def pay_the_oldest_open_invoice(self, method: str | None) -> None:
        for row in self.rows("invoices"):
            if row.status == "open":
                chosen = {"payment_method_id": method} if method else {}
                self.post(f"/billing/invoices/{row.id}/pay", chosen)
                return

    @rule(outcome=st.sampled_from(("success", "failure")))
    def authenticate(self, outcome: Literal["success", "failure"]) -> None:
        for row in self.rows("payment_intents"):
            if row.status == "requires_action":
                self.shop.authenticate(row.id, outcome)
                return

    @rule(amount=st.integers(1, 3_000))
    def refund_the_newest_payment(self, amount: int) -> None:
        paid = [row for row in self.rows("payment_intents") if row.status == "succeeded"]
        if paid:
            self.post(f"/payments/{paid[-1].id}/refund", {"amount": amount})

    @rule(jobs=st.integers(1, 4))
    def the_next_due_work_is_done(self, jobs: int) -> None:
        for _ in range(jobs):
            due = min((job.due for job in self.shop.world.schedule.jobs.values()), default=self.shop.now)
            self.shop.move_to(due.isoformat())

    @rule(seconds=steps)
    def time_passes(self, seconds: int) -> None:
        self.shop.advance(seconds=seconds)

    def rows(self, table: str) -> list[Any]:
        """The committed rows of a table."""
        return list(self.shop.world.tables[table].rows.values())

    @invariant()
    def books_are_in_order(self) -> None:
        """1 to 3."""
        self.shop.assert_books_in_order()

    @invariant()
    def subscriptions_move_as_the_table_allows(self) -> None:
        """10, 11, 20, 21."""
        subs = self.rows("subscriptions")
        assert sum(sub.status in LIVE for sub in subs) <= 1
        for sub in subs:
            status: Status = sub.status
            assert status in _reachable(self.seen.get(sub.id, status))
            self.seen[sub.id] = status
            assert sub.current_period_start <= sub.current_period_end
            assert sub.status in ENDED or sub.status == "paused" or self.shop.now <= sub.current_period_end

    @invariant()
    def invoices_add_up(self) -> None:
        """13, 14."""
        for row in self.rows("invoices"):
            assert row.total == sum(line.quantity * line.unit_price for line in row.lines) + row.tax
            assert row.amount_due >= 0
            assert (row.status == "paid") == (row.paid_at is not None)
            assert row.amount_paid == (row.amount_due if row.status == "paid" else 0)

    @invariant()
    def final_invoices_never_change(self) -> None:
        """15: numbers are unique and gapless per year, lines stay."""
        numbers = defaultdict(list)
        for row in self.rows("invoices"):
            if row.number is None:
                assert row.status == "draft"
                continue
            _, year, number = row.number.split("-")
            numbers[year].append(int(number))
            facts = (row.number, row.lines, row.tax, row.owner, row.currency)
            assert self.final.setdefault(row.id, facts) == facts
        for used in numbers.values():
            assert sorted(used) == list(range(1, len(used) + 1))

    @invariant()
    def the_customer_balance_is_what_was_granted_less_what_was_applied(self) -> None:
        """24, and what open invoices were promised is kept for them."""
        paid = [row for row in self.rows("invoices") if row.status == "paid"]
        drawn = sum(row.total if row.total < 0 else row.balance_applied for row in paid)
        over = sum(
            posting.amount
            for transaction in self.shop.world.ledger.transactions
            if transaction.reference.type == "overpayment"
            for posting in transaction.postings
        )
        assert self.shop.balance() == self.gift + over - drawn
        waiting = [row for row in self.rows("invoices") if row.status in ("open", "uncollectible")]
        promised = sum(row.promised for row in self.rows("customer_accounts"))
        assert promised == sum(row.balance_applied for row in waiting)

    @invariant()
    def no_unit_of_use_is_billed_twice(self) -> None:
        """19: each span bills at most what was used in it."""
        billed: dict[Any, int] = defaultdict(int)
        for row in self.rows("invoices"):
            if row.status != "draft":
                for usage in row.usage:
                    billed[row.subscription_id, usage.span_start] += usage.units
        spans = {(span.subscription_id, span.start): span for span in self.rows("plan_spans")}
        for key, units in billed.items():
            span = spans[key]
            used = sum(
                record.quantity
                for record in self.rows("usage_records")
                if span.start <= record.timestamp < span.end
            )
            assert 0 <= units <= used


SubscribersLife.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, derandomize=True, deadline=None
)
TestSubscribersLife = SubscribersLife.TestCase
