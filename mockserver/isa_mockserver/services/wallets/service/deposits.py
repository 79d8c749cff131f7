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
from .entries import of_payment, record


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
            _enter(unit, order, "pending")
            return _standing(unit, order, "pending")


def credit(unit: Unit, order: DepositOrder) -> Deposit:
    """List a deposit whose money has arrived, in place of its announcement, and tell of it (rules W-11)."""
    _withdraw_announcement(unit, order.payment_intent_id)
    entry = _enter(unit, order, "completed")
    made = _standing(unit, order, "completed", transaction_id=entry.id)
    unit.emit("wallet.deposited", order.owner, deposited_view(made))
    return made


def fail(unit: Unit, payment_intent_id: str) -> None:
    """List a deposit as failed, in place of its announcement; one that was never announced leaves nothing."""
    announced = _withdraw_announcement(unit, payment_intent_id)
    if announced is not None:
        _enter(unit, announced, "failed")


def _withdraw_announcement(unit: Unit, payment_intent_id: str) -> DepositOrder | None:
    """Take back the pending entry, so that completed entries alone form the chain of balances (rules W-9)."""
    entry = of_payment(unit, payment_intent_id, "deposit", "pending")
    if entry is None:
        return None
    unit.delete(ENTRIES, entry.id)
    return DepositOrder(
        owner=entry.owner,
        amount=entry.amount,
        currency=entry.currency,
        payment_intent_id=payment_intent_id,
    )


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
