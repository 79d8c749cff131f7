"""Lengths of time as people write them: ISO 8601 durations, calendar months and years included."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import NamedTuple

_ISO = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,12})S)?)?",
    re.ASCII,
)
DURATION_PATTERN = (
    r"^P(?=.)([0-9]{1,9}Y)?([0-9]{1,9}M)?([0-9]{1,9}W)?([0-9]{1,9}D)?"
    r"(T(?=.)([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,12}S)?)?$"
)
"""The same for JSON Schema, which has no named groups, and readers for whom \\d is any digit."""


class Duration(NamedTuple):
    """A length of time whose months have no fixed number of days."""

    months: int
    days: int
    seconds: int

    def after(self, moment: datetime) -> datetime:
        """The moment this much later: months first (the 31st may become the 28th), then the rest.

        Raises:
            OverflowError: the result lies beyond the year 9999.
        """
        month = moment.month - 1 + self.months
        year, month = moment.year + month // 12, month % 12 + 1
        if year > 9999:
            raise OverflowError("beyond the year 9999")
        day = min(moment.day, monthrange(year, month)[1])
        shifted = moment.replace(year=year, month=month, day=day)
        return shifted + timedelta(days=self.days, seconds=self.seconds)


def parse_duration(text: str) -> Duration:
    """Read `PnYnMnWnDTnHnMnS`: whole numbers, at least one of them.

    Raises:
        ValueError: the text is no such duration.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("not an ISO 8601 duration such as P31D, P1M or PT1H30M")
    part = {name: int(number or 0) for name, number in match.groupdict().items()}
    return Duration(
        months=part["years"] * 12 + part["months"],
        days=part["weeks"] * 7 + part["days"],
        seconds=(part["hours"] * 60 + part["minutes"]) * 60 + part["seconds"],
    )
