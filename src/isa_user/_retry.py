"""Pure: what may be tried again, and after how long (see the SDK's page, "Retries")."""

from __future__ import annotations

from typing import Final

from isa_user._problem import read_problem
from isa_user._wire import TransportFailure, WireResponse

__all__ = [
    "MAX_RETRY_AFTER_S",
    "backoff_s",
    "is_definitive",
    "may_be_applied",
    "may_repeat_answer",
    "may_repeat_failure",
]

MAX_RETRY_AFTER_S: Final = 60.0
BASE_DELAY_S: Final = 0.5
MAX_DELAY_S: Final = 8.0

_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
# With these an idempotent server has looked the key up first (rules AU-5), so they speak for every attempt.
_DEFINITIVE: Final = frozenset({400, 402, 404, 409, 422})
# A gateway answers these also where the service behind it did the work.
_MAYBE_APPLIED: Final = frozenset({408, 500, 502, 504})


def backoff_s(retry: int, random: float) -> float:
    """Full jitter: a random part of 0.5 s doubling to 8 s; ``retry`` counts from 1."""
    ceiling: float = min(MAX_DELAY_S, BASE_DELAY_S * 2.0 ** min(retry - 1, 16))
    return ceiling * random


def _is_in_progress(response: WireResponse) -> bool:
    """Whether the answer says that the first request with this key is still running (rules ID-3)."""
    return response.status == 409 and read_problem(response.body).code == "idempotency_in_progress"


def may_repeat_failure(failure: TransportFailure, *, is_write: bool, idempotent_server: bool) -> bool:
    """Whether an attempt without answer may be repeated: writes only where surely nothing was applied."""
    if failure.permanent:
        return False
    return not is_write or idempotent_server or not failure.sent


def may_repeat_answer(
    response: WireResponse, *, asked_s: float | None, is_write: bool, idempotent_server: bool
) -> bool:
    """Whether an answer that is not 2xx may pass if the same request is sent again.

    ``asked_s`` is the wait that the server named, if any.
    """
    if is_write and _is_in_progress(response):
        return True
    if not is_write or idempotent_server:
        return response.status in _PASSING
    refused_for_now = response.status == 503 and asked_s is not None
    return response.status == 429 or refused_for_now


def is_definitive(response: WireResponse) -> bool:
    """Whether an answer to a repeated write also settles what became of the attempts before it."""
    return response.status in _DEFINITIVE and not _is_in_progress(response)


def may_be_applied(response: WireResponse) -> bool:
    """Whether a write that got this answer may have been applied all the same."""
    return response.status in _MAYBE_APPLIED
