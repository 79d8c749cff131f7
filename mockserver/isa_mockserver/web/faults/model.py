"""A fault as data: which requests it strikes, what it does to them, how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Effect = Literal[
    "status",
    "status_after_commit",
    "latency",
    "drop_before",
    "drop_after_commit",
    "drop_mid_body",
    "malformed",
    "rate_limit",
    "idempotency_in_progress",
]

EFFECTS: Mapping[str, str] = {
    "status": "answers with an error and does nothing",
    "status_after_commit": "does the work, then answers with an error, as a gateway that lost patience does",
    "latency": "does the work, then answers late",
    "drop_before": "closes the connection and does nothing",
    "drop_after_commit": "does the work, then closes the connection without an answer",
    "drop_mid_body": "does the work, then sends the head and half of the body, and closes the connection",
    "malformed": "does the work, then answers with half of the JSON",
    "rate_limit": "refuses with 429 who asks more often than a token bucket allows (rules 8.6)",
    "idempotency_in_progress": "says that the first request with this key still runs (rules ID-3)",
}
"""Effect -> what it does, for people."""
assert set(EFFECTS) == set(get_args(Effect))

OPTIONS: Mapping[str, frozenset[str]] = {
    "status": frozenset({"status", "code", "retry_after_s"}),
    "status_after_commit": frozenset({"status", "code", "retry_after_s"}),
    "rate_limit": frozenset({"burst", "per_s"}),
}
"""Effect -> the options that it alone takes; `latency_s` goes with every effect."""

DEFAULT_STATUS = 503
DEFAULT_BURST = 100
DEFAULT_PER_S = 25.0


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests: None is any. `nth` lets the first nth - 1 of them pass."""

    service: str | None = None
    operation: str | None = None
    user: str | None = None
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the requests that match: to `times` of them, or to all (None).

    Each is struck with `probability`, drawn from `seed`, so that a run repeats. `latency_s` delays the
    answer, or the connection's end. `code` is a stable code of rules 8.3; without it `status` chooses.
    """

    effect: str
    match: Match = Match()
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    latency_s: float = 0.0
    status: int | None = None
    code: str | None = None
    retry_after_s: int | None = None
    burst: int = DEFAULT_BURST
    per_s: float = DEFAULT_PER_S


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fault looks at in a request."""

    service: str
    operation: str
    user: str
    has_key: bool
