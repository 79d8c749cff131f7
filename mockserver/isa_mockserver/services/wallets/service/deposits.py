"""Deposits: charged through the one door for outside money, credited when the money is there (rules W-4)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import wallet_available, wallet_pending
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.ports import Charge, ChargeNow, Declined, Processing, RequiresAction, Succeeded
from isa_mockserver.services.wallets.model import (
    ENTRIES,
    Deposit,
    DepositOrder,
    DepositStatus,
    Entry,
    EntryStatus,
)
from isa_mockserver.services.wallets.views import deposited_view

from .accounts import hold_currency, wallet_currency
from .entries import complete, of_payment, record


def deposit(
    unit: Unit, charge: ChargeNow, *, owner: str, amount: int, currency: str, payment_method_id: str
) -> Deposit | Declined:
    """Charge `amount` minor units and add them to the wallet (heading "Add Funds", rules W-4).

    Raises:
        DomainError: `currency_not_supported_for_operation`, `unsupported_currency`, and what the charge
            refuses.
    """
    currency = wallet_currency(currency)
    ordered = Charge(
        owner=owner,
        amount=amount,
        currency=currency,
        type="deposit",
        destination=wallet_available(owner),
        pending_destination=wallet_pending(owner),
        payment_method_id=payment_method_id,
        description="Wallet deposit",
    )
    outcome = charge(unit, ordered)
    order = DepositOrder(
        owner=owner, amount=amount, currency=currency, payment_intent_id=outcome.payment_intent_id
    )
    match outcome:
        case Declined():
            return outcome
        case Succeeded():
            return credit(unit, order)
        case RequiresAction(client_secret=client_secret):
            hold_currency(unit, owner, currency)
            return _standing(unit, order, "requires_action", client_secret=client_secret)
        case Processing():
            announced = announce(unit, order)
            return _standing(unit, order, "pending", transaction_id=announced.id)


def announce(unit: Unit, order: DepositOrder) -> Entry:
    """List a deposit whose bank debit is on its way (rules W-4)."""
    return of_payment(unit, order.payment_intent_id, "deposit", "pending") or _enter(unit, order, "pending")


def credit(unit: Unit, order: DepositOrder) -> Deposit:
    """List a deposit whose money has arrived, where it was announced as that entry, and tell of it (W-11)."""
    pending = of_payment(unit, order.payment_intent_id, "deposit", "pending")
    entry = complete(unit, pending) if pending else _enter(unit, order, "completed")
    made = _standing(unit, order, "completed", transaction_id=entry.id)
    unit.emit("wallet.deposited", order.owner, deposited_view(made))
    return made


def fail(unit: Unit, payment_intent_id: str) -> None:
    """An announced deposit has failed; one that was never announced leaves nothing."""
    pending = of_payment(unit, payment_intent_id, "deposit", "pending")
    if pending:
        unit.put(ENTRIES, pending._replace(status="failed"))


def _enter(unit: Unit, order: DepositOrder, status: EntryStatus) -> Entry:
    return record(
        unit,
        owner=order.owner,
        entry_type="deposit",
        amount=order.amount,
        currency=order.currency,
        status=status,
        reference=Reference("payment_intent", order.payment_intent_id),
        payment_intent_id=order.payment_intent_id,
    )


def _standing(
    unit: Unit,
    order: DepositOrder,
    status: DepositStatus,
    *,
    transaction_id: str | None = None,
    client_secret: str | None = None,
) -> Deposit:
    return Deposit(
        payment_intent_id=order.payment_intent_id,
        status=status,
        amount=order.amount,
        currency=order.currency,
        balance=unit.balance(wallet_available(order.owner), order.currency),
        created_at=unit.now,
        transaction_id=transaction_id,
        client_secret=client_secret,
    )
