"""The request journal: the last 10,000 requests, and a count of those it had to drop (rules AD-1)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from isa_mockserver.kernel.errors import DomainError

from .jsonbody import parse_object
from .redaction import redacted
from .visible import visible

CAPACITY = 10_000
MAX_KEPT_BODY_BYTES = 8_192


class Entry(NamedTuple):
    """One request and what it was answered; `status` None where it got no answer.

    `at` is the World's time, `latency_ms` real time. `warning` tells of unknown fields, `fault` names the
    injected fault. What was sent stays as bytes until somebody looks, and is redacted then.
    """

    at: datetime
    method: str
    sent_path: str
    service: str | None
    operation: str | None
    user: str | None
    status: int | None
    code: str | None
    request_id: str
    latency_ms: float
    replayed: bool
    warning: str | None
    fault: str | None
    sent_query: str
    sent_body: bytes | None
    sequence: int = 0

    @property
    def path(self) -> str:
        """The path, redacted."""
        shown: str = redacted(self.sent_path)
        return shown

    @property
    def query(self) -> Mapping[str, Any]:
        """The query parameters, redacted."""
        found: dict[str, Any] = redacted(dict(parse_qsl(self.sent_query, keep_blank_values=True)))
        return found

    @property
    def body(self) -> Any:
        """The JSON body, redacted; None without one, and for what is not one JSON object or was too long."""
        if not self.sent_body:
            return None
        try:
            return redacted(parse_object(self.sent_body))
        except DomainError:
            return None

    def __repr__(self) -> str:
        where = visible(self.path)
        return f"<{self.sequence} {self.method} {where} {self.user} -> {self.status} {self.code or ''}>"


class Journal:
    """A bounded ring of entries, oldest out first; numbers go on, so that a gap shows."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._entries: deque[tuple[int, Entry]] = deque(maxlen=capacity)
        self._last = 0
        self._first = 1
        self._writing = Lock()

    @property
    def dropped(self) -> int:
        """How many entries were pushed out since the start or the last `clear`."""
        return self._last - self._first + 1 - len(self._entries)

    @property
    def last(self) -> int:
        """The sequence number of the newest entry; 0 before the first."""
        return self._last

    def add(self, entry: Entry) -> None:
        """Note a request; the entry gets its number here."""
        with self._writing:
            self._last += 1
            self._entries.append((self._last, entry))

    def all(self) -> list[Entry]:
        """What is kept, oldest first."""
        with self._writing:
            kept = list(self._entries)
        return [entry._replace(sequence=sequence) for sequence, entry in kept]

    def clear(self) -> int:
        """Forget everything, also what was dropped; answers how many entries were kept."""
        with self._writing:
            kept = len(self._entries)
            self._entries.clear()
            self._first = self._last + 1
        return kept


class Wanted(NamedTuple):
    """Which entries are looked for; None is any. `status` is a code (`402`) or a class of them (`4xx`)."""

    operation: str | None = None
    service: str | None = None
    user: str | None = None
    status: str | None = None
    code: str | None = None
    method: str | None = None
    path: str | None = None
    fault: str | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether the entry is one of them."""
        return (
            self.operation in (None, entry.operation)
            and self.service in (None, entry.service)
            and self.user in (None, entry.user)
            and self.code in (None, entry.code)
            and self.method in (None, entry.method)
            and self.path in (None, entry.sent_path)
            and self.fault in (None, entry.fault)
            and _status_fits(self.status, entry.status)
        )

    def among(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that fit, in their order."""
        return [entry for entry in entries if self.fits(entry)]

    def __str__(self) -> str:
        said = [f"{name}={value}" for name, value in self._asdict().items() if value is not None]
        return " ".join(said) or "any request"


def _status_fits(wanted: str | None, status: int | None) -> bool:
    if wanted is None:
        return True
    if status is None:
        return wanted == "none"
    return wanted == str(status) or wanted == f"{status // 100}xx"
