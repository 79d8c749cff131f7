"""When an attempt is made: the schedule of rules WH-7, on the World's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

DELAYS: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""What lies between one attempt and the next; the first is made at once (rules WH-7)."""

MAX_TRIES = len(DELAYS) + 1
MAX_RETRY_AFTER = timedelta(hours=24)
GIVE_UP_AFTER = timedelta(days=5)
LATE = timedelta(minutes=10)
"""How long the adversary holds back a first attempt: longer than a receiver's tolerance (rules WH-5)."""

_JITTER_STEPS = 1_000
_LARGEST_JITTER = 10  # a tenth of the delay


def next_attempt(
    at: datetime, tries: int, *, retry_after_s: int | None, jitter_of: str | None
) -> datetime | None:
    """When to try again after `tries` attempts, the last of them at `at`; None after the last one.

    `retry_after_s` is what the receiver asked for; it is never tried sooner, nor later than 24 hours for
    its sake (rules WH-6). `jitter_of` names the delivery whose delay is spread by up to a tenth; None adds
    nothing (rules WH-7: a test clock).
    """
    if tries >= MAX_TRIES:
        return None
    delay = DELAYS[tries - 1]
    if jitter_of is not None:
        delay += delay * _share(f"{jitter_of}:{tries}") / (_JITTER_STEPS * _LARGEST_JITTER)
    asked = min(timedelta(seconds=retry_after_s or 0), MAX_RETRY_AFTER)
    return (at + max(delay, asked)).replace(microsecond=0)


def _share(name: str) -> int:
    digest = blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % (_JITTER_STEPS + 1)
