"""What an intent's moves post to the ledger (rules 3.1)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import Account
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import Intent, Trigger

from .methods import instrument, method_of

_MOVES_MONEY: frozenset[Trigger] = frozenset({"charged", "captured", "debited", "settled", "returned"})


def book(unit: Unit, intent: Intent, trigger: Trigger) -> None:
    """Post what happened: a payment once in an intent's life, a bank debit once an attempt.

    A debit that has a place to wait is seen there at once; otherwise its money moves when it settles.
    """
    if trigger not in _MOVES_MONEY:
        return
    outside = instrument(method_of(intent), intent.owner)
    waits = intent.pending_destination
    payment, attempt = Reference("payment", intent.id), intent.last_attempt_id or intent.id
    if trigger in ("charged", "captured"):
        _post(unit, payment, outside, intent.destination, intent)
    elif trigger == "settled":
        _post(unit, payment, waits or outside, intent.destination, intent)
    elif waits and trigger == "debited":
        _post(unit, Reference("debit", attempt), outside, waits, intent)
    elif waits and trigger == "returned":
        _post(unit, Reference("debit_return", attempt), waits, outside, intent)


def _post(unit: Unit, reference: Reference, source: Account, destination: Account, intent: Intent) -> None:
    amount = intent.amount_received or intent.amount
    unit.post(reference, Posting(source, destination, amount, intent.currency))
