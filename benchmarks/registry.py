"""DATA: which function measures which rows; loaded when it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

from benchmarks.result import Measurement

MEASUREMENTS: Mapping[str, tuple[str, ...]] = {
    "loopback.async_calls": ("1",),
    "loopback.sync_calls": ("2",),
    "loopback.concurrent_calls": ("3",),
    "inprocess.async_in_process": ("4",),
    "inprocess.sync_in_process": ("5",),
    "throughput.requests_a_second": ("6", "6b"),
    "imports.bare_import": ("7",),
    "imports.client_import": ("8",),
    "construction.five_clients": ("9", "9 time"),
    "startup.five_ports": ("10",),
    "worlds.fresh_world": ("11 fresh",),
    "worlds.copies": ("11 snapshot", "11 restore"),
    "worlds.a_year": ("12",),
    "growth.hundred_thousandth": ("13",),
}
"""`module.function` below `benchmarks.rows` -> the rows that it fills, in the order of the table."""


def chosen(numbers: Iterable[str]) -> list[str]:
    """The measurements that fill the rows of these numbers (`11` is all its parts); all of them for none.

    Raises:
        ValueError: there is no such row.
    """
    wanted = set(numbers)
    known = {row.split()[0] for rows in MEASUREMENTS.values() for row in rows}
    if unknown := sorted(wanted - known):
        there = ", ".join(sorted(known, key=_by_number))
        raise ValueError(f"there is no row {', '.join(unknown)}; there are {there}")
    return [
        name
        for name, rows in MEASUREMENTS.items()
        if not wanted or any(row.split()[0] in wanted for row in rows)
    ]


def measurement(name: str) -> Measurement:
    """The function behind a name."""
    module, _, function = name.partition(".")
    measure: Measurement = getattr(import_module(f"benchmarks.rows.{module}"), function)
    return measure


def _by_number(row: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, row))
    return int(digits), row
