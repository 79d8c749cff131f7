"""A change of plan with its numbers (rules 5.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from isa_mockserver.services.ports.invoicing import OrderLine

Direction = Literal["upgrade", "downgrade", "lateral"]
"""By what the plans cost in a year (rules CH-11)."""


class PlanChange(NamedTuple):
    """What a change at `at` bills and where it leaves the period.

    `credit` is what was granted for unused time, `charged` what the new plan costs for `seconds` from now
    on: None where nothing is charged now, so that the old charge stays the basis. `closes` tells that the
    usage period ends with the change.
    """

    plan_id: str
    at: datetime
    lines: tuple[OrderLine, ...]
    credit: int
    charged: int | None
    seconds: int
    anchor: datetime
    period_number: int
    period_start: datetime
    period_end: datetime
    interval_changes: bool
    closes: bool
