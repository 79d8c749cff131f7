"""A server on real ports with the demo fixture, and its control client in both colours."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from isa_mockserver.testing import MockControl, MockServer, SyncMockControl
from isa_mockserver.testing.live import LiveServer

START = "2024-01-28T10:00:00Z"
COLOURS = {"async": MockControl, "sync": SyncMockControl}

Ask = Callable[..., Any]
"""Makes one call of the client: its name, then its arguments."""


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[MockServer, LiveServer]]:
    with MockServer(seed="demo", clock=START) as server, server.serve() as live:
        yield server, live


@pytest.fixture
def server(served: tuple[MockServer, LiveServer]) -> MockServer:
    """As at the start."""
    served[0].reset()
    return served[0]


@pytest.fixture
def url(served: tuple[MockServer, LiveServer]) -> str:
    return served[1].url()


@pytest.fixture(params=list(COLOURS))
def colour(request: pytest.FixtureRequest) -> Any:
    """The class of one colour, then of the other."""
    return COLOURS[request.param]


@pytest.fixture
def ask(colour: Any, url: str) -> Ask:
    return asker(colour(url))


def asker(control: Any) -> Ask:
    """Calls that look the same in both colours; an async one has an event loop of its own."""

    def call(name: str, *args: Any, **kwargs: Any) -> Any:
        result = getattr(control, name)(*args, **kwargs)
        return asyncio.run(result) if inspect.iscoroutine(result) else result

    return call
