"""Pure: one logical call as a generator that yields what has to be done and is sent the result.

The driver performs :class:`GetToken` (sends back a str, or None where it took too long), :class:`Send`
(sends back a ``WireResponse`` or a ``TransportFailure``) and :class:`Wait` (sends back None). The
generator returns an :class:`Outcome` or raises an error of ``isa_user.errors``. It reads no clock of its
own and does no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime
from typing import Any, NamedTuple, NoReturn

from isa_user import errors as e
from isa_user._call import Call
from isa_user._meta import ResponseInfo
from isa_user._request import wire_request
from isa_user._response import retry_after_s, status_error
from isa_user._retry import (
    MAX_RETRY_AFTER_S,
    backoff_s,
    is_definitive,
    may_be_applied,
    may_repeat_answer,
    may_repeat_failure,
)
from isa_user._wire import TransportFailure, WireRequest, WireResponse
from isa_user.errors._secret import repr_without

__all__ = ["Effect", "GetToken", "Outcome", "Reply", "Send", "Wait", "flow"]


class GetToken(NamedTuple):
    """Have ``source`` fetch the access token within ``timeout_s`` seconds (None: however long it takes).

    ``rejected`` is the token that the server refused, if any.
    """

    source: Any
    rejected: str | None = None
    timeout_s: float | None = None

    def __repr__(self) -> str:
        return repr_without(self, ("source", "rejected"))


class Send(NamedTuple):
    """Send one request; the attempt as a whole takes at most ``timeout_s`` seconds."""

    request: WireRequest
    timeout_s: float


class Wait(NamedTuple):
    """Wait before the next attempt."""

    seconds: float


class Outcome(NamedTuple):
    """A 2xx answer, and what is told of it."""

    response: WireResponse
    info: ResponseInfo


Effect = GetToken | Send | Wait
Reply = str | WireResponse | TransportFailure | None


class _Attempts:
    """What is known so far about the attempts of one call."""

    __slots__ = (
        "call",
        "clock",
        "count",
        "in_doubt",
        "now",
        "random",
        "retries",
        "settings",
        "started_at",
        "unanswered",
    )

    def __init__(
        self,
        call: Call[Any],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        random: Callable[[], float],
    ) -> None:
        self.call = call
        self.settings = call.settings
        self.clock = clock
        self.now = now
        self.random = random
        self.started_at = clock()
        self.count = 0
        self.retries = 0
        # An attempt of a write may have been applied; unanswered: one had no answer at all.
        self.in_doubt = False
        self.unanswered = False

    def remaining_s(self) -> float | None:
        if self.settings.deadline_s is None:
            return None
        return self.settings.deadline_s - (self.clock() - self.started_at)

    def timeout_s(self) -> float:
        """The time for the next attempt; raises APITimeoutError where the deadline has passed."""
        remaining = self.remaining_s()
        if remaining is None:
            return self.settings.timeout_s
        if remaining <= 0:
            raise self.deadline_error()
        return min(self.settings.timeout_s, remaining)

    def deadline_error(self) -> e.IsaError:
        name, deadline_s = self.call.operation.name, self.settings.deadline_s
        text = f"The deadline of {deadline_s:g} s passed before {name} was done."
        error = e.APITimeoutError(text, attempts=self.count, idempotency_key=self.call.idempotency_key)
        return self.unknown(error) if self.in_doubt else error

    def delay_s(self, asked_s: float | None) -> float | None:
        """How long to wait before the next attempt; None where there must not be one."""
        if self.retries >= self.settings.max_retries:
            return None
        if asked_s is not None and asked_s > MAX_RETRY_AFTER_S:
            return None
        self.retries += 1
        delay = asked_s if asked_s is not None else backoff_s(self.retries, self.random())
        remaining = self.remaining_s()
        return delay if remaining is None or delay < remaining else None

    def unknown(self, cause: e.IsaError) -> e.OutcomeUnknownError:
        error = e.OutcomeUnknownError(
            f"No complete answer to {self.call.operation.name}: {cause.message}",
            code=cause.code,
            status_code=cause.status_code,
            request_id=cause.request_id,
            retry_after=cause.retry_after,
            attempts=self.count,
            idempotency_key=self.call.idempotency_key,
        )
        error.__cause__ = cause
        return error


def flow(
    call: Call[Any],
    *,
    clock: Callable[[], float],
    now: Callable[[], datetime],
    random: Callable[[], float],
) -> Generator[Effect, Any, Outcome]:
    """Run one call.

    ``clock`` gives seconds for elapsed time, ``now`` the date for a ``Retry-After`` date, ``random`` a
    number from 0 to 1 for the jitter.

    Raises MissingTokenError before anything is sent, OutcomeUnknownError for a write in doubt,
    APIConnectionError, APITimeoutError, or the APIStatusError of the last answer.
    """
    source = call.settings.token
    if source is None:
        raise e.MissingTokenError("No access token was given.")
    attempts = _Attempts(call, clock, now, random)
    # A str is the token itself; what a function gave may be old.
    fresh = not callable(source)
    token = source if fresh else (yield from _fetched(attempts))
    while True:
        timeout_s = attempts.timeout_s()
        request = wire_request(call, token)
        attempts.count += 1
        reply = yield Send(request, timeout_s)
        if isinstance(reply, TransportFailure):
            yield from _after_failure(attempts, reply)
        elif 200 <= reply.status < 300:
            elapsed_s = clock() - attempts.started_at
            return Outcome(reply, ResponseInfo(reply.status, attempts.count, elapsed_s, reply.headers))
        elif reply.status == 401 and not fresh:
            fresh = True
            token = yield from _fetched(attempts, rejected=token)
        else:
            yield from _after_answer(attempts, reply)


def _fetched(attempts: _Attempts, rejected: str | None = None) -> Generator[Effect, Any, str]:
    """The token that the function gives; raises APITimeoutError where it does not come in time."""
    token: str | None = yield GetToken(attempts.settings.token, rejected, attempts.remaining_s())
    if token is None:
        raise attempts.deadline_error()
    return token


def _after_failure(attempts: _Attempts, failure: TransportFailure) -> Generator[Effect, Any, None]:
    """Wait for the next attempt, or raise where there is none."""
    call = attempts.call
    if call.is_write and failure.sent:
        attempts.in_doubt = attempts.unanswered = True
    repeat = may_repeat_failure(
        failure, is_write=call.is_write, idempotent_server=call.settings.idempotent_server
    )
    delay = attempts.delay_s(None) if repeat else None
    if delay is None:
        _raise_failure(attempts, failure)
    yield Wait(delay)


def _raise_failure(attempts: _Attempts, failure: TransportFailure) -> NoReturn:
    kind = e.APITimeoutError if failure.timed_out else e.APIConnectionError
    error = kind(
        str(failure),
        attempts=attempts.count,
        idempotency_key=attempts.call.idempotency_key,
        next_step=failure.next_step,
    )
    error.__cause__ = failure
    if attempts.in_doubt:
        raise attempts.unknown(error)
    raise error


def _after_answer(attempts: _Attempts, response: WireResponse) -> Generator[Effect, Any, None]:
    """Wait for the next attempt, or raise where there is none."""
    call = attempts.call
    asked_s = retry_after_s(response, attempts.now)
    repeat = may_repeat_answer(
        response, asked_s=asked_s, is_write=call.is_write, idempotent_server=call.settings.idempotent_server
    )
    delay = attempts.delay_s(asked_s) if repeat else None
    if delay is None:
        _raise_answer(attempts, response, asked_s)
    attempts.in_doubt = attempts.in_doubt or (call.is_write and may_be_applied(response))
    yield Wait(delay)


def _raise_answer(attempts: _Attempts, response: WireResponse, asked_s: float | None) -> NoReturn:
    error = status_error(
        response,
        attempts=attempts.count,
        idempotency_key=attempts.call.idempotency_key,
        own_key=attempts.call.own_key,
        endpoint=attempts.call.endpoint,
        retry_after=asked_s,
    )
    # A 5xx says by itself that the write may have been applied; it stands where every attempt was answered.
    tells_all = is_definitive(response) or (isinstance(error, e.ServerError) and not attempts.unanswered)
    if attempts.in_doubt and not tells_all:
        raise attempts.unknown(error)
    raise error
