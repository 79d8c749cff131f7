"""Each fault x each write: never a double effect, and resuming with the key gives the one result.

The clock stands still and ids derive from a seed, so what a run leaves behind is compared as a whole with
what the same run leaves without any fault: same rows, same postings, same events, same jobs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from isa_mockserver.kernel.state import dump
from isa_mockserver.testing import MockServer
from isa_user import (
    IsaError,
    OutcomeUnknownError,
    ResponseValidationError,
    ServerError,
    SyncIsaUser,
)
from isa_user._operations import OPERATIONS
from isa_user.errors import NotFoundError
from tests.faults.writes import WRITES, Write

KEY = "the-one-key"
SAMPLE_DATE = "2024-01-28T00:00:00Z"
Raises = type[IsaError] | None


@dataclass(frozen=True)
class Case:
    """A fault that strikes once, and what the call raises: of a plain client, and of an idempotent one."""

    name: str
    options: Mapping[str, Any]
    plain: Raises
    idempotent: Raises


CASES = (
    Case("status_500", {"effect": "status", "status": 500}, ServerError, None),
    Case("status_503_retry", {"effect": "status", "status": 503, "retry_after_s": 1}, None, None),
    Case("status_504_after", {"effect": "status_after_commit", "status": 504}, ServerError, None),
    Case("late", {"latency_s": 29.0}, None, None),
    Case("too_late", {"latency_s": 31.0}, OutcomeUnknownError, None),
    Case("drop_before", {"effect": "drop_before"}, OutcomeUnknownError, None),
    Case("drop_after_commit", {"effect": "drop_after_commit"}, OutcomeUnknownError, None),
    Case("drop_mid_body", {"effect": "drop_mid_body"}, OutcomeUnknownError, None),
    Case("malformed", {"effect": "malformed"}, ResponseValidationError, ResponseValidationError),
    Case("rate_limit", {"effect": "rate_limit", "burst": 0, "times": 1}, None, None),
    Case("in_progress", {"effect": "idempotency_in_progress"}, None, None),
)
METHODS = {(f"{row.service}s".replace("billings", "billing"), row.name): row.method for row in OPERATIONS}


@contextmanager
def _stage(write: Write, **options: Any) -> Iterator[tuple[MockServer, SyncIsaUser, tuple[str, ...]]]:
    with MockServer(seed="demo", clock=SAMPLE_DATE) as server:
        prepared = write.ready(server.client(SyncIsaUser, user="user_456"))
        yield server, server.client(SyncIsaUser, user="user_456", **options), prepared


def _state(server: MockServer) -> dict[str, Any]:
    """Everything that the World holds, but for the keys that the SDK drew while the stage was set."""
    state = dump(server._runtime.world)
    kept = state["tables"].pop("idempotency")["rows"]
    state["kept_answers"] = [row for _, row in kept if row["id"].endswith(KEY)]
    return state


@cache
def _undisturbed(write_name: str) -> tuple[dict[str, Any], Any]:
    write = next(each for each in WRITES if str(each) == write_name)
    with _stage(write) as (server, isa, prepared):
        result = write.call(isa, prepared, idempotency_key=KEY)
        return _state(server), result


def test_every_write_of_the_sdk_is_there() -> None:
    writes = {name for name, method in METHODS.items() if method != "GET"}
    reads_by_post = {("subscriptions", "preview_change")}
    assert {(write.service, write.name) for write in WRITES} == writes - reads_by_post


@pytest.mark.parametrize("idempotent", [False, True], ids=["plain", "idempotent"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("write", WRITES, ids=str)
def test_one_effect_whatever_goes_wrong(write: Write, case: Case, idempotent: bool) -> None:
    """Rules 8.4, ID-1 to ID-5, invariant 31."""
    expected_state, expected_result = _undisturbed(str(write))
    expected_error = case.idempotent if idempotent else case.plain
    deletes = METHODS[write.service, write.name] == "DELETE"
    if deletes and case.name in ("malformed", "drop_mid_body"):
        expected_error = None  # an answer without a body cannot be cut
    with _stage(write, idempotent_server=idempotent) as (server, isa, prepared):
        fault = server.faults.add(operation=write.name, service=write.service, **case.options)
        error, result = _attempt(write, isa, prepared)
        if error is not None and not _is_gone(write, error):
            assert type(error) is expected_error
            assert error.idempotency_key == KEY
            error, result = _attempt(write, isa, prepared)
        else:
            assert expected_error is None
        if error is None:
            assert result == expected_result
        else:
            assert _is_gone(write, error)
        assert fault.struck == (0 if not _has_key(write) and case.name == "in_progress" else 1)
        assert _state(server) == expected_state
        assert server.ledger.check().violations == ()


def _attempt(write: Write, isa: SyncIsaUser, prepared: tuple[str, ...]) -> tuple[IsaError | None, Any]:
    try:
        return None, write.call(isa, prepared, idempotency_key=KEY)
    except IsaError as error:
        return error, None


def _is_gone(write: Write, error: IsaError) -> bool:
    """The attempt before has deleted it: a DELETE takes no key, and needs none."""
    return METHODS[write.service, write.name] == "DELETE" and isinstance(error, NotFoundError)


def _has_key(write: Write) -> bool:
    """ID-1: the header counts on any POST."""
    return METHODS[write.service, write.name] == "POST"


def test_in_doubt_the_error_says_so_and_carries_the_key() -> None:
    write = next(each for each in WRITES if each.name == "deposit")
    with _stage(write, max_retries=0, idempotent_server=True) as (server, isa, prepared):
        server.faults.add("drop_after_commit", operation="deposit")
        with pytest.raises(OutcomeUnknownError) as caught:
            write.call(isa, prepared)
        assert caught.value.idempotency_key
        before = server.ledger.balance("wallet:user_456:available", "usd")
        resumed = write.call(isa, prepared, idempotency_key=caught.value.idempotency_key)
        assert resumed.response.idempotent_replayed
        assert server.ledger.balance("wallet:user_456:available", "usd") == before == 15_000 + 2999
