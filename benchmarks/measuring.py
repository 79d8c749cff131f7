"""Interleaved measurement: what is compared takes turns, and every round gives a ratio of its own."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

Block = Callable[[], float]
"""Runs once and gives the cost of one operation: usually seconds."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: `rounds` of each row, and the `share` of the usual work within a round."""

    rounds: int = 15
    share: float = 1.0

    def count(self, usual: int) -> int:
        """How many operations a block does where `usual` is the whole work; at least one."""
        return max(1, round(usual * self.share))


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several numbers with its quartiles."""

    median: float
    low: float
    high: float

    def times(self, factor: float) -> Spread:
        """The same numbers in another unit."""
        return Spread(self.median * factor, self.low * factor, self.high * factor)


def spread(numbers: list[float]) -> Spread:
    """Median and quartiles."""
    if len(numbers) == 1:
        return Spread(numbers[0], numbers[0], numbers[0])
    low, _, high = quantiles(numbers, n=4, method="inclusive")
    return Spread(median(numbers), low, high)


def interleaved(blocks: Mapping[str, Block], rounds: int) -> dict[str, list[float]]:
    """Run all blocks in each round, every other round in the opposite order; name -> its costs by round."""
    costs: dict[str, list[float]] = {name: [] for name in blocks}
    for number in range(rounds):
        names = list(blocks)
        for name in names if number % 2 == 0 else reversed(names):
            costs[name].append(blocks[name]())
    return costs


def ratios(subject: list[float], peer: list[float]) -> Spread:
    """What the subject costs for each unit that its peer costs, round by round."""
    return spread([mine / theirs for mine, theirs in zip(subject, peer, strict=True)])


@contextmanager
def own_garbage_only() -> Iterator[None]:
    """Spare the garbage collector what the process held before, which is not what is measured."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def repeated(
    operation: Callable[[], object], count: int, clock: Callable[[], float] = time.perf_counter
) -> Block:
    """A block that does the operation `count` times; its cost is the seconds of one, by the clock."""

    def block() -> float:
        started_s = clock()
        for _ in range(count):
            operation()
        return (clock() - started_s) / count

    return block
