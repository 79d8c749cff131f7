"""All five services at once: random walks, and scripts that are played again (rules 8.8)."""

from __future__ import annotations

import json
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from isa_mockserver.kernel.state import dump, load
from isa_mockserver.kernel.users import register
from tests.properties import invariants, town_invariants
from tests.properties.town import USERS, Step, Town, played, steps


class Society(RuleBasedStateMachine):
    """Users of all services do whatever they can think of while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()
        self.seen: dict[tuple[str, str], str] = {}
        self.told = 0

    @rule(step=steps)
    def somebody_does_something(self, step: Step) -> None:
        before = len(self.town.world.ledger.transactions)
        got = self.town.play(step)
        if got is None:
            return
        assert got.status < 500, (step, got.body)
        if got.status in (404, 422):
            assert len(self.town.world.ledger.transactions) == before, (step, got.body)

    @invariant()
    def money(self) -> None:
        invariants.money_is_conserved(self.town)
        invariants.statements_lead_to_the_balances(self.town)
        invariants.transfers_have_two_opposite_sides(self.town)
        invariants.refunds_stay_within_their_payments(self.town)
        town_invariants.outside_accounts_are_what_payments_say(self.town)
        town_invariants.one_success_an_intent(self.town)

    @invariant()
    def credit_books(self) -> None:
        self.town.world.catch_up()
        invariants.grants_account_for_every_credit(self.town)
        invariants.balances_add_up(self.town, USERS)
        invariants.histories_add_up(self.town, USERS)

    @invariant()
    def bills(self) -> None:
        town_invariants.invoices_add_up(self.town)
        town_invariants.nobody_pays_an_invoice_twice(self.town)
        town_invariants.customer_balances_reconcile(self.town)
        town_invariants.usage_is_billed_once(self.town)

    @invariant()
    def subscriptions(self) -> None:
        town_invariants.what_is_awaited_is_shown_as_it_is(self.town)
        town_invariants.a_debt_makes_past_due_and_nothing_else_does(self.town)
        town_invariants.no_more_comes_back_than_was_paid(self.town)

    @invariant()
    def what_ended_stays(self) -> None:
        town_invariants.terminal_rows_stay(self.town, self.seen)

    @invariant()
    def events(self) -> None:
        self.told = town_invariants.events_carry_no_secret(self.town, self.told)


Society.TestCase.settings = settings(
    max_examples=30, stateful_step_count=50, derandomize=True, deadline=None, database=None
)
TestSociety = Society.TestCase

scripts = st.lists(steps, min_size=10, max_size=40)
replayed = settings(max_examples=60, derandomize=True, deadline=None, database=None)


@given(script=scripts, strides=st.integers(2, 5))
@replayed
def test_invariant_37_time_in_parts_is_time_in_one_go(script: list[Step], strides: int) -> None:
    """The same state and events, ids and times included, however the clock came there."""
    at_once, in_parts = played(script), played(script, Town(strides=strides))
    at_once.world.advance(100 * 86_400)
    for days in (1, 30, 69):
        in_parts.advance(days=days)
    assert in_parts.state() == at_once.state()


@given(script=scripts)
@replayed
def test_invariant_40_the_same_requests_make_the_same_world(script: list[Step]) -> None:
    """Reset and replay: the identical ledger, and everything else."""
    town = played(script)
    before = town.state()
    town.runtime.reset()
    town.keys = 0
    for user in (*USERS, "admin"):
        town.do(partial(register, user_id=user))
    assert played(script, town).state() == before


@given(script=scripts, saved_after=st.integers(0, 40))
@replayed
def test_a_world_goes_on_from_a_saved_state_as_if_it_had_never_stopped(
    script: list[Step], saved_after: int
) -> None:
    """Saved in the middle of authentications, debits, pending refunds, dunning and holds."""
    first, later = played(script[:saved_after]), Town()
    load(later.world, json.loads(json.dumps(dump(first.world))))
    later.keys = first.keys
    assert played(script[saved_after:], later).state() == played(script[saved_after:], first).state()
