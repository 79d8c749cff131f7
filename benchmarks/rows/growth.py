"""Row 13: whether the cost of an object depends on how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from benchmarks.measuring import Effort, interleaved
from benchmarks.result import Result, compared
from benchmarks.servers.processes import Program, program

_BLOCK = 500


def hundred_thousandth(effort: Effort) -> Sequence[Result]:
    """Row 13."""
    many, few = str(effort.count(100_000)), str(effort.count(1_000))
    objects = "benchmarks.servers.objects"
    with program(objects, many, "kept") as large, program(objects, few, "anew") as small:
        for worker in (large, small):
            worker.read()
        blocks = {
            "100,000th": partial(_ask, large, effort.count(_BLOCK)),
            "1,000th": partial(_ask, small, effort.count(_BLOCK)),
        }
        costs = interleaved(blocks, effort.rounds)
        return [compared("13", costs, "100,000th", "1,000th")]


def _ask(worker: Program, count: int) -> float:
    return float(worker.ask(str(count)))
