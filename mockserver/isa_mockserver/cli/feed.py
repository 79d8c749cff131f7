"""The events of a running server, as they happen."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

from .remote import Remote

POLL_S = 0.5
_PAGE = "1000"
_BEYOND_ALL = str(2**53)


def events_since(remote: Remote, since: str, *, type_: str | None = None, follow: bool) -> Iterator[Any]:
    """Every event after `since`, a sequence number or a time; with `follow` without end.

    A server that is reset counts from 1 again, and so does this.
    """
    chosen = {} if type_ is None else {"type": type_}
    while True:
        page = remote.call("list_events", query={**chosen, "since": since, "limit": _PAGE})
        yield from page["data"]
        started_over = since.isdecimal() and page["next_since"] < int(since)
        since = "0" if started_over else str(page["next_since"])
        if not page["has_more"] and not started_over:
            if not follow:
                return
            Event().wait(POLL_S)


def last_sequence(remote: Remote) -> str:
    """The sequence number of the last event there is."""
    page = remote.call("list_events", query={"since": _BEYOND_ALL, "limit": "1"})
    return str(page["next_since"])
