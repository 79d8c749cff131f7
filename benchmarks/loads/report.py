"""What a run under load found, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import quantiles

from benchmarks.loads.connections import Notes


@dataclass(frozen=True, slots=True)
class Found:
    """A run: how long it took, what was answered, the server's memory every so often, and what is wrong."""

    store: str
    seconds: float
    notes: Notes
    memory_kb: Sequence[int]
    every_s: float
    wrong: Sequence[str]

    @property
    def ok(self) -> bool:
        """Whether every answer was one that had to come and the books add up."""
        return not self.notes.errors and not self.wrong


def lines(found: Found) -> Iterator[str]:
    """The report, line by line, in Markdown."""
    notes, everything = found.notes, sorted(chain.from_iterable(found.notes.latencies_s.values()))
    refused = ", ".join(f"{status}: {times}" for status, times in sorted(notes.refused.items())) or "none"
    yield f"\n**{found.store}**, {found.seconds:.0f} s\n"
    yield f"- {notes.answered} requests, {notes.answered / found.seconds:.0f} a second"
    yield f"- errors: {len(notes.errors)}; refusals that had to come: {refused}"
    yield f"- latency: {_percentiles(everything)}"
    yield f"- memory of the server every {found.every_s:.0f} s, MB: {_memory(found.memory_kb)}"
    yield f"- growth for each request: {_growth(found)}"
    yield f"- books: {'; '.join(found.wrong) or 'in order, every wallet holds what was acknowledged'}"
    yield "\n| operation | requests | p50 | p95 | p99 |\n|---|---|---|---|---|"
    for name, latencies_s in sorted(notes.latencies_s.items()):
        cells = " | ".join(f"{value * 1000:.1f} ms" for value in percentiles(sorted(latencies_s)))
        yield f"| {name} | {len(latencies_s)} | {cells} |"
    yield from (f"error: {error}" for error in notes.errors[:10])


def percentiles(ordered: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, 95th and 99th of numbers in ascending order."""
    if len(ordered) < 2:
        only = ordered[0] if ordered else 0.0
        return only, only, only
    cuts = quantiles(ordered, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def _percentiles(ordered: Sequence[float]) -> str:
    values = zip(("p50", "p95", "p99"), percentiles(ordered), strict=True)
    return ", ".join(f"{name} {value * 1000:.1f} ms" for name, value in values)


def _memory(kilobytes: Sequence[int]) -> str:
    return ", ".join(f"{each / 1024:.0f}" for each in kilobytes)


def _growth(found: Found) -> str:
    """Over the first half and the second: the same in both where only what is kept takes memory."""
    if len(found.memory_kb) < 3:
        return "too short a run to tell"
    middle = len(found.memory_kb) // 2
    halves = (found.memory_kb[: middle + 1], found.memory_kb[middle:])
    a_second = found.notes.answered / found.seconds
    told = (
        f"{(half[-1] - half[0]) * 1024 / max(1.0, a_second * found.every_s * (len(half) - 1)):.0f} bytes"
        for half in halves
    )
    return " in the first half, ".join(told) + " in the second"
