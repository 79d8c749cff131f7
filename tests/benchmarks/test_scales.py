"""The scale run: it measures every operation, and tells which of them grow."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.scales import run
from benchmarks.scales.town import KINDS, START, Owner
from benchmarks.scales.worker import cost_us, filled, prepared
from isa_mockserver.testing import MockServer


def found(**costs_us: float) -> Any:
    return {"costs_us": costs_us, "filling_us": {"intents": 80.0}, "bytes": {"intents": 3000.0}}


def test_a_small_world_is_filled_and_measured() -> None:
    with MockServer(clock=START) as server:
        owner = Owner(server)
        seen = filled(owner, 300)
        costs = {name: cost_us(operation, 3) for name, operation in prepared(server, owner)}
    assert seen["bytes"].keys() == seen["filling_us"].keys() == KINDS.keys()
    assert {
        "confirm",
        "payments, deep page",
        "usage of another month",
        "advance, nothing due",
    } <= costs.keys()
    assert min(costs.values()) > 0


def test_sizes_are_measured_side_by_side_in_processes_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["scale", "--sizes", "20", "200"])
    said = capsys.readouterr().out
    assert "| operation, us of CPU | 20 | 200 | ratio |" in said
    assert "| create intent | " in said


def test_a_refused_call_ends_the_measurement() -> None:
    with MockServer(clock=START) as server, pytest.raises(RuntimeError, match="404"):
        Owner(server).confirm("pi_nobody")


def test_what_costs_over_twice_as_much_grows_and_the_run_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = {10: found(get=100.0, scan=100.0), 1000: found(get=199.0, scan=201.0)}
    monkeypatch.setattr(run, "_measured", lambda _: sizes)
    assert main(["scale", "--sizes", "10", "1000"]) == 1
    said = capsys.readouterr().out
    assert "| get | 100 | 199 | 1.99x |" in said
    assert "scan grows with the number of objects" in said
    assert "get grows" not in said


def test_what_a_small_world_does_not_have_is_compared_with_the_next(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = {10: found(), 100: found(deep=50.0), 1000: found(deep=60.0)}
    monkeypatch.setattr(run, "_measured", lambda _: sizes)
    assert main(["scale", "--sizes", "10", "100", "1000"]) == 0
    assert "| deep | 0 | 50 | 60 | 1.20x |" in capsys.readouterr().out
