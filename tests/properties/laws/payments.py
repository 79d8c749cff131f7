"""Invariants 6 to 9 and 12 of rules 8.8: intents, attempts, refunds, and the world outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tests.properties.town import Town

CURRENCIES = ("usd", "eur", "jpy", "kwd")
_RAILS = {"card": "pm_card_", "bank": "pm_bank_"}


def refunds_stay_within_payments(town: Town) -> Iterator[str]:
    """6: 0 <= refunded <= received <= amount."""
    for row in town.rows("payment_intents"):
        if not 0 <= row.amount_refunded <= row.amount_received <= row.amount:
            yield f"{row.id}: {row.amount_refunded} of {row.amount_received} of {row.amount}"


def refunded_is_the_sum_of_live_refunds(town: Town) -> Iterator[str]:
    """7: every refund that did not fail counts, a pending one too."""
    live: dict[str, int] = defaultdict(int)
    for refund in town.rows("refunds"):
        live[refund.payment_id] += refund.amount if refund.status != "failed" else 0
    for row in [*town.rows("payment_intents"), *town.rows("crypto_payments")]:
        if row.amount_refunded != live[row.id]:
            yield f"{row.id} shows {row.amount_refunded} refunded, its refunds are {live[row.id]}"


def received_means_succeeded(town: Town) -> Iterator[str]:
    """8: amount_received > 0 iff succeeded."""
    for row in town.rows("payment_intents"):
        if (row.amount_received > 0) != (row.status == "succeeded"):
            yield f"{row.id} is {row.status} and received {row.amount_received}"


def one_success_an_intent(town: Town) -> Iterator[str]:
    """9: exactly one succeeded attempt of an intent that succeeded, none of any other."""
    succeeded: dict[str, int] = defaultdict(int)
    for attempt in town.rows("payment_attempts"):
        succeeded[attempt.payment_intent_id] += attempt.status == "succeeded"
    for row in town.rows("payment_intents"):
        if succeeded[row.id] != (row.status == "succeeded"):
            yield f"{row.id} is {row.status} with {succeeded[row.id]} succeeded attempts"


def outside_accounts_are_what_payments_say(town: Town) -> Iterator[str]:
    """12, P1: cards and banks gave what succeeded, less what was refunded; what pends is in between."""
    for rail, prefix in _RAILS.items():
        given = _given(town, prefix)
        for currency in CURRENCIES:
            if -town.balance(f"external:{rail}", currency) != given[currency]:
                yield f"external:{rail} is not -{given[currency]} {currency}"
    pending: dict[str, int] = defaultdict(int)
    for refund in town.rows("refunds"):
        pending[refund.currency] += refund.amount if refund.status == "pending" else 0
    for currency in CURRENCIES:
        if town.balance("platform:clearing", currency) != pending[currency]:
            yield f"clearing holds other than the {pending[currency]} {currency} that pend"


def _given(town: Town, prefix: str) -> Mapping[str, int]:
    intents: dict[str, Any] = {
        row.id: row
        for row in town.rows("payment_intents")
        if (row.payment_method_id or "").startswith(prefix)
    }
    given: dict[str, int] = defaultdict(int)
    for row in intents.values():
        waits = row.status == "processing" and row.pending_destination
        given[row.currency] += row.amount if waits else row.amount_received
    for refund in town.rows("refunds"):
        if refund.payment_id in intents and refund.status == "succeeded":
            given[refund.currency] -= refund.amount
    return given
