"""Whatever happens to payments in whatever order, the invariants hold (rules 8.8: 1 to 3, 6 to 12, 33)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from isa_mockserver.kernel.cards import METHODS
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.payments.model.intent import ATTEMPTS, INTENTS, TRANSITIONS, Intent
from isa_mockserver.services.payments.model.refund import REFUNDS, Refund
from isa_mockserver.services.payments.service import intents, later
from tests.server.payments.desk import Desk

AMOUNTS = st.integers(min_value=50, max_value=5000)
TOKENS = st.sampled_from(sorted(METHODS))
ALLOWED_MOVES = {(before, after) for (before, _), after in TRANSITIONS.items()}
TERMINAL = {"succeeded", "canceled"}


class Payments(RuleBasedStateMachine):
    """Random work on a few intents of one user, refusals included."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.desk.give_wallet(6000)
        self.seen: dict[str, str] = {}

    def attempt(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        """The result of the work; a refusal must have left nothing."""
        world = self.desk.world
        before = (len(world.ledger.transactions), len(world.events))
        try:
            return work(*args, **kwargs)
        except DomainError:
            assert (len(world.ledger.transactions), len(world.events)) == before
            return None

    @rule(target=ids, amount=AMOUNTS, manual=st.booleans())
    def create(self, amount: int, manual: bool) -> str:
        intent = self.desk.create(amount, capture_method="manual" if manual else "automatic")
        self.seen[intent.id] = intent.status
        return intent.id

    @rule(intent_id=ids, method=TOKENS)
    def confirm(self, intent_id: str, method: str) -> None:
        self.attempt(self.desk.confirm, intent_id, method)

    @rule(intent_id=ids, method=TOKENS)
    def attach(self, intent_id: str, method: str) -> None:
        self.attempt(self.desk.run, intents.update_intent, "user_1", intent_id, payment_method_id=method)

    @rule(intent_id=ids, outcome=st.sampled_from(["success", "failure"]))
    def authenticate(self, intent_id: str, outcome: str) -> None:
        self.attempt(self.desk.run, later.authenticate, intent_id, outcome)

    @rule(intent_id=ids, amount=st.none() | AMOUNTS)
    def capture(self, intent_id: str, amount: int | None) -> None:
        self.attempt(self.desk.run, intents.capture_intent, "user_1", intent_id, amount)

    @rule(intent_id=ids)
    def cancel(self, intent_id: str) -> None:
        self.attempt(self.desk.run, intents.cancel_intent, "user_1", intent_id)

    @rule(intent_id=ids, amount=st.none() | st.integers(min_value=1, max_value=3000))
    def refund(self, intent_id: str, amount: int | None) -> None:
        self.attempt(self.desk.refund, intent_id, amount)

    @rule(seconds=st.sampled_from([1, 3600, 86400, 3 * 86400, 7 * 86400]))
    def wait(self, seconds: int) -> None:
        self.desk.advance(seconds=seconds)

    # What always holds

    def intents(self) -> Sequence[Intent]:
        return list(self.desk.world.tables[INTENTS.name].rows.values())

    def refunds(self, intent: Intent) -> list[Refund]:
        rows: dict[str, Refund] = self.desk.world.tables[REFUNDS.name].rows
        return [row for row in rows.values() if row.payment_id == intent.id]

    @invariant()
    def invariants_1_to_3_the_books_are_in_order(self) -> None:
        report = self.desk.world.ledger.check()
        assert report.ok, report.violations

    @invariant()
    def invariants_6_to_8_no_more_goes_back_than_came_in(self) -> None:
        for intent in self.intents():
            live = sum(r.amount for r in self.refunds(intent) if r.status != "failed")
            assert 0 <= intent.amount_refunded <= intent.amount_received <= intent.amount
            assert live == intent.amount_refunded
            assert (intent.amount_received > 0) == (intent.status == "succeeded")

    @invariant()
    def invariant_9_one_success_an_intent(self) -> None:
        attempts = list(self.desk.world.tables[ATTEMPTS.name].rows.values())
        for intent in self.intents():
            own = [a.status for a in attempts if a.payment_intent_id == intent.id]
            assert own.count("succeeded") == (intent.status == "succeeded")
            assert len(own) == intent.attempt_count <= 10

    @invariant()
    def invariants_10_and_11_only_the_tables_moves(self) -> None:
        for intent in self.intents():
            before = self.seen[intent.id]
            assert before == intent.status or before not in TERMINAL
            assert before == intent.status or (before, intent.status) in ALLOWED_MOVES
            self.seen[intent.id] = intent.status

    @invariant()
    def invariant_12_the_outside_accounts_are_payments_less_refunds(self) -> None:
        for rail, account in (("card", "external:card"), ("bank", "external:bank")):
            paid = [i for i in self.intents() if i.status == "succeeded" and rail_of(i) == rail]
            back = sum(r.amount for i in paid for r in self.refunds(i) if r.status == "succeeded")
            given = 6000 if rail == "card" else 0
            assert -self.desk.balance(account) == sum(i.amount_received for i in paid) - back + given

    @invariant()
    def invariant_33_every_success_and_cancellation_is_told_once(self) -> None:
        for status, type_ in (("succeeded", "payment.succeeded"), ("canceled", "payment.canceled")):
            told = [event["payment_id"] for event in self.desk.objects(type_)]
            assert sorted(told) == sorted(i.id for i in self.intents() if i.status == status)


def rail_of(intent: Intent) -> str:
    return METHODS[intent.payment_method_id or ""].rail


Payments.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, derandomize=True, deadline=None, database=None
)
TestPayments = Payments.TestCase
