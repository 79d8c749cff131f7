"""Making drafts: lines, tax and totals (rules BL-1, BL-3, BL-4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.money import MAX_CHARGE, bounded_total, card_amount, round_half_away
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import INVOICES, Invoice, Line

from .collaborators import Collaborators, TaxRates

BASIS_POINTS = 10_000


def new_draft(
    unit: Unit, ports: Collaborators, *, owner: str, currency: str, lines: Sequence[Line], **fields: Any
) -> Invoice:
    """A draft with its tax, not yet stored; `fields` are further fields of the Invoice, `id` among them.

    Raises:
        DomainError: `amount_overflow`.
    """
    return Invoice(
        owner=owner,
        created_at=unit.now,
        currency=currency,
        lines=tuple(lines),
        tax=tax_on(unit, ports.tax_rates, owner, lines),
        **{"metadata": {}, **fields},
    )


def tax_on(unit: Unit, rates: TaxRates, owner: str, lines: Sequence[Line]) -> int:
    """The tax on these lines, rounded once per line (rules BL-4, M-8).

    Raises:
        DomainError: `amount_overflow`.
    """
    amounts = [line.amount for line in lines]
    bounded_total(sum(map(abs, amounts)), param="items")
    taxed = zip(amounts, rates(unit, owner, lines), strict=True)
    return sum([round_half_away(amount * rate, BASIS_POINTS) for amount, rate in taxed if rate])


def billable(invoice: Invoice) -> Invoice:
    """The invoice, where a customer may be asked for it and can pay it (rules BL-4, M-3).

    Raises:
        DomainError: `amount_too_large`, `invalid_amount`.
    """
    if invoice.total > MAX_CHARGE:
        raise DomainError(
            "amount_too_large",
            f"The total must be at most {MAX_CHARGE} minor units.",
            param="items",
            context={"maximum": MAX_CHARGE, "total": invoice.total},
        )
    card_amount(invoice.total, invoice.currency, param="items")
    return invoice


def save(unit: Unit, invoice: Invoice) -> Invoice:
    """Store the row; gives it back."""
    return unit.put(INVOICES, invoice)
