"""The one way in which credits move: a posting and the entry that shows it (rules CR-16, 3.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from isa_mockserver.kernel.chart import CREDITS_ISSUED, Account, credits_available, credits_reserved
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.money import CREDITS
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.credits.model import (
    ENTRIES,
    ENTRY_KINDS,
    Allocation,
    Balance,
    Entry,
    EntryType,
    total_of,
)

_ACCOUNTS: Mapping[str, Callable[[str], Account]] = {
    "issued": lambda owner: CREDITS_ISSUED,
    "available": credits_available,
    "reserved": credits_reserved,
}


def record(
    unit: Unit, owner: str, entry_type: EntryType, allocations: Sequence[Allocation], reference: Reference
) -> Entry:
    """Post the movement of these credits and write its entry, with the balance as it is then."""
    kind = ENTRY_KINDS[entry_type]
    entry_id = unit.new_id("ctx")
    amount = total_of(allocations)
    source, destination = _ACCOUNTS[kind.source](owner), _ACCOUNTS[kind.destination](owner)
    unit.post(Reference("credit_transaction", entry_id), Posting(source, destination, amount, CREDITS))
    return unit.put(
        ENTRIES,
        Entry(
            id=entry_id,
            owner=owner,
            created_at=unit.now,
            type=entry_type,
            amount=kind.sign * amount,
            allocations=tuple(allocations),
            reference=reference,
            balance_after=Balance(
                available=unit.balance(credits_available(owner), CREDITS),
                reserved=unit.balance(credits_reserved(owner), CREDITS),
            ),
        ),
    )
