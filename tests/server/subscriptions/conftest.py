"""An empty shop at the sample date, and a record of what happens in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.subscriptions.shop import Recorder, Shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    """An empty shop; its books are proved after the test."""
    shop = Shop()
    yield shop
    shop.assert_books_in_order()


@pytest.fixture
def news(shop: Shop) -> Recorder:
    """The events from the start of the test on."""
    return Recorder(shop)
