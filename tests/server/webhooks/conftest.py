"""A server in process at the sample date."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from isa_mockserver.testing import MockServer

START = "2024-01-28T10:00:00Z"


@pytest.fixture
def server() -> Iterator[MockServer]:
    """Its books are proved after the test."""
    with MockServer(clock=START, check_responses=True) as server:
        yield server
        assert server.ledger.check().ok
