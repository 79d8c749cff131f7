"""DATA: the rows of the quality page, "Speed": what is measured, against what, gate and aim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["x", "ms"]


@dataclass(frozen=True, slots=True)
class Row:
    """One promise. `gate` must be reached, `aim` is hoped for; both in `unit`.

    `more` tells that more is better, as for requests a second; else less is.
    """

    what: str
    against: str
    gate: float
    aim: float
    unit: Unit = "x"
    more: bool = False

    def reaches(self, value: float, mark: float) -> bool:
        """Whether the value, as it would be printed, is as good as the mark."""
        shown = round(value, 2)
        return shown >= mark if self.more else shown <= mark


_HTTPX = "httpx .post().json()"
_ECHO = "bare Starlette JSON echo, same uvicorn settings"

ROWS: Mapping[str, Row] = {
    "1": Row("async call, in turn, loopback, to model", f"AsyncClient: {_HTTPX}", 1.00, 0.80),
    "2": Row("sync call, in turn, loopback, to model", f"Client: {_HTTPX}", 1.00, 0.75),
    "3": Row("async call, 16 tasks at once", f"AsyncClient: {_HTTPX}", 1.00, 0.80),
    "4": Row("in process, async, call to model", "httpx.ASGITransport to a bare Starlette echo", 0.40, 0.20),
    "5": Row("in process, sync, call to model", "an entered TestClient, same call", 0.20, 0.05),
    "6": Row("server, POST intent, 16 connections, requests/s", _ECHO, 0.80, 1.00, more=True),
    "6b": Row("the same with --data (durable before the answer)", _ECHO, 0.40, 0.70, more=True),
    "7": Row("import isa_user", "added to a bare interpreter", 10, 5, "ms"),
    "8": Row("from isa_user import PaymentClient", "import httpx, pydantic", 1.10, 1.05),
    "9": Row("five clients constructed", "one httpx.AsyncClient()", 1.1, 1.1),
    "9 time": Row("five clients constructed, http URLs", "-", 5, 5, "ms"),
    "10": Row("five ports answering", "uvicorn with one bare Starlette app", 1.5, 1.25),
    "11 fresh": Row("fresh World", "-", 1, 0.2, "ms"),
    "11 snapshot": Row("snapshot at 10,000 objects", "-", 5, 1, "ms"),
    "11 restore": Row("restore at 10,000 objects", "-", 5, 1, "ms"),
    "12": Row("advance 12 months with 100 subscriptions", "-", 200, 50, "ms"),
    "13": Row("cost of the 100,000th object", "the 1,000th", 1.2, 1.0),
}
"""Number of the row, and its part where it has several -> the promise."""
