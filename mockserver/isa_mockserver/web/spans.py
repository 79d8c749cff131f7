"""Lengths of time as people type them: `90`, `90s`, `5m`, `12h`, `31d`, `3 days`, `1d12h`, or ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORT = re.compile(r"(?:\d{1,9}[wdhms])+", re.ASCII)
_LONG = re.compile(r"(\d)(seconds?|minutes?|hours?|days?|weeks?)", re.ASCII)
_PART = re.compile(r"(\d+)([wdhms])", re.ASCII)
_SECONDS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse_span(text: str) -> int | str:
    """Seconds; an ISO 8601 duration (`P1M`) stays text, for its months depend on the clock.

    Raises:
        ValueError: the text is no length of time.
    """
    if text.startswith("P"):
        return text
    short = _LONG.sub(lambda found: found[1] + found[2][0], text.lower().replace(" ", ""))
    if _SHORT.fullmatch(short):
        return sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(short))
    if re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
        return int(text)
    raise ValueError(f"{text!r} is not a length of time such as 90, 12h, 31d or P1M")
