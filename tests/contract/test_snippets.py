"""The page's Python runs as printed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from scripts.local_server import LocalServer, server_at_an_offset
from scripts.snippet import run_snippet
from tests.contract.page import read_page

PAGE = read_page()


@pytest.fixture(scope="module")
def offset_server() -> Iterator[LocalServer]:
    with server_at_an_offset("--seed", "demo", offsets=range(10_000, 50_001, 1_000)) as server:
        yield server


@pytest.mark.asyncio
@pytest.mark.parametrize("fixture", ["documented_server", "offset_server"])
async def test_the_sdk_snippet_runs_as_printed(request: pytest.FixtureRequest, fixture: str) -> None:
    """On the documented ports unchanged; elsewhere with nothing but its ports changed (rules A1, A2)."""
    server: LocalServer = request.getfixturevalue(fixture)
    names: dict[str, Any] = {"access_token": "YOUR_JWT_TOKEN"}
    try:
        await run_snippet(server.localise(PAGE.snippet("Python SDK")), names)
    finally:
        await names["payment"].aclose()
        await names["wallet"].aclose()
    assert (names["intent"].amount, names["intent"].currency) == (2999, "usd")
    assert names["intent"].status == "requires_payment_method"
    assert names["balance"].balances == {"usd": 15000, "credits": 500}
    # SB-3: user_456 has a default card from the deposit of the fixture.
    assert (names["subscription"].plan.id, names["subscription"].status) == ("plan_pro_monthly", "active")


class _App:
    """As much of a web framework as the handler example touches."""

    def __init__(self) -> None:
        self.handlers: dict[str, Callable[[Any], Awaitable[None]]] = {}

    def post(self, path: str) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
        def keep(handler: Callable[[Any], Awaitable[None]]) -> None:
            self.handlers[path] = handler

        return keep


class _Request:
    def __init__(self, event: dict[str, Any]) -> None:
        self._event = event

    async def json(self) -> dict[str, Any]:
        return self._event


@pytest.mark.asyncio
@pytest.mark.parametrize("event_type", PAGE.event_types)
async def test_the_handler_example_takes_every_event_type(event_type: str) -> None:
    app = _App()
    await run_snippet(PAGE.snippet("Payment Events"), {"app": app, "Request": _Request})
    await app.handlers["/webhooks/payments"](_Request({"type": event_type}))
