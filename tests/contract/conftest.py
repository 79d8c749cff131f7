"""The reference server as a process, with the demo fixture, on free ports and on the documented ones."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from scripts.local_server import (
    DOCUMENTED_PORTS,
    LocalServer,
    ServerDidNotStartError,
    local_server,
)

FREE_PORTS = [option for service in DOCUMENTED_PORTS for option in ("--port", f"{service}=0")]


@pytest.fixture(scope="module")
def free_ports_server() -> Iterator[LocalServer]:
    with local_server("--seed", "demo", *FREE_PORTS) as server:
        yield server


@pytest.fixture(scope="module")
def documented_server() -> Iterator[LocalServer]:
    """On the documented ports; skipped where another program holds one, except in CI."""
    try:
        with local_server("--seed", "demo") as server:
            yield server
    except ServerDidNotStartError as error:
        if "CI" in os.environ or not error.port_taken:
            raise
        pytest.skip(f"a documented port is taken: {error}")
