"""The benchmarks run: how fast anything is, no test says (quality page, "Speed")."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.measuring import Effort, interleaved, ratios, spread
from benchmarks.registry import MEASUREMENTS, chosen, measurement
from benchmarks.report import verdict
from benchmarks.table import ROWS, Row

LITTLE = Effort(rounds=1, share=0.02)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_every_measurement_gives_its_rows_a_value(name: str) -> None:
    results = measurement(name)(LITTLE)
    assert tuple(result.row for result in results) == MEASUREMENTS[name]
    assert all(result.value.low <= result.value.median <= result.value.high for result in results)
    positive = [result for result in results if result.row != "7"]  # a difference, which noise may turn
    assert all(result.value.low > 0 for result in positive)


def test_every_row_of_the_table_is_measured_once_and_in_its_order() -> None:
    assert [row for rows in MEASUREMENTS.values() for row in rows] == list(ROWS)


def test_a_number_chooses_all_parts_of_its_row_and_none_chooses_everything() -> None:
    assert chosen(["11"]) == ["worlds.fresh_world", "worlds.copies"]
    assert chosen(["6b"]) == ["throughput.requests_a_second"]
    assert chosen([]) == list(MEASUREMENTS)


def test_a_row_that_is_not_there_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["99"]) == 1
    assert capsys.readouterr().err.startswith("benchmarks: there is no row 99; there are 1, 2, 3,")


def test_a_run_prints_the_table_and_writes_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "deep" / "found.json"
    assert main(["9", "--rounds", "1", "--json", str(target)]) == 0
    assert "| 9 | five clients constructed | one httpx.AsyncClient() |" in capsys.readouterr().out
    document = json.loads(target.read_text(encoding="utf-8"))
    assert [row["row"] for row in document["rows"]] == ["9", "9 time"]
    assert document["rows"][0]["gate"] == 1.1


def test_what_is_compared_takes_turns_and_the_order_alternates() -> None:
    ran: list[str] = []

    def block(name: str) -> float:
        ran.append(name)
        return 1.0

    blocks = {name: partial(block, name) for name in "ab"}
    assert interleaved(blocks, 3) == {"a": [1.0] * 3, "b": [1.0] * 3}
    assert "".join(ran) == "abbaab"


def test_a_ratio_is_the_median_of_the_ratios_of_the_rounds() -> None:
    """Rounds 1/2, 6/2, 4/4: the median is 1, where the ratio of the medians would be 4/2."""
    assert ratios([1.0, 6.0, 4.0], [2.0, 2.0, 4.0]).median == 1.0


def test_a_spread_is_the_median_between_its_quartiles() -> None:
    found = spread([5.0, 1.0, 3.0, 2.0, 4.0])
    assert (found.low, found.median, found.high) == (2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("more", "value", "expected"),
    [(False, 0.804, "aim"), (False, 0.9, "gate"), (False, 1.01, "no"), (True, 1.2, "aim"), (True, 0.9, "no")],
)
def test_a_value_reaches_its_aim_its_gate_or_neither(more: bool, value: float, expected: str) -> None:
    row = Row("what", "against", gate=1.0, aim=1.1 if more else 0.8, more=more)
    assert verdict(row, value) == expected
