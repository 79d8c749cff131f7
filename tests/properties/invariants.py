"""The invariants of rules 8.8 that payments, wallets and credits must keep at every step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from isa_mockserver.services.credits.model import is_live
from tests.server.wallets.bank import Bank

_MOVES_TOTAL = {"purchase", "grant", "refund", "consume", "commit", "expire", "revoke"}


def rows(bank: Bank, table: str) -> Iterable[Any]:
    """The committed rows of a table."""
    return bank.world.tables[table].rows.values()


def money_is_conserved(bank: Bank) -> None:
    """1 to 3: every currency sums to zero, no wallet or credits account below zero, no empty posting."""
    bank.assert_books_in_order()


def statements_lead_to_the_balances(bank: Bank) -> None:
    """4: as they were completed, the entries form a chain without a gap that ends at the wallet's balance."""
    balances: dict[tuple[str, str], int] = defaultdict(int)
    completed = [entry for entry in rows(bank, "wallet_entries") if entry.status == "completed"]
    for entry in sorted(completed, key=lambda entry: entry.completed_at):
        assert entry.balance_before == balances[entry.owner, entry.currency]
        assert entry.balance_after == entry.balance_before + entry.amount
        balances[entry.owner, entry.currency] = entry.balance_after
    for (owner, currency), balance in balances.items():
        assert bank.balance(f"wallet:{owner}:available", currency) == balance


def transfers_have_two_opposite_sides(bank: Bank) -> None:
    """5: each transfer has exactly two entries, and they cancel out."""
    sides: dict[str, list[int]] = defaultdict(list)
    for entry in rows(bank, "wallet_entries"):
        if entry.transfer_id:
            sides[entry.transfer_id].append(entry.amount)
    assert all(len(amounts) == 2 and sum(amounts) == 0 for amounts in sides.values())


def refunds_stay_within_their_payments(bank: Bank) -> None:
    """6 to 8: 0 <= refunded <= received <= amount; refunded is the sum of the refunds that did not fail."""
    live: dict[str, int] = defaultdict(int)
    for refund in rows(bank, "refunds"):
        if refund.status != "failed":
            live[refund.payment_id] += refund.amount
    for intent in rows(bank, "payment_intents"):
        assert 0 <= intent.amount_refunded <= intent.amount_received <= intent.amount
        assert (intent.amount_received > 0) == (intent.status == "succeeded")
        assert intent.amount_refunded == live[intent.id]


def cards_were_charged_what_succeeded(bank: Bank) -> None:
    """12: what came from cards is what was paid by card, less what was refunded to cards."""
    paid = {intent.id: intent.amount_received for intent in rows(bank, "payment_intents") if _by_card(intent)}
    refunded = sum(
        refund.amount
        for refund in rows(bank, "refunds")
        if refund.payment_id in paid and refund.status == "succeeded"
    )
    assert -bank.balance("external:card", "usd") == sum(paid.values()) - refunded


def _by_card(intent: Any) -> bool:
    return (intent.payment_method_id or "").startswith("pm_card")


def grants_account_for_every_credit(bank: Bank) -> None:
    """26: nothing of a grant is lost or counted twice."""
    for grant in rows(bank, "credit_grants"):
        assert 0 <= grant.reserved <= grant.remaining <= grant.amount
        spent = grant.consumed + grant.expired + grant.revoked
        assert spent + grant.remaining == grant.amount + grant.refunded


def balances_add_up(bank: Bank, users: Iterable[str]) -> None:
    """25, 28, 29: total = available + reserved = live grants and held credits; the wallet shows the same."""
    now = bank.world.clock.now()
    for user in users:
        shown = bank.get("/credits/me", user=user).body
        grants = [grant for grant in rows(bank, "credit_grants") if grant.owner == user]
        held = [
            row for row in rows(bank, "credit_reservations") if row.owner == user and row.status == "held"
        ]
        live = sum(grant.remaining for grant in grants if is_live(grant, now))
        beyond = sum(grant.reserved for grant in grants if not is_live(grant, now))
        assert shown["total_credits"] == shown["available_credits"] + shown["reserved_credits"]
        assert shown["total_credits"] == live + beyond
        assert shown["reserved_credits"] == sum(row.amount for row in held)
        assert shown["available_credits"] == bank.balance(f"credits:{user}:available", "credits")
        assert shown["reserved_credits"] == bank.balance(f"credits:{user}:reserved", "credits")
        mirror = bank.get("/wallets/me", user=user).body["balances"]["credits"]
        assert mirror == shown["total_credits"]


def histories_add_up(bank: Bank, users: Iterable[str]) -> None:
    """The sum of CR-16 is the total, and allocations add up to their entry (27)."""
    totals: dict[str, int] = defaultdict(int)
    for entry in rows(bank, "credit_entries"):
        assert sum(part.amount for part in entry.allocations) == abs(entry.amount)
        if entry.type in _MOVES_TOTAL:
            totals[entry.owner] += entry.amount
    for user in users:
        assert totals[user] == bank.get("/credits/me", user=user).body["total_credits"]


def holds_resolve_once(bank: Bank, resolved: Mapping[str, str]) -> dict[str, str]:
    """10, 28: a reservation that was resolved keeps its status; gives what is resolved by now."""
    now = {row.id: row.status for row in rows(bank, "credit_reservations") if row.status != "held"}
    assert {reservation: now.get(reservation) for reservation in resolved} == resolved
    return now


def burned(bank: Bank, user: str, amount: int) -> dict[str, int]:
    """27, 30: what spending `amount` must take from which grant, told from CR-5 alone."""
    now, never = bank.world.clock.now(), "9999"
    queue = sorted(
        (str(grant.expires_at or never), grant.priority, grant.cost_basis, grant.created_at, grant.id, grant)
        for grant in rows(bank, "credit_grants")
        if grant.owner == user and (grant.expires_at is None or now < grant.expires_at)
    )
    taken: dict[str, int] = {}
    for *_, grant in queue:
        part = min(grant.remaining - grant.reserved, amount - sum(taken.values()))
        if part > 0:
            taken[grant.id] = part
    return taken


def events_are_numbered_without_a_gap(bank: Bank) -> None:
    """33: the sequence rises by one with each event."""
    assert [event.sequence for event in bank.world.events] == [*range(1, len(bank.world.events) + 1)]
