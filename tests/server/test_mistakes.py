"""A slip in a test of one's own is told of at once, and never makes a claim that cannot fail."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from isa_mockserver.fixtures import FixtureError
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.testing import MockServer
from isa_user import SyncIsaUser, SyncWalletClient

JANUARY_31 = datetime(2024, 1, 31, tzinfo=UTC)


@pytest.fixture
def server() -> MockServer:
    return MockServer(clock="2024-01-31")


def test_a_date_is_its_midnight_in_utc(server: MockServer) -> None:
    assert server.clock.now() == JANUARY_31
    server.clock.set("2024-02-01")
    assert server.clock.now() == datetime(2024, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "by", [timedelta(days=29), "29d", "P29D", "P1M", {"months": 1}, {"days": 29}, {"days": 28, "hours": 24}]
)
def test_time_moves_by_whatever_names_a_length(server: MockServer, by: Any) -> None:
    """2024 has a 29th of February; a month after the 31st of January is its last day."""
    if isinstance(by, dict):
        server.clock.advance(**by)
    else:
        server.clock.advance(by)
    assert server.clock.now() == datetime(2024, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda s: s.requests.assert_not_called("get_balanc"), ValueError, "did you mean 'get_balance'?"),
        (lambda s: s.requests.assert_called("depositt"), ValueError, "did you mean 'deposit'?"),
        (lambda s: s.requests.count(service="wallet"), ValueError, "did you mean 'wallets'?"),
        (lambda s: s.events.of("invoice.payd"), LookupError, "did you mean 'invoice.paid'?"),
        (lambda s: s.events.trigger("invoice.payd"), LookupError, "did you mean 'invoice.paid'?"),
        (lambda s: s.events.trigger("payment.succeeded", amout=29), ValueError, "did you mean 'amount'?"),
        (lambda s: s.events.trigger("payment.succeeded", amount=29.99), ValueError, "a whole number"),
        (lambda s: s.events.trigger("payment.succeeded", amount=True), ValueError, "a whole number"),
        (lambda s: s.faults.add("drop_before", operation="depositt"), ValueError, "did you mean 'deposit'?"),
        (lambda s: s.faults.add("latency", latency=2), ValueError, "did you mean 'latency_s'?"),
        (
            lambda s: s.webhooks.add(print, adversary=["wrong_sig"]),
            ValueError,
            "did you mean 'wrong_signature'?",
        ),
        (lambda s: s.webhooks.add(print, events=["invoice.payd"]), ValueError, "did you mean 'invoice.paid'"),
        (lambda s: s.webhooks.add("not a url"), ValueError, "the webhook address 'not a url' must be"),
        (lambda s: s.clock.set("tomorrow"), ValueError, "'tomorrow' is not a time such as 2024-01-28T10"),
        (lambda s: s.clock.set(datetime(2024, 3, 1)), ValueError, "has no zone"),  # noqa: DTZ001
        (lambda s: s.clock.advance(31), TypeError, r"or name the unit: days=31"),
        (lambda s: s.clock.advance("soon"), ValueError, "'soon' is not a length of time"),
        (lambda s: s.clock.advance("PX"), ValueError, "'PX' is not a length of time"),
        (
            lambda s: s.clock.advance(days=-1),
            DomainError,
            r"^The clock stands at .* and only moves forward\. ",
        ),
        (lambda s: s.client(SyncWalletClient()), TypeError, "a class of isa_user"),
        (lambda s: s.client("SyncIsaUser"), TypeError, "a class of isa_user"),
        (lambda s: s.client(SyncIsaUser, user=""), ValueError, "cannot be the name of a user"),
        (lambda s: s.client(SyncIsaUser, user="a\nb"), ValueError, "cannot be the name of a user"),
    ],
)
def test_a_slip_is_a_sentence(server: MockServer, call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call(server)


@pytest.mark.parametrize("clock", ["soon", datetime(2024, 1, 28)])  # noqa: DTZ001
def test_a_clock_that_is_no_time_is_refused_at_once(clock: Any) -> None:
    with pytest.raises(ValueError, match=r"is not a time|has no zone"):
        MockServer(clock=clock)


def test_a_seed_that_is_not_there_is_refused_at_once() -> None:
    with pytest.raises(FixtureError, match="dmo"):
        MockServer(seed="dmo")


def test_a_server_shows_its_clock_its_users_and_its_sandbox(server: MockServer) -> None:
    server.client(SyncWalletClient).get_balance()
    assert repr(server) == "<MockServer at 2024-01-31T00:00:00Z (frozen), 1 users>"
    assert repr(server.sandbox("blue")) == "<Sandbox blue at 2024-01-31T00:00:00Z (frozen), 0 users>"


def test_the_trigger_call_refuses_what_no_event_could_have(server: MockServer) -> None:
    body = {"type": "payment.succeeded", "object": {"amout": 29}}
    answer = server.request("POST", "/_mock/events/trigger", json_body=body)
    assert answer.status == 422
    assert answer.json()["errors"][0]["param"] == "object.amout"
    assert "did you mean 'amount'?" in answer.json()["detail"]
    assert server.events.all() == []


def test_au_2_a_token_of_no_known_form_is_told_of_once_and_not_shown(
    server: MockServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "isa_mockserver")
    for _ in range(2):
        server.request("GET", "/api/v1/wallets/me", user=None, headers={"authorization": "Bearer user-bob"})
    server.request("GET", "/api/v1/wallets/me", user=None, headers={"authorization": "Bearer user_bob"})
    said = [each.getMessage() for each in caplog.records if "neither a JWT nor user_" in each.getMessage()]
    assert len(said) == 1
    assert "user-bob" not in said[0]


def test_without_the_server_s_libraries_the_import_says_what_to_install() -> None:
    code = "import sys; sys.modules['starlette'] = None; from isa_mockserver.testing import MockServer"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith('install it with: pip install "isa-user[testing]"')
