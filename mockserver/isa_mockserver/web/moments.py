"""Times and lengths of time as a test gives them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from isa_mockserver.kernel.clock import parse_time
from isa_mockserver.web.durations import Duration, parse_duration
from isa_mockserver.web.spans import parse_span

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def moment_of(given: datetime | str) -> datetime:
    """An aware datetime, or RFC 3339 text; a date alone is its midnight, UTC.

    Raises:
        ValueError: it is no time, or has no zone.
    """
    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise ValueError(f"{given!r} has no zone; give it one, such as tzinfo=timezone.utc")
        return given
    if not isinstance(given, str):
        raise TypeError(f"a time is an aware datetime or text, not {type(given).__name__}")
    try:
        return parse_time(f"{given}T00:00:00Z" if _DATE.fullmatch(given) else given)
    except (ValueError, OverflowError):
        words = "is not a time such as 2024-01-28T10:00:00Z or 2024-01-28"
        raise ValueError(f"{given!r} {words}") from None


def span_of(given: timedelta | str) -> Duration:
    """A timedelta of whole seconds, or text as the command line takes it: `12h`, `31d`, `P1M`.

    Raises:
        ValueError: it is no length of time.
    """
    if isinstance(given, timedelta):
        return Duration(months=0, days=0, seconds=int(given.total_seconds()))
    if not isinstance(given, str):
        raise TypeError(
            f"a length of time is a timedelta or text such as '31d', not {type(given).__name__}; "
            f"or name the unit: days={given!r}"
        )
    found = parse_span(given)
    if isinstance(found, int):
        return Duration(months=0, days=0, seconds=found)
    try:
        return parse_duration(found)
    except ValueError:
        raise ValueError(f"{given!r} is not a length of time such as 90, 12h, 31d or P1M") from None
