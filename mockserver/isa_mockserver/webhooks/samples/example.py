"""For whom and when an example is made, and the helpers that every family of examples uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from isa_mockserver.kernel.clock import format_time

Object = dict[str, Any]


class Example(NamedTuple):
    """`user` owns the resource, `now` is the World's time, `new_id` makes ids such as `pi_...`."""

    user: str
    now: datetime
    new_id: Callable[[str], str]

    def at(self, *, days: int = 0, minutes: int = 0) -> str:
        """A time so far from now, as the API writes it."""
        return format_time(self.now + timedelta(days=days, minutes=minutes))


Maker = Callable[[Example], Object]
