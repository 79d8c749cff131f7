"""The statement: one entry per movement, written after its posting (rules W-9)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import wallet_available
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.wallets.model import ENTRIES, Entry, EntryStatus, EntryType

from .accounts import hold_currency


def record(
    unit: Unit,
    *,
    owner: str,
    entry_type: EntryType,
    amount: int,
    currency: str,
    status: EntryStatus = "completed",
    counterparty_user_id: str | None = None,
    transfer_id: str | None = None,
    note: str | None = None,
    reference: Reference | None = None,
    payment_intent_id: str | None = None,
) -> Entry:
    """Write the entry of a movement of `amount` signed minor units that the ledger already has.

    Only a completed entry has moved settled money; any other leaves the balance as it is.
    """
    hold_currency(unit, owner, currency)
    after = unit.balance(wallet_available(owner), currency)
    moved = amount if status == "completed" else 0
    return unit.put(
        ENTRIES,
        Entry(
            id=unit.new_id("tx"),
            owner=owner,
            created_at=unit.now,
            type=entry_type,
            amount=amount,
            currency=currency,
            balance_before=after - moved,
            balance_after=after,
            status=status,
            counterparty_user_id=counterparty_user_id,
            transfer_id=transfer_id,
            note=note,
            reference=reference,
            payment_intent_id=payment_intent_id,
            completed_at=unit.now if status == "completed" else None,
        ),
    )


def complete(unit: Unit, pending: Entry) -> Entry:
    """The money of a pending entry has arrived, and the ledger has it: the entry takes its place in the
    chain of balances now (rules W-9)."""
    after = unit.balance(wallet_available(pending.owner), pending.currency)
    return unit.put(
        ENTRIES,
        pending._replace(
            status="completed",
            balance_before=after - pending.amount,
            balance_after=after,
            completed_at=unit.now,
        ),
    )


def of_payment(
    unit: Unit, payment_intent_id: str, entry_type: EntryType, status: EntryStatus
) -> Entry | None:
    """The entry that this payment left in a wallet, if it left one of that type and status."""
    entries = unit.find(ENTRIES, "payment_intent_id", payment_intent_id)
    return next((entry for entry in entries if entry.type == entry_type and entry.status == status), None)
