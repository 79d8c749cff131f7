"""Cursor pagination: newest first, stable while new rows arrive (rules 8.5)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar

from pydantic import Field

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.store import Row, TableSpec
from isa_mockserver.kernel.unit import Unit

from .fields import ErrorCode, QueryParams

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


class PageQuery(QueryParams):
    """The parameters of every list; each subclass adds its filters as further fields."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT), ErrorCode("invalid_limit")] = DEFAULT_LIMIT
    cursor: Annotated[str | None, ErrorCode("invalid_cursor")] = None

    def filters(self) -> dict[str, Any]:
        """The filters in use, without the page position."""
        return self.model_dump(exclude={"limit", "cursor", *(self.model_extra or ())}, exclude_none=True)


class Dated(Row, Protocol):
    """A row that knows when it was made."""

    @property
    def created_at(self) -> datetime: ...


D = TypeVar("D", bound=Dated)


class _Position(NamedTuple):
    created_at: str
    seq: int


def page(
    unit: Unit,
    table: TableSpec[D],
    index: str,
    key: str,
    query: PageQuery,
    render: Callable[[D], Mapping[str, Any]],
    *,
    where: Callable[[D], bool] = lambda row: True,
) -> dict[str, Any]:
    """One page of the rows of `key` that satisfy `where`, as {data, has_more, next_cursor}.

    Raises:
        DomainError: `invalid_cursor` for a cursor of another list or other filters, or a garbled one.
    """
    context = _digest(table.name, key, query.filters())
    position = _read(query.cursor, context) if query.cursor is not None else None
    found: list[tuple[int, D]] = []
    for seq, row in unit.newest_first(table, index, key, before_seq=position.seq if position else None):
        if where(row):
            found.append((seq, row))
            if len(found) > query.limit:
                break
    shown = found[: query.limit]
    has_more = len(found) > query.limit
    return {
        "data": [render(row) for _, row in shown],
        "has_more": has_more,
        "next_cursor": _write(shown[-1], context) if has_more else None,
    }


def created_between(row: Dated, after: datetime | None, before: datetime | None) -> bool:
    """Whether the row was made at or after `after` and before `before` (rules PH-1)."""
    return (after is None or row.created_at >= after) and (before is None or row.created_at < before)


def _digest(table: str, key: str, filters: Mapping[str, Any]) -> str:
    source = json.dumps([table, key, filters], sort_keys=True, default=str)
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def _write(entry: tuple[int, Dated], context: str) -> str:
    seq, row = entry
    document = json.dumps([format_time(row.created_at), seq, context], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def _read(cursor: str, context: str) -> _Position:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        created_at, seq, written_for = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if written_for == context and isinstance(created_at, str) and type(seq) is int and seq > 0:
            return _Position(created_at, seq)
    except (ValueError, TypeError, RecursionError):
        pass
    raise DomainError(
        "invalid_cursor",
        "This cursor does not belong to this list with these filters; start again without a cursor.",
        param="cursor",
    )
