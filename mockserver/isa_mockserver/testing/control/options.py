"""The optional arguments that control calls share."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict


class FaultOptions(TypedDict, total=False):
    """What else a fault may say; `times` None is without end, `latency_s` and `retry_after_s` are seconds."""

    times: int | None
    probability: float
    seed: int
    latency_s: float
    status: int
    code: str
    retry_after_s: int
    burst: int
    per_s: float


class RequestFilters(TypedDict, total=False):
    """Which requests; `status` may be a class such as `4xx`, or `none`."""

    operation: str
    service: str
    user: str
    status: int | str
    code: str
    method: str
    path: str
    fault: str


class Expiry(TypedDict, total=False):
    """When credits expire; left out, as the rules say for their source, and None is never."""

    expires_at: datetime | str | None


def moment(time: datetime | str | None) -> str | None:
    """A time as the API takes it."""
    return time.isoformat() if isinstance(time, datetime) else time
