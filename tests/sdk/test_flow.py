"""The policy of one call, stepped without clock or network (SDK page, "Retries")."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isa_user import errors as e
from isa_user._flow import GetToken, Send
from isa_user._wire import TransportFailure, WireResponse
from tests.sdk.fakes import INTENT, WALLET, answer, failed, play, read_call, write_call

OK_WRITE = answer(201, INTENT)
OK_READ = answer(200, WALLET)
BUSY = answer(409, {"code": "idempotency_in_progress"}, {"retry-after": "1"})

REPEATED_READS: list[tuple[str, WireResponse | TransportFailure]] = [
    ("not sent", failed(sent=False)),
    ("sent, no answer", failed(sent=True)),
    ("timed out", failed(sent=True, timed_out=True)),
    *((str(status), answer(status)) for status in (408, 429, 500, 502, 503, 504)),
]
FINAL_STATUSES = (301, 400, 402, 403, 404, 405, 409, 410, 413, 415, 418, 422, 501, 505)


@pytest.mark.parametrize(("token", "effects"), [("tok", [Send]), (lambda: "tok", [GetToken, Send])])
def test_a_call_asks_for_a_token_that_is_not_there_sends_once_and_returns_the_answer(
    token: object, effects: list[type]
) -> None:
    played = play(write_call(token=token), OK_WRITE)
    assert [type(effect) for effect in played.effects] == effects
    assert played.outcome is not None
    assert (played.outcome.response, played.outcome.info.attempts) == (OK_WRITE, 1)


def test_without_a_token_anywhere_nothing_is_sent() -> None:
    call = write_call()
    played = play(call._replace(settings=replace(call.settings, token=None)))
    assert isinstance(played.error, e.MissingTokenError)
    assert played.effects == []


@pytest.mark.parametrize(("name", "reply"), REPEATED_READS, ids=[name for name, _ in REPEATED_READS])
def test_a_read_is_repeated_after(name: str, reply: WireResponse | TransportFailure) -> None:
    played = play(read_call(), reply, reply, OK_READ)
    assert played.outcome is not None
    assert played.outcome.info.attempts == 3
    assert played.waits == [0.5, 1.0]


@pytest.mark.parametrize("status", FINAL_STATUSES)
def test_neither_reads_nor_writes_are_repeated_after(status: int) -> None:
    for call in (read_call(), write_call(), write_call(idempotent_server=True)):
        played = play(call, answer(status, {"detail": "no"}))
        assert isinstance(played.error, e.APIStatusError)
        assert (played.error.status_code, len(played.sent)) == (status, 1)


@pytest.mark.parametrize(
    "reply",
    [failed(sent=False), answer(429), answer(503, None, {"retry-after": "1"}), BUSY],
    ids=["could not connect", "429", "503 with Retry-After", "409 idempotency_in_progress"],
)
def test_a_write_is_repeated_where_surely_nothing_was_applied(reply: WireResponse | TransportFailure) -> None:
    played = play(write_call(), reply, OK_WRITE)
    assert played.outcome is not None
    assert played.outcome.info.attempts == 2


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_write_is_not_repeated_after_an_answer_that_may_follow_its_effect(status: int) -> None:
    played = play(write_call(), answer(status))
    assert isinstance(played.error, e.APIStatusError)
    assert len(played.sent) == 1
    assert played.error.idempotency_key == "key-1"


@pytest.mark.parametrize(("name", "reply"), REPEATED_READS, ids=[name for name, _ in REPEATED_READS])
def test_a_write_to_an_idempotent_server_is_repeated_like_a_read_after(
    name: str, reply: WireResponse | TransportFailure
) -> None:
    played = play(write_call(idempotent_server=True), reply, OK_WRITE)
    assert played.outcome is not None
    assert played.outcome.info.attempts == 2


@pytest.mark.parametrize("timed_out", [True, False])
def test_a_write_that_was_sent_without_answer_ends_as_unknown_with_its_key(timed_out: bool) -> None:
    played = play(write_call(), failed(sent=True, timed_out=timed_out))
    error = played.error
    assert isinstance(error, e.OutcomeUnknownError)
    assert error.idempotency_key == "key-1"
    assert "idempotency_key='key-1'" in str(error)
    assert type(error.__cause__) is (e.APITimeoutError if timed_out else e.APIConnectionError)


def test_a_read_without_answer_is_never_of_unknown_outcome() -> None:
    played = play(read_call(max_retries=0), failed(sent=True, timed_out=True))
    assert type(played.error) is e.APITimeoutError
    played = play(read_call(max_retries=0), failed(sent=True))
    assert type(played.error) is e.APIConnectionError


def test_a_write_that_never_connected_is_a_plain_connection_error() -> None:
    played = play(write_call(max_retries=1), failed(sent=False), failed(sent=False))
    assert type(played.error) is e.APIConnectionError
    assert played.error.attempts == 2


@pytest.mark.parametrize(
    ("last", "known"),
    [
        (failed(sent=False), False),
        (answer(401), False),
        (answer(429), False),
        (answer(500), False),
        (BUSY, False),
        (answer(402, {"code": "card_declined"}), True),
        (answer(404), True),
        (answer(409, {"code": "subscription_exists"}), True),
        (answer(422), True),
    ],
    ids=["no connection", "401", "429", "500", "in progress", "402", "404", "409", "422"],
)
def test_the_last_answer_settles_an_attempt_in_doubt_only_where_the_server_looked_the_key_up(
    last: WireResponse | TransportFailure, known: bool
) -> None:
    call = write_call(idempotent_server=True, max_retries=1)
    played = play(call, failed(sent=True, timed_out=True), last)
    assert isinstance(played.error, e.IsaError)
    assert isinstance(played.error, e.OutcomeUnknownError) is not known
    assert played.error.idempotency_key == "key-1"


def test_a_gateway_error_followed_by_no_connection_leaves_the_outcome_unknown() -> None:
    call = write_call(idempotent_server=True, max_retries=1)
    played = play(call, answer(504), failed(sent=False))
    assert isinstance(played.error, e.OutcomeUnknownError)


def test_server_errors_that_were_all_answered_stay_server_errors() -> None:
    played = play(write_call(idempotent_server=True, max_retries=1), answer(500), answer(502))
    assert type(played.error) is e.ServerError
    assert "idempotency_key='key-1'" in str(played.error)


def test_every_attempt_sends_the_same_key_and_the_same_bytes() -> None:
    """Rules ID-5."""
    played = play(write_call(), failed(sent=False), answer(429), OK_WRITE)
    assert len({send.request.body for send in played.sent}) == 1
    keys = [
        value for send in played.sent for name, value in send.request.headers if name == b"idempotency-key"
    ]
    assert keys == [b"key-1"] * 3


def test_the_number_of_attempts_is_one_more_than_max_retries() -> None:
    for retries in (0, 1, 5):
        played = play(read_call(max_retries=retries), *[answer(500)] * (retries + 1))
        assert isinstance(played.error, e.ServerError)
        assert len(played.sent) == played.error.attempts == retries + 1


def test_waits_are_half_a_second_doubling_to_eight_with_full_jitter() -> None:
    replies = [answer(500)] * 7
    assert play(read_call(max_retries=6), *replies).waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert play(read_call(max_retries=6), *replies, random=0.5).waits == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0]
    assert play(read_call(max_retries=6), *replies, random=0.0).waits == [0.0] * 6


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "60"}, 60.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "Sun, 28 Jan 2024 10:00:20 GMT"}, 20.0),
        ({"retry-after": "Sun, 28 Jan 2024 09:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 01 Jan 2035 00:00:30 GMT", "date": "Mon, 01 Jan 2035 00:00:00 GMT"}, 30.0),
        ({"retry-after": "soon"}, 0.5),
        ({"retry-after": "nan"}, 0.5),
    ],
)
def test_retry_after_is_honoured_in_seconds_and_as_a_date(headers: dict[str, str], wait: float) -> None:
    assert play(read_call(), answer(503, None, headers), OK_READ).waits == [wait]


def test_a_retry_after_in_the_body_counts_too() -> None:
    assert play(read_call(), answer(429, {"error": "slow down", "retry_after": 3}), OK_READ).waits == [3.0]


@pytest.mark.parametrize("text", ["61", "3600", "1e9", "Sun, 28 Jan 2024 10:01:01 GMT"])
def test_a_retry_after_above_sixty_seconds_raises_at_once(text: str) -> None:
    played = play(read_call(), answer(429, None, {"retry-after": text}))
    assert isinstance(played.error, e.RateLimitError)
    assert played.error.retry_after is not None
    assert played.error.retry_after > 60
    assert played.waits == []


def test_a_wait_that_would_pass_the_deadline_raises_at_once_with_retry_after() -> None:
    played = play(read_call(deadline=5.0), answer(429, None, {"retry-after": "5"}))
    assert isinstance(played.error, e.RateLimitError)
    assert played.error.retry_after == 5.0
    assert play(read_call(deadline=5.1), answer(429, None, {"retry-after": "5"}), OK_READ).waits == [5.0]


def test_an_attempt_gets_no_more_than_what_is_left_of_the_deadline() -> None:
    call = read_call(timeout=30.0, deadline=40.0, max_retries=1)
    played = play(call, failed(sent=True, timed_out=True), OK_READ, seconds_each=30.0, random=0.0)
    assert [send.timeout_s for send in played.sent] == [30.0, 10.0]


def test_a_write_cut_off_by_the_deadline_is_of_unknown_outcome() -> None:
    call = write_call(deadline=3.0, idempotent_server=True)
    played = play(call, failed(sent=True, timed_out=True), seconds_each=3.0)
    assert isinstance(played.error, e.OutcomeUnknownError)
    assert played.sent[0].timeout_s == 3.0
    assert len(played.sent) == 1


def test_a_deadline_that_passes_before_anything_was_sent_is_a_plain_timeout() -> None:
    played = play(write_call(deadline=3.0, token=lambda: "slow"), OK_WRITE, seconds_a_token=3.0)
    assert type(played.error) is e.APITimeoutError
    assert "deadline of 3 s" in str(played.error)
    assert (played.sent, played.error.attempts) == ([], 0)


def test_a_deadline_that_passes_after_an_attempt_in_doubt_leaves_the_outcome_unknown() -> None:
    call = write_call(deadline=10.0, token=lambda: "slow", idempotent_server=True)
    replies = (failed(sent=True), answer(401))
    played = play(call, *replies, seconds_each=2.0, seconds_a_token=4.0, random=0.0)
    assert isinstance(played.error, e.OutcomeUnknownError)
    assert isinstance(played.error.__cause__, e.APITimeoutError)


def test_elapsed_time_covers_all_attempts_and_waits() -> None:
    played = play(read_call(), answer(500), OK_READ, seconds_each=2.0)
    assert played.outcome is not None
    assert played.outcome.info.elapsed == 2.0 + 0.5 + 2.0


def test_a_provider_is_asked_again_once_after_a_401_without_using_up_a_retry() -> None:
    call = write_call(token=lambda: "unused", max_retries=0)
    played = play(call, answer(401), OK_WRITE)
    assert played.tokens_asked == [None, "tok-1"]
    sent = [dict(send.request.headers)[b"authorization"] for send in played.sent]
    assert sent == [b"Bearer tok-1", b"Bearer tok-2"]


def test_a_second_401_is_final() -> None:
    played = play(write_call(token=lambda: "unused"), answer(401), answer(401))
    assert isinstance(played.error, e.AuthenticationError)
    assert played.error.attempts == 2


def test_a_token_given_as_str_is_not_tried_twice() -> None:
    played = play(write_call(token="fixed"), answer(401))
    assert isinstance(played.error, e.AuthenticationError)
    assert len(played.sent) == 1


def test_an_exhausted_idempotency_in_progress_keeps_its_own_error_and_key() -> None:
    """Rules ID-3."""
    played = play(write_call(max_retries=1), BUSY, BUSY)
    assert type(played.error) is e.IdempotencyInProgressError
    assert played.waits == [1.0]
    assert played.error.idempotency_key == "key-1"


def test_another_conflict_is_not_retried() -> None:
    played = play(write_call(), answer(409, {"code": "subscription_exists"}, {"retry-after": "1"}))
    assert type(played.error) is e.ConflictError
    assert len(played.sent) == 1


def test_a_bad_token_is_refused_before_anything_is_sent() -> None:
    for token in ("two words", "new\nline", "ünicode"):
        for played in (
            play(write_call(token=token), OK_WRITE),
            play(write_call(token=lambda: "asked for"), OK_WRITE, tokens=[token]),
        ):
            assert isinstance(played.error, e.InvalidArgumentError)
            assert token not in str(played.error)
            assert played.sent == []
