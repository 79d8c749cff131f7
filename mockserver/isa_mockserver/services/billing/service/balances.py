"""The customer balance: promised to an invoice at finalisation, posted at payment (rules BL-11, BL-12)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import customer_balance, revenue
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.money import MAX_CHARGE, charge_minimum
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import CUSTOMER_ACCOUNTS, CustomerAccount, Invoice


def share_of_balance(total: int, free: int, minimum: int) -> int:
    """How much of an invoice the customer balance pays, in minor units.

    `free` may be negative: a debit carried from an earlier invoice, which makes this one dearer. What
    would be left below the charge `minimum` is carried on in the same way (rules BL-11). A debit makes no
    invoice dearer than what can be charged at once (rules M-6); the rest of it is carried on.
    """
    if total <= 0:
        return 0
    share = min(total, free)
    if share < 0:
        share = max(share, min(0, total - MAX_CHARGE))
    return total if 0 < total - share < minimum else share


def balance_for(unit: Unit, invoice: Invoice) -> int:
    """What the customer balance would pay of this invoice now."""
    kept = unit.balance(customer_balance(invoice.owner), invoice.currency)
    free = kept - _account(unit, invoice).promised
    return share_of_balance(invoice.total, free, charge_minimum(invoice.currency))


def promise(unit: Unit, invoice: Invoice) -> None:
    """Keep the invoice's share for it until it is paid or void."""
    _promise(unit, invoice, invoice.balance_applied)


def release(unit: Unit, invoice: Invoice) -> None:
    """Give the share back, of an invoice that will not be paid (rules BL-10)."""
    _promise(unit, invoice, -invoice.balance_applied)


def settle(unit: Unit, invoice: Invoice) -> None:
    """Post the share of an invoice that is paid, or what a negative total leaves to the customer (BL-5)."""
    release(unit, invoice)
    balance, income = customer_balance(invoice.owner), revenue(invoice.stream)
    drawn = invoice.balance_applied if invoice.total >= 0 else invoice.total
    if drawn > 0:
        move = Posting(balance, income, drawn, invoice.currency)
    elif drawn < 0:
        move = Posting(income, balance, -drawn, invoice.currency)
    else:
        return
    unit.post(Reference("invoice_balance", invoice.id), move)


def _promise(unit: Unit, invoice: Invoice, change: int) -> None:
    if change:
        account = _account(unit, invoice)
        unit.put(CUSTOMER_ACCOUNTS, account._replace(promised=account.promised + change))


def _account(unit: Unit, invoice: Invoice) -> CustomerAccount:
    account_id = f"{invoice.owner}|{invoice.currency}"
    found = unit.get(CUSTOMER_ACCOUNTS, account_id)
    return found or CustomerAccount(account_id, invoice.owner, unit.now, 0)
