"""The results for people, and for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from benchmarks.measuring import Spread
from benchmarks.result import Result
from benchmarks.table import ROWS, Row, Unit

_LIBRARIES = ("httpx", "pydantic", "starlette", "uvicorn")
HEADING = (
    "| # | what | against | measured (quartiles) | gate | aim | reached |\n|---|---|---|---|---|---|---|"
)


def line(result: Result) -> str:
    """One line of the table, in Markdown."""
    row = ROWS[result.row]
    sign = ">=" if row.more else "<="
    cells = (
        result.row,
        row.what,
        row.against,
        f"{_value(result.value.median, row.unit)} ({_range(result.value, row.unit)})",
        f"{sign} {_value(row.gate, row.unit)}",
        f"{sign} {_value(row.aim, row.unit)}",
        verdict(row, result.value.median),
    )
    return f"| {' | '.join(cells)} |"


def verdict(row: Row, value: float) -> str:
    """`aim`, `gate`, or `no` where neither is reached."""
    if row.reaches(value, row.aim):
        return "aim"
    return "gate" if row.reaches(value, row.gate) else "no"


def details(result: Result) -> str:
    """The numbers behind a line."""
    return ", ".join(f"{name}: {text}" for name, text in result.details.items())


def document(results: Iterable[Result]) -> dict[str, Any]:
    """Everything, ready for JSON."""
    return {"machine": machine(), "rows": [_entry(result) for result in results]}


def machine() -> Mapping[str, Any]:
    """Where it was measured."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        **{name: version(name) for name in _LIBRARIES},
    }


def _entry(result: Result) -> dict[str, Any]:
    row = ROWS[result.row]
    return {
        "row": result.row,
        "what": row.what,
        "against": row.against,
        "unit": row.unit,
        "median": round(result.value.median, 4),
        "quartiles": [round(result.value.low, 4), round(result.value.high, 4)],
        "gate": row.gate,
        "aim": row.aim,
        "reached": verdict(row, result.value.median),
        "details": dict(result.details),
    }


def _value(number: float, unit: Unit) -> str:
    return f"{number:.2f}x" if unit == "x" else f"{number:.3g} ms"


def _range(value: Spread, unit: Unit) -> str:
    digits = ".2f" if unit == "x" else ".3g"
    return f"{value.low:{digits}} to {value.high:{digits}}"
