"""Invariants 13 to 15 of rules 8.8: what invoices add up to, and what never changes in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.properties.town import Town


def invoices_add_up(town: Town) -> Iterator[str]:
    """13: total = subtotal + tax, subtotal = the lines, a line = quantity * unit price; due is never < 0."""
    for row in town.rows("invoices"):
        lines = sum(line.quantity * line.unit_price for line in row.lines)
        if row.subtotal != lines or row.total != lines + row.tax or row.amount_due < 0:
            yield f"{row.id}: lines {lines}, tax {row.tax}, total {row.total}, due {row.amount_due}"


def paid_is_paid_in_full_and_once(town: Town) -> Iterator[str]:
    """14: paid iff paid in full with its time; beyond one payment goes to the customer's balance."""
    for row in town.rows("invoices"):
        if (row.status == "paid") != (row.paid_at is not None):
            yield f"{row.id} is {row.status}, paid at {row.paid_at}"
        if row.amount_paid != (row.amount_due if row.status == "paid" else 0):
            yield f"{row.id} is {row.status}: {row.amount_paid} paid of {row.amount_due}"
    over = {t.reference.id for t in town.world.ledger.transactions if t.reference.type == "overpayment"}
    paid: dict[str, int] = defaultdict(int)
    for row in town.rows("payment_intents"):
        if row.reference and row.reference.type == "invoice" and row.status == "succeeded":
            paid[row.reference.id] += row.id not in over
    yield from (f"{invoice} was paid {count} times" for invoice, count in paid.items() if count > 1)


def final_invoices_stay_and_are_numbered(town: Town) -> Iterator[str]:
    """15: gapless numbers a year, none on drafts, and no line of a final invoice ever changes."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in town.rows("invoices"):
        if (row.number is None) != (row.status == "draft"):
            yield f"{row.id} is {row.status} with the number {row.number}"
        if row.number:
            _, year, number = row.number.split("-")
            numbers[year].append(int(number))
    for year, used in numbers.items():
        if sorted(used) != [*range(1, len(used) + 1)]:
            yield f"the numbers of {year} are {sorted(used)}"
    for commit in town.chronicle.commits:
        for old, new in commit.changed("invoices"):
            if old is None or old.status == "draft":
                continue
            if new is None or (new.lines, new.number) != (old.lines, old.number):
                yield f"{old.id} was final and changed"
