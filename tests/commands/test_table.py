"""The table of the demonstration is readable and true to its rows."""

from __future__ import annotations

import pytest

from scripts.local_server import LocalServer
from scripts.story.table import Chapter, Row, dollars, render


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "$0.00"), (5, "$0.05"), (2999, "$29.99"), (-150, "-$1.50"), (29990000, "$299,900.00")],
)
def test_cents_are_shown_as_dollars(cents: int, text: str) -> None:
    assert dollars(cents) == text


def test_columns_line_up_and_money_stands_right() -> None:
    rows = [Row("pay", "confirm", "succeeded", "$29.99"), Row("a longer name", "x", "y", "-$1.50")]
    head, rule, _, title, first, second = render([Chapter("Payments", rows)]).splitlines()
    assert title == "Payments"
    assert head.index("call") == first.index("confirm") == second.index("x")
    assert len(first) == len(second) == len(rule)
    assert first.endswith("$29.99")
    assert second.endswith("-$1.50")


def test_only_documented_ports_are_replaced() -> None:
    server = LocalServer(process=None, ports={"payments": 18207, "gateway": 18200})  # type: ignore[arg-type]
    text = "http://localhost:8207/a http://localhost:8200 http://localhost:9999 port 8207"
    expected = "http://localhost:18207/a http://localhost:18200 http://localhost:9999 port 8207"
    assert server.localise(text) == expected
