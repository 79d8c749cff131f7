"""The events of one World, written out when somebody first looks at them (rules WH-9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from .events import Event, EventDraft
from .ids import IdSource

ID_PREFIX = "evt"


class _Batch(NamedTuple):
    """The events of one commit; the first has this sequence number and this number among the ids."""

    drafts: Sequence[EventDraft]
    at: datetime
    sequence: int
    id_number: int


class EventLog:
    """Committed events, oldest first.

    Most are never read, so a commit only notes what they tell of: rows, which do not change. Whoever adds
    to the log or has it written out holds the World's lock.
    """

    def __init__(self, ids: IdSource) -> None:
        self._ids = ids
        self.written: list[Event] = []
        self._unwritten: list[_Batch] = []

    def add(self, drafts: Sequence[EventDraft], at: datetime, id_number: int) -> None:
        """Note the events of a commit at that time, whose ids are numbered from `id_number`."""
        self._unwritten.append(_Batch(drafts, at, self.last_sequence + 1, id_number))

    @property
    def last_sequence(self) -> int:
        """The sequence number of the last event; 0 where there is none."""
        if self._unwritten:
            last = self._unwritten[-1]
            return last.sequence + len(last.drafts) - 1
        return self.written[-1].sequence if self.written else 0

    @property
    def is_written(self) -> bool:
        """Whether `written` are all of them."""
        return not self._unwritten

    def write_out(self) -> None:
        """Make `written` all of them."""
        self.written += [event for batch in self._unwritten for event in self._events_of(batch)]
        self._unwritten.clear()

    def replace(self, events: list[Event]) -> None:
        """Hold this list from now on."""
        self.written = events
        self._unwritten.clear()

    def _events_of(self, batch: _Batch) -> list[Event]:
        return [
            Event(
                id=self._ids.make(ID_PREFIX, batch.id_number + place),
                type=draft.type,
                timestamp=batch.at,
                sequence=batch.sequence + place,
                owner=draft.owner,
                object=draft.object() if callable(draft.object) else draft.object,
                previous=draft.previous,
            )
            for place, draft in enumerate(batch.drafts)
        ]
