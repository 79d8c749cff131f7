"""The operation table against the page and against the models (page headings; rules section 10)."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from isa_user import models
from isa_user._config import PORTS, Service
from isa_user._operations import OPERATIONS, Operation, billing, credit, payment, subscription, wallet
from isa_user.models.common import Model

PAGE = {
    "Create Payment Intent": ("POST", 8207, "/payments/intent"),
    "Confirm Payment": ("POST", 8207, "/payments/intent/{}/confirm"),
    "Get Payment History": ("GET", 8207, "/payments/history"),
    "Process Refund": ("POST", 8207, "/payments/{}/refund"),
    "Cryptocurrency Support": ("POST", 8207, "/payments/crypto"),
    "Get Wallet Balance": ("GET", 8208, "/wallets/me"),
    "Add Funds": ("POST", 8208, "/wallets/me/deposit"),
    "Transfer Between Users": ("POST", 8208, "/wallets/transfer"),
    "Transaction History": ("GET", 8208, "/wallets/me/transactions"),
    "Create Invoice": ("POST", 8216, "/billing/invoices"),
    "Get Invoices": ("GET", 8216, "/billing/invoices"),
    "Usage-Based Billing": ("POST", 8216, "/billing/usage"),
    "Create Subscription": ("POST", 8228, "/subscriptions"),
    "Get Subscription": ("GET", 8228, "/subscriptions/me"),
    "Change Plan": ("POST", 8228, "/subscriptions/me/change"),
    "Cancel Subscription": ("POST", 8228, "/subscriptions/me/cancel"),
    "Get Credits": ("GET", 8229, "/credits/me"),
    "Purchase Credits": ("POST", 8229, "/credits/purchase"),
    "Use Credits": ("POST", 8229, "/credits/consume"),
}
SAFETY = {"GET": "read", "POST": "write", "PATCH": "write", "DELETE": "write"}


def _row_id(row: Operation[object]) -> str:
    return f"{row.service}.{row.name}"


def test_the_documented_rows_are_exactly_the_nineteen_endpoints_of_the_page() -> None:
    rows = {
        row.source: (row.method, PORTS[row.service], re.sub(r"\{\w+\}", "{}", row.path))
        for row in OPERATIONS
        if row.documented
    }
    assert rows == {heading: (verb, port, f"/api/v1{path}") for heading, (verb, port, path) in PAGE.items()}


@pytest.mark.parametrize("row", OPERATIONS, ids=_row_id)
def test_only_reading_is_safe_to_repeat(row: Operation[object]) -> None:
    """Rules CH-10: a preview is a POST that changes nothing."""
    assert row.safety == ("read" if row.name == "preview_change" else SAFETY[row.method])


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.result], ids=_row_id)
def test_every_row_names_a_public_model(row: Operation[object]) -> None:
    model = row.model()
    assert issubclass(model, Model)
    assert model.__name__ in models.__all__


def test_the_type_of_a_row_is_the_model_it_names() -> None:
    """The annotation is what type checkers believe, the name is what runs."""
    named: dict[str, Operation[object]] = {}
    for module in (payment, wallet, billing, subscription, credit):
        annotated = _annotations(module)
        rows = {name: row for name, row in vars(module).items() if isinstance(row, Operation)}
        for name, row in rows.items():
            wanted = "None" if row.result is None else row.result.partition(".")[2]
            assert annotated[name] == f"Operation[{wanted}]"
        named |= rows
    assert len(named) == len(OPERATIONS)


def _annotations(module: ModuleType) -> dict[str, str]:
    tree = ast.parse(Path(str(module.__file__)).read_text())
    return {
        node.target.id: ast.unparse(node.annotation)
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def test_the_five_services_have_the_documented_ports() -> None:
    """Page: "Overview"."""
    assert PORTS == {"payment": 8207, "wallet": 8208, "billing": 8216, "subscription": 8228, "credit": 8229}
    assert set(get_args(Service)) == set(PORTS)
