"""`python -m benchmarks scale`: what each operation costs at 1,000, 10,000 and 100,000 objects of a kind."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack

from benchmarks.report import machine
from benchmarks.servers.processes import program

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
GROWTH = 2.0
"""An operation that costs so many times as much at the largest size grows with the number of objects."""

Found = Mapping[str, Mapping[str, float]]


def main(arguments: Sequence[str]) -> int:
    """Measure at each size; 1 where an operation grows with the number of objects."""
    options = _parser().parse_args(arguments)
    print(", ".join(f"{name} {value}" for name, value in machine().items()), flush=True)
    found = _measured(options.sizes)
    print("\n".join(lines(found)))
    return 1 if growing(found) else 0


def lines(found: Mapping[int, Found]) -> Iterator[str]:
    """The tables, in Markdown: operations, then what one object takes to make and to keep."""
    sizes = sorted(found)
    header = " | ".join(f"{size:,}" for size in sizes)
    yield f"\n| operation, us of CPU | {header} | ratio |\n|---|{'---|' * len(sizes)}---|"
    for name in _operations(found):
        costs = [found[size]["costs_us"].get(name, 0.0) for size in sizes]
        yield f"| {name} | {' | '.join(f'{cost:,.0f}' for cost in costs)} | {_ratio(costs):.2f}x |"
    yield f"\n| one object | {header} |\n|---|{'---|' * len(sizes)}"
    for part, unit in (("filling_us", "us to make"), ("bytes", "bytes to keep")):
        for kind in found[sizes[-1]][part]:
            yield f"| {kind}, {unit} | {' | '.join(f'{found[size][part][kind]:,.0f}' for size in sizes)} |"
    for name in growing(found):
        yield f"{name} grows with the number of objects"


def growing(found: Mapping[int, Found]) -> list[str]:
    """The operations that cost over twice as much at the largest size as at the smallest."""
    sizes = sorted(found)
    return [
        name
        for name in _operations(found)
        if _ratio([found[size]["costs_us"].get(name, 0.0) for size in sizes]) > GROWTH
    ]


def _operations(found: Mapping[int, Found]) -> Sequence[str]:
    return list(found[max(found)]["costs_us"])


def _ratio(costs: Sequence[float]) -> float:
    """The last one to the first that was measured."""
    first = next((cost for cost in costs if cost), 1.0)
    return costs[-1] / first


def _measured(sizes: Sequence[int]) -> dict[int, Found]:
    """All sizes side by side: each operation is asked for at every size in turn, so that a busy machine
    is as busy for all of them; the best of the rounds counts."""
    with ExitStack() as stack:
        workers = {
            size: stack.enter_context(program("benchmarks.scales.worker", str(size))) for size in sizes
        }
        found: dict[int, Found] = {size: json.loads(worker.read()) for size, worker in workers.items()}
        names: dict[int, list[str]] = {size: json.loads(worker.read()) for size, worker in workers.items()}
        costs: dict[int, dict[str, float]] = {size: {} for size in sizes}
        for _ in range(ROUNDS):
            for name in names[max(sizes)]:
                for size, worker in workers.items():
                    if name in names[size]:
                        cost = float(worker.ask(name))
                        costs[size][name] = min(cost, costs[size].get(name, cost))
        return {size: {**found[size], "costs_us": costs[size]} for size in sizes}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="objects of each kind")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
