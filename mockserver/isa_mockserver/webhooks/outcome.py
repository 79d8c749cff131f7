"""What came back from a receiver, and what its headers ask for (rules WH-6)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

GONE = 410
ASKS_FOR_PATIENCE = frozenset({429, 503})
TIMEOUT_S = 15.0
"""How long a receiver may take to answer, connecting included (rules WH-6)."""
MAX_ERROR_CHARS = 200


class Outcome(NamedTuple):
    """The end of one request: a status, or an error where no answer came."""

    status: int | None = None
    error: str | None = None
    latency_ms: int | None = None
    retry_after_s: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the receiver took the event: any 2xx."""
        return self.error is None and self.status is not None and 200 <= self.status < 300


TIMED_OUT = Outcome(error=f"no answer within {TIMEOUT_S:g} seconds")


def failure(error: BaseException) -> Outcome:
    """No answer came: the kind of error and its words, cut to a bounded length."""
    words = f"{type(error).__name__}: {error}".rstrip(": ")
    return Outcome(error=words[:MAX_ERROR_CHARS])


def answer(status: int, retry_after: str | None, now: datetime, *, latency_ms: int | None = None) -> Outcome:
    """The receiver's answer; `retry_after` is its header, `now` real time."""
    wait = _seconds(retry_after, now) if retry_after and status in ASKS_FOR_PATIENCE else None
    return Outcome(status=status, latency_ms=latency_ms, retry_after_s=wait)


def _seconds(text: str, now: datetime) -> int | None:
    """Seconds or an HTTP date (RFC 9110, 10.2.3); None for another text."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return int(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, int((moment - now).total_seconds()))
