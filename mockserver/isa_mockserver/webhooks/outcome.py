"""What came back from a receiver, and what its headers ask for (rules WH-6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import quote

GONE = 410
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ASKS_FOR_PATIENCE = frozenset({429, 503})
TIMEOUT_S = 15.0
"""How long a receiver may take to answer, connecting included (rules WH-6)."""
MAX_ERROR_CHARS = 200

_OF_URLS = "%/:#[]@!$&'()*+,;=~"


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


def answer(
    status: int,
    headers: Mapping[str, str],
    now: datetime,
    *,
    latency_ms: int | None = None,
    redirected: str = "redirects are not followed; register the address {}",
) -> Outcome:
    """The receiver's answer; `headers` have names in lower case, `now` is real time.

    `redirected` is what is said of a redirect, with the address that it leads to.
    """
    retry_after = headers.get("retry-after")
    wait = _seconds(retry_after, now) if retry_after and status in ASKS_FOR_PATIENCE else None
    error = None
    if status in REDIRECTS and (location := headers.get("location")):
        error = redirected.format(quote(location.partition("?")[0], safe=_OF_URLS))[:MAX_ERROR_CHARS]
    return Outcome(status=status, error=error, latency_ms=latency_ms, retry_after_s=wait)


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
