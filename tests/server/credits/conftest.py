"""A bank that knows alice and bob."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.wallets.bank import Bank


@pytest.fixture
def bank() -> Iterator[Bank]:
    """An empty bank; its books are proved after the test."""
    bank = Bank("alice", "bob")
    yield bank
    bank.assert_books_in_order()
