"""The values of filters that a checker knows are those that the services take (rules PH-1, W-10, CR-16)."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from isa_mockserver.services.billing.schemas.invoices import InvoiceQuery
from isa_mockserver.services.credits.schemas import EntryQuery as CreditQuery
from isa_mockserver.services.payments.schemas.requests import HistoryQuery
from isa_mockserver.services.wallets.schemas import EntryQuery as WalletQuery
from isa_user import _filters

FIELDS: dict[str, tuple[type[BaseModel], str]] = {
    "PaymentStatusFilter": (HistoryQuery, "status"),
    "PaymentTypeFilter": (HistoryQuery, "type"),
    "WalletTransactionTypeFilter": (WalletQuery, "type"),
    "WalletTransactionStatusFilter": (WalletQuery, "status"),
    "InvoiceStatusFilter": (InvoiceQuery, "status"),
    "CreditTransactionTypeFilter": (CreditQuery, "type"),
}


@pytest.mark.parametrize("name", _filters.__all__)
def test_a_filter_takes_exactly_what_the_service_takes(name: str) -> None:
    query, field = FIELDS[name]
    assert set(get_args(getattr(_filters, name))) == _literals(query.model_fields[field].annotation)


def _literals(annotation: Any) -> set[str]:
    if isinstance(annotation, str):
        return {annotation}
    return {text for each in get_args(annotation) for text in _literals(each)}
