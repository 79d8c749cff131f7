"""The reference of the clients, where it puts methods in an order of its own, leaves none out."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import isa_user

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "clients.md").read_text(encoding="utf-8")
ORDERED = dict(re.findall(r"::: isa_user\.(\w+)\n    options:\n      members: \[([^]]*)\]", PAGE))


def test_the_clients_with_many_methods_have_an_order() -> None:
    assert set(ORDERED) == {"PaymentClient", "BillingClient"}


@pytest.mark.parametrize("name", ORDERED)
def test_every_public_method_is_in_the_list_once(name: str) -> None:
    listed = re.findall(r"\w+", ORDERED[name])
    methods = [
        method
        for method, _ in inspect.getmembers(getattr(isa_user, name), inspect.isfunction)
        if not method.startswith("_")
    ]
    assert sorted(listed) == sorted(methods)
