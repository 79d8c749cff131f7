"""The invariants of rules 8.8 that need more than one service to look at."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from isa_mockserver.kernel.cards import METHODS
from isa_mockserver.services.billing.service.dunning import dunned_invoices
from isa_mockserver.services.subscriptions.model.subscription import ENDED, LIVE

from .town import Town

_TERMINAL: Mapping[str, frozenset[str]] = {
    "payment_intents": frozenset({"succeeded", "canceled"}),
    "crypto_payments": frozenset({"confirmed", "canceled", "refunded"}),
    "invoices": frozenset({"paid", "void"}),
    "subscriptions": frozenset(ENDED),
    "credit_reservations": frozenset({"committed", "released", "expired"}),
    "refunds": frozenset({"failed"}),
    "wallet_entries": frozenset({"completed", "failed"}),
}


def _by_rail(town: Town, rail: str) -> dict[str, Any]:
    return {
        row.id: row
        for row in town.rows("payment_intents")
        if row.payment_method_id in METHODS and METHODS[row.payment_method_id].rail == rail
    }


def outside_accounts_are_what_payments_say(town: Town) -> None:
    """12, P1: cards and banks gave what succeeded, less what was refunded; what pends is in between."""
    for rail in ("card", "bank"):
        intents = _by_rail(town, rail)
        expected: dict[str, int] = defaultdict(int)
        for row in intents.values():
            expected[row.currency] += row.amount_received
            if row.status == "processing" and row.pending_destination:
                expected[row.currency] += row.amount
        for refund in town.rows("refunds"):
            if refund.payment_id in intents and refund.status == "succeeded":
                expected[refund.currency] -= refund.amount
        for currency in ("usd", "eur", "jpy", "kwd"):
            assert -town.balance(f"external:{rail}", currency) == expected[currency], rail
    pending: dict[str, int] = defaultdict(int)
    for refund in town.rows("refunds"):
        pending[refund.currency] += refund.amount if refund.status == "pending" else 0
    for currency in ("usd", "eur", "jpy", "kwd"):
        assert town.balance("platform:clearing", currency) == pending[currency]


def terminal_rows_stay(town: Town, seen: dict[tuple[str, str], str]) -> None:
    """10: what has ended never changes its status."""
    for table, ends in _TERMINAL.items():
        for row in town.rows(table):
            before = seen.get((table, row.id))
            assert before not in ends or row.status == before, (table, before, row.status)
            seen[table, row.id] = row.status


def one_success_an_intent(town: Town) -> None:
    """9."""
    succeeded: dict[str, int] = defaultdict(int)
    for attempt in town.rows("payment_attempts"):
        succeeded[attempt.payment_intent_id] += attempt.status == "succeeded"
    for row in town.rows("payment_intents"):
        assert succeeded[row.id] == (row.status == "succeeded")


def invoices_add_up(town: Town) -> None:
    """13 to 15."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in town.rows("invoices"):
        assert row.total == sum(line.quantity * line.unit_price for line in row.lines) + row.tax
        assert row.amount_due >= 0
        assert (row.status == "paid") == (row.paid_at is not None)
        assert row.amount_paid == (row.amount_due if row.status == "paid" else 0)
        assert (row.number is None) == (row.status == "draft")
        if row.number:
            _, year, number = row.number.split("-")
            numbers[year].append(int(number))
    for used in numbers.values():
        assert sorted(used) == [*range(1, len(used) + 1)]


def nobody_pays_an_invoice_twice(town: Town) -> None:
    """14: what one invoice was paid beyond its due went to the customer's balance."""
    over = {t.reference.id for t in town.world.ledger.transactions if t.reference.type == "overpayment"}
    paid: dict[str, int] = defaultdict(int)
    for row in town.rows("payment_intents"):
        if row.reference and row.reference.type == "invoice" and row.status == "succeeded":
            paid[row.reference.id] += row.id not in over
    assert all(count <= 1 for count in paid.values())


def what_is_awaited_is_shown_as_it_is(town: Town) -> None:
    """SB-1: an invoice and its subscription tell the state that the intent is in."""
    status = {row.id: row.status for row in town.rows("payment_intents")}
    for row in [*town.rows("invoices"), *town.rows("subscriptions")]:
        if row.awaiting and row.status not in ENDED:
            assert status[row.awaiting.payment_intent_id] == row.awaiting.status, row


def a_debt_makes_past_due_and_nothing_else_does(town: Town) -> None:
    """20, DU-4: past due and unpaid are those who owe."""
    live: dict[str, int] = defaultdict(int)
    for sub in town.rows("subscriptions"):
        live[sub.owner] += sub.status in LIVE
        with town.world.unit() as unit:
            open_ = dunned_invoices(unit, sub.id)
        if sub.status in ("past_due", "unpaid"):
            assert open_, sub
        elif sub.status in LIVE:
            assert not [row for row in open_ if row.first_failed_at], sub
    assert all(count <= 1 for count in live.values())


def no_more_comes_back_than_was_paid(town: Town) -> None:
    """22, RF-9: credit and refunds of a subscription together stay within what was paid for it."""
    kept: dict[str, int] = defaultdict(int)
    for row in town.rows("invoices"):
        if row.subscription_id and row.status == "paid":
            kept[row.subscription_id] += row.total - row.amount_refunded
    assert all(amount >= 0 for amount in kept.values()), kept


def customer_balances_reconcile(town: Town) -> None:
    """24: granted less applied, and what open invoices were promised is kept for them."""
    drawn: dict[tuple[str, str], int] = defaultdict(int)
    promised: dict[tuple[str, str], int] = defaultdict(int)
    for row in town.rows("invoices"):
        if row.status == "paid":
            drawn[row.owner, row.currency] += row.total if row.total < 0 else row.balance_applied
        elif row.status in ("open", "uncollectible"):
            promised[row.owner, row.currency] += row.balance_applied
    for transaction in town.world.ledger.transactions:
        if transaction.reference.type == "overpayment":
            for posting in transaction.postings:
                drawn[posting.destination.removeprefix("customer_balance:"), posting.currency] -= (
                    posting.amount
                )
    for (owner, currency), amount in drawn.items():
        assert town.balance(f"customer_balance:{owner}", currency) == -amount
    kept = {row.id: row.promised for row in town.rows("customer_accounts")}
    for (owner, currency), amount in promised.items():
        assert kept.get(f"{owner}|{currency}", 0) == amount


def usage_is_billed_once(town: Town) -> None:
    """19: each span bills at most what was used in it."""
    spans = {(span.subscription_id, span.start): span for span in town.rows("plan_spans")}
    billed: dict[tuple[str, Any], int] = defaultdict(int)
    for row in town.rows("invoices"):
        if row.status != "draft":
            for usage in row.usage:
                billed[row.subscription_id, usage.span_start] += usage.units
    for key, units in billed.items():
        span = spans[key]
        used = sum(
            record.quantity
            for record in town.rows("usage_records")
            if record.owner == span.owner and span.start <= record.timestamp < span.end
        )
        assert 0 <= units <= used


def events_carry_no_secret(town: Town, since: int) -> int:
    """38: and each event is numbered (33)."""
    for number, event in enumerate(town.world.events[since:], since + 1):
        assert event.sequence == number
        assert "_secret_" not in json.dumps([dict(event.object), dict(event.previous or {})])
    return len(town.world.events)
