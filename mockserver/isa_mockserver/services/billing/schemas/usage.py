"""Requests and answers of the usage endpoints (rules 4.2, 4.3, section 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StrictInt, ValidationInfo, field_validator

from isa_mockserver.services.billing.model.usage import METRICS, Window
from isa_mockserver.web.fields import (
    Check,
    ErrorCode,
    Metadata,
    QueryParams,
    RequestBody,
    ResponseBody,
    Shape,
    Text255,
    Time,
    Timestamp,
    Token,
    refuse,
)

MAX_QUANTITY = 1_000_000_000
MAX_BATCH = 100
_LAST_YEAR = 9998


_SIZE = Shape(minimum=-MAX_QUANTITY, maximum=MAX_QUANTITY, description="Negative in a correction only")
_METRIC = Shape(enum=list(METRICS))
Metric = Annotated[Text255, _METRIC]


class RecordUsage(RequestBody):
    """Heading "Usage-Based Billing" (rules US-1); with `corrects`, an admin's negative adjustment (US-3)."""

    metric: Metric
    corrects: Token | None = None
    quantity: Annotated[StrictInt, ErrorCode("invalid_quantity"), _SIZE]
    timestamp: Timestamp | None = None
    event_id: Text255 | None = None
    subscription_id: Token | None = None
    metadata: Metadata = Field(default_factory=dict)

    @field_validator("quantity")
    @classmethod
    def _in_range(cls, value: int, info: ValidationInfo) -> int:
        size = -value if info.data.get("corrects") else value
        if not 1 <= size <= MAX_QUANTITY:
            raise refuse("invalid_quantity", f"must be from 1 to {MAX_QUANTITY}, negative in a correction")
        return value


def _batch(value: list[Any]) -> list[Any]:
    if not 1 <= len(value) <= MAX_BATCH:
        raise refuse("invalid_value", f"takes 1 to {MAX_BATCH} events")
    return value


class RecordBatch(RequestBody):
    """Up to 100 usage events, each judged alone (rules US-8)."""

    events: Annotated[list[Any], Check(_batch, "invalid_value", minItems=1, maxItems=MAX_BATCH)]


def _within_calendar(value: datetime) -> datetime:
    if value.year > _LAST_YEAR:
        raise refuse("invalid_timestamp", f"must lie before the year {_LAST_YEAR + 1}")
    return value


Edge = Annotated[Timestamp, Check(_within_calendar, "invalid_timestamp")]


class UsageQuery(QueryParams):
    """What to add up (rules US-7): by default the present UTC month, by days."""

    metric: Annotated[str, _METRIC]
    start: Edge | None = None
    end: Edge | None = None
    window: Window = "day"


class QuotaQuery(QueryParams):
    """The pre-check: would `quantity` more still fit (rules QU-1, QU-7)."""

    metric: Annotated[str, _METRIC] = "api_calls"
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY), ErrorCode("invalid_quantity")] = 1


class QuotaBody(ResponseBody):
    """A quota; `limit` and `remaining` are null where unlimited."""

    metric: str
    limit: int | None
    used: int
    remaining: int | None
    exceeded: bool
    allowed: bool
    period_start: Time
    period_end: Time
    reset_at: Time


class UsageBody(ResponseBody):
    """A usage record with the quota as it stands (rules US-1)."""

    usage_id: str
    metric: str
    quantity: int
    timestamp: Time
    recorded_at: Time
    event_id: str | None
    duplicate: bool
    late: bool
    quota: QuotaBody | None
    subscription_id: str | None
    corrects: str | None
    created_at: Time
    metadata: dict[str, str]


class Rejection(ResponseBody):
    """An event of a batch that was refused."""

    index: int
    code: str
    detail: str


class BatchBody(ResponseBody):
    """What became of a batch (rules US-8)."""

    accepted: int
    duplicates: int
    rejected: list[Rejection]


class WindowBody(ResponseBody):
    """The quantity used in [start, end)."""

    start: Time
    end: Time
    quantity: int


class SummaryBody(ResponseBody):
    """Usage added up (rules US-7)."""

    metric: str
    start: Time
    end: Time
    window: Window
    total: int
    data: list[WindowBody]
