"""`/_mock/clock` (rules CK-1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from isa_mockserver.kernel.clock import Clock, format_time
from tests.server.web.controls import ControlServer


@pytest.fixture
def server() -> ControlServer:
    return ControlServer()


def test_the_clock_shows_the_time_and_whether_it_stands(server: ControlServer) -> None:
    """CK-1, CK-2."""
    got = server.call("GET", "/_mock/clock")
    assert (got.status, got.json) == (200, {"now": "2024-01-31T10:00:00Z", "frozen": True})


@pytest.mark.parametrize(
    ("advance", "now"),
    [
        (0, "2024-01-31T10:00:00Z"),
        (90, "2024-01-31T10:01:30Z"),
        (31 * 86400, "2024-03-02T10:00:00Z"),
        ("P31D", "2024-03-02T10:00:00Z"),
        ("P1M", "2024-02-29T10:00:00Z"),
        ("PT1H30M", "2024-01-31T11:30:00Z"),
        ("P2Y", "2026-01-31T10:00:00Z"),
    ],
)
def test_time_advances_by_seconds_or_by_the_calendar(
    server: ControlServer, advance: int | str, now: str
) -> None:
    """CK-1: a frozen clock stays frozen."""
    got = server.call("POST", "/_mock/clock", {"advance": advance})
    assert (got.status, got.json) == (200, {"now": now, "frozen": True, "ran": []})
    assert server.call("GET", "/_mock/clock").json["now"] == now


def test_due_work_runs_in_order_and_is_told(server: ControlServer) -> None:
    """CK-1: each job at its own due time."""
    server.plan("b", days=2)
    server.plan("a", days=1)
    server.plan("c", days=9)
    got = server.call("POST", "/_mock/clock", {"advance": "P3D"})
    assert got.json["ran"] == [
        {"due": "2024-02-01T10:00:00Z", "kind": "settlement", "id": "a"},
        {"due": "2024-02-02T10:00:00Z", "kind": "settlement", "id": "b"},
    ]
    assert [format_time(event.timestamp) for event in server.world.events] == [
        "2024-02-01T10:00:00Z",
        "2024-02-02T10:00:00Z",
    ]


def test_two_steps_are_one_long_step(server: ControlServer) -> None:
    """CK-1, invariant 37."""
    server.plan("a", days=1)
    server.plan("b", days=45)
    other = ControlServer()
    other.plan("a", days=1)
    other.plan("b", days=45)
    server.call("POST", "/_mock/clock", {"advance": "P60D"})
    other.call("POST", "/_mock/clock", {"advance": "P30D"})
    other.call("POST", "/_mock/clock", {"advance": "P30D"})
    state = "/_mock/state"
    assert server.call("GET", state).json == other.call("GET", state).json


def test_to_sets_the_time_and_freezes_it_even_on_a_ticking_clock(server: ControlServer) -> None:
    """CK-1."""
    ticks = iter(range(1000))
    server.world.clock = Clock(wall=lambda: datetime(2024, 1, 31, 10, 0, next(ticks) % 60, tzinfo=UTC))
    got = server.call("POST", "/_mock/clock", {"to": "2024-02-28T01:00:00+01:00"})
    assert got.json == {"now": "2024-02-28T00:00:00Z", "frozen": True, "ran": []}


def test_advance_on_a_ticking_clock_ticks_on(server: ControlServer) -> None:
    """CK-1."""
    server.world.clock = Clock(wall=lambda: datetime(2024, 1, 31, 10, 0, 0, tzinfo=UTC))
    got = server.call("POST", "/_mock/clock", {"advance": 60})
    assert got.json == {"now": "2024-01-31T10:01:00Z", "frozen": False, "ran": []}


def test_the_clock_can_be_frozen_and_unfrozen(server: ControlServer) -> None:
    """CK-1."""
    assert server.call("POST", "/_mock/clock", {"unfreeze": True}).json["frozen"] is False
    assert server.call("POST", "/_mock/clock", {"freeze": True}).json["frozen"] is True
    assert server.call("POST", "/_mock/clock", {"to": "2024-02-01T00:00:00Z", "unfreeze": True}).json == {
        "now": "2024-02-01T00:00:00Z",
        "frozen": False,
        "ran": [],
    }


def test_a_move_of_nothing_only_runs_what_is_due(server: ControlServer) -> None:
    server.plan("a", days=0)
    assert [job["id"] for job in server.call("POST", "/_mock/clock").json["ran"]] == ["a"]


@pytest.mark.parametrize(
    ("move", "code", "param"),
    [
        ({"advance": -1}, "clock_backwards", None),
        ({"to": "2024-01-31T09:59:59Z"}, "clock_backwards", None),
        ({"advance": -(10**30)}, "clock_backwards", "advance"),
        ({"advance": 10**30}, "clock_step_too_large", "advance"),
        ({"advance": 731 * 86400 + 1}, "clock_step_too_large", None),
        ({"advance": "P3Y"}, "clock_step_too_large", None),
        ({"advance": "P9000Y"}, "clock_step_too_large", "advance"),
        ({"to": "9999-12-31T23:59:59Z"}, "clock_step_too_large", None),
        ({"advance": "31d"}, "invalid_value", "advance"),
        ({"advance": ""}, "invalid_value", "advance"),
        ({"advance": 1.5}, "invalid_type", "advance"),
        ({"advance": True}, "invalid_type", "advance"),
        ({"advance": [1]}, "invalid_type", "advance"),
        ({"to": "tomorrow"}, "invalid_timestamp", "to"),
        ({"to": "2024-02-01T00:00:00"}, "invalid_timestamp", "to"),
        ({"to": 1706436000}, "invalid_timestamp", "to"),
        ({"freeze": "yes"}, "invalid_type", "freeze"),
        ({"freeze": True, "unfreeze": True}, "invalid_value", "unfreeze"),
        ({"advance": 1, "to": "2024-02-01T00:00:00Z"}, "invalid_value", "to"),
        ({"advanse": 1}, "unknown_field", "advanse"),
        ({"advance": -1, "unfreeze": True}, "clock_backwards", None),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_and_changes_nothing(
    server: ControlServer, move: dict[str, Any], code: str, param: str | None
) -> None:
    """CK-1: forward only, two years per call."""
    server.plan("later", days=9)
    got = server.call("POST", "/_mock/clock", move)
    assert got.refused == (422, code)
    assert got.json.get("param") == param
    assert server.call("GET", "/_mock/clock").json == {"now": "2024-01-31T10:00:00Z", "frozen": True}
    assert not server.world.events
