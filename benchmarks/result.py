"""What a measurement found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.measuring import Effort, Spread, ratios, spread


@dataclass(frozen=True, slots=True)
class Result:
    """A row's value with its spread, in the row's unit; `details` are the numbers behind it, in words."""

    row: str
    value: Spread
    details: Mapping[str, str] = field(default_factory=dict)


Measurement = Callable[[Effort], Sequence[Result]]
"""Measures one or more rows of the table."""


def compared(row: str, costs: Mapping[str, list[float]], subject: str, peer: str) -> Result:
    """The subject's seconds for each second of its peer's."""
    details = {name: _time(spread(costs[name])) for name in (subject, peer)}
    return Result(row, ratios(costs[subject], costs[peer]), details)


def timed(row: str, costs_s: list[float], **details: str) -> Result:
    """A time on its own, in milliseconds."""
    return Result(row, spread(costs_s).times(1000), details)


def _time(seconds: Spread) -> str:
    us = seconds.times(1e6)
    if us.median < 10_000:
        return f"{us.median:.0f} us ({us.low:.0f} to {us.high:.0f})"
    return f"{us.median / 1000:.1f} ms ({us.low / 1000:.1f} to {us.high / 1000:.1f})"
