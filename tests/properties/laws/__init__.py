"""The forty invariants of rules 8.8, each with what checks it.

A checker looks at a town and its chronicle and gives a sentence for everything that is wrong. The rest are
no predicates of one world, but of two or of a function: the tests that hold them are named instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.properties.town import Town

from . import events, grants, invoices, money, moves, payments, requests, subscriptions, usage

Check = Callable[[Town], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Law:
    """What must always hold: the checkers that see to it, and tests (`module::function`) that show it."""

    checks: tuple[Check, ...] = ()
    tests: tuple[str, ...] = ()


def _law(*checks: Check, tests: tuple[str, ...] = ()) -> Law:
    return Law(checks, tests)


LAWS: Mapping[int, Law] = {
    1: _law(money.every_currency_sums_to_zero),
    2: _law(money.nobody_falls_below_zero),
    3: _law(money.every_posting_moves_something),
    4: _law(money.statements_lead_to_the_balances),
    5: _law(money.transfers_leave_the_sum_over_users),
    6: _law(payments.refunds_stay_within_payments),
    7: _law(payments.refunded_is_the_sum_of_live_refunds),
    8: _law(payments.received_means_succeeded),
    9: _law(payments.one_success_an_intent),
    10: _law(moves.what_has_ended_stays),
    11: _law(moves.every_move_is_in_the_tables),
    12: _law(payments.outside_accounts_are_what_payments_say),
    13: _law(invoices.invoices_add_up),
    14: _law(invoices.paid_is_paid_in_full_and_once),
    15: _law(invoices.final_invoices_stay_and_are_numbered),
    16: _law(usage.every_window_adds_up),
    17: _law(tests=("test_usage::test_invariant_17_order_and_batches_and_repetition_change_nothing",)),
    18: _law(usage.no_usage_is_lost_or_counted_twice),
    19: _law(usage.usage_is_billed_once),
    20: _law(subscriptions.one_live_subscription_a_user, subscriptions.debts_make_past_due),
    21: _law(subscriptions.periods_touch, subscriptions.what_is_awaited_is_shown_as_it_is),
    22: _law(
        subscriptions.no_more_comes_back_than_was_paid,
        tests=(
            "test_proration::test_invariant_22_credit_stays_within_the_charge_and_never_grows",
            "test_proration::test_invariant_22_the_same_price_and_interval_cost_nothing",
        ),
    ),
    23: _law(subscriptions.previews_come_true),
    24: _law(subscriptions.customer_balances_reconcile),
    25: _law(grants.totals_add_up, grants.histories_add_up),
    26: _law(grants.grants_account_for_every_credit),
    27: _law(grants.consumption_follows_the_burn_order),
    28: _law(grants.holds_are_what_is_reserved),
    29: _law(grants.the_wallet_shows_the_same_credits),
    30: _law(grants.what_expired_is_not_spent),
    31: _law(requests.a_key_has_one_effect),
    32: _law(requests.a_refusal_moves_nothing),
    33: _law(events.every_change_is_told_once),
    34: _law(events.deliveries_verify_and_cannot_be_forged),
    35: _law(requests.nobody_touches_what_is_anothers),
    36: _law(requests.pages_make_the_whole_list),
    37: _law(tests=("test_replays::test_invariant_37_time_in_parts_is_time_in_one_go",)),
    38: _law(requests.secrets_stay_with_their_owner),
    39: _law(requests.amounts_are_integers_and_times_utc),
    40: _law(tests=("test_replays::test_invariant_40_the_same_requests_make_the_same_world",)),
}
"""Number in rules 8.8 -> what holds it."""


def violations(town: Town) -> list[str]:
    """Everything that is wrong in the town now, or was since the last page of its chronicle."""
    return [
        f"invariant {number}, {check.__name__}: {sentence}"
        for number, law in LAWS.items()
        for check in law.checks
        for sentence in check(town)
    ]
