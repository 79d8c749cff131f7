"""Fixtures of the payments tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.payments.desk import Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A fresh World; its books must be in order at the end of every test."""
    desk = Desk()
    yield desk
    report = desk.world.ledger.check()
    assert report.ok, report.violations
