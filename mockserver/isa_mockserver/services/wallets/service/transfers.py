"""Transfers between users: all or nothing, no fee, no minimum (rules W-5 to W-8)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import wallet_available
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.money import positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.users import is_known
from isa_mockserver.services.wallets.model import Entry, Transfer
from isa_mockserver.services.wallets.views import transfer_view

from .accounts import short_of_funds, wallet_currency, wallet_of
from .entries import record


def transfer(
    unit: Unit, *, sender: str, recipient: str, amount: int, currency: str, note: str | None
) -> Transfer:
    """Move `amount` minor units to another user (heading "Transfer Between Users", rules W-5).

    Raises:
        DomainError: in this order `invalid_amount`, `amount_too_large`,
            `currency_not_supported_for_operation`, `unsupported_currency`, `self_transfer_not_allowed`,
            `recipient_not_found`, `wallet_frozen`, `insufficient_funds`.
    """
    positive_amount(amount)
    currency = wallet_currency(currency)
    _check_parties(unit, sender, recipient)
    if refusal := short_of_funds(unit, sender, currency, amount):
        raise refusal
    transfer_id = unit.new_id("tr")
    reference = Reference("transfer", transfer_id)
    posting = Posting(wallet_available(sender), wallet_available(recipient), amount, currency)
    unit.post(reference, posting)
    sent = record(
        unit,
        owner=sender,
        entry_type="transfer_out",
        amount=-amount,
        currency=currency,
        counterparty_user_id=recipient,
        transfer_id=transfer_id,
        note=note,
        reference=reference,
    )
    received = record(
        unit,
        owner=recipient,
        entry_type="transfer_in",
        amount=amount,
        currency=currency,
        counterparty_user_id=sender,
        transfer_id=transfer_id,
        note=note,
        reference=reference,
    )
    seen_by_sender = _seen(sent, transfer_id, sender, recipient)
    unit.emit("wallet.transferred", sender, transfer_view(seen_by_sender))
    unit.emit("wallet.transferred", recipient, transfer_view(_seen(received, transfer_id, sender, recipient)))
    return seen_by_sender


def _check_parties(unit: Unit, sender: str, recipient: str) -> None:
    if recipient == sender:
        raise DomainError(
            "self_transfer_not_allowed", "Money cannot be transferred to oneself.", param="to_user_id"
        )
    if not is_known(unit, recipient):
        raise DomainError("recipient_not_found", "No such recipient is known.", param="to_user_id")
    if wallet_of(unit, sender).frozen or wallet_of(unit, recipient).frozen:
        raise DomainError("wallet_frozen", "A frozen wallet takes no part in transfers.")


def _seen(entry: Entry, transfer_id: str, sender: str, recipient: str) -> Transfer:
    return Transfer(
        id=transfer_id,
        transaction_id=entry.id,
        from_user_id=sender,
        to_user_id=recipient,
        amount=abs(entry.amount),
        currency=entry.currency,
        note=entry.note,
        balance=entry.balance_after,
        created_at=entry.created_at,
    )
