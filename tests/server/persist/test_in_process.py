"""MockServer(data=FILE): what was answered is there when the file is opened again."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from isa_mockserver.persist.store import StateFileError
from isa_mockserver.testing import MockServer
from isa_user import NotFoundError, SyncPaymentClient, SyncWalletClient

from .life import LIFE, START, USER, a_month_passes, moves_money, pays, state, story


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def opened(file: Path | None) -> MockServer:
    return MockServer(seed="demo", clock=START, data=file)


def test_a_life_with_a_restart_after_every_step_is_the_life_without_any(file: Path) -> None:
    """Rows, ledger, events, jobs, counters, clock and sandboxes; and ids go on where they were."""
    with opened(None) as memory:
        for step in LIFE:
            step(memory)
            with opened(file) as server:
                step(server)
            with opened(file) as server:
                assert story(server) == story(memory)
                assert server.ledger.check().ok
                assert server.clock.now() == memory.clock.now()
        with opened(file) as server:
            assert story(server, "aside") == story(memory, "aside")


def test_id2_an_answer_is_replayed_after_a_restart(file: Path) -> None:
    body, headers = {"amount": 2999, "currency": "usd"}, {"Idempotency-Key": "k"}
    with opened(file) as server:
        first = server.request("POST", "/api/v1/payments/intent", json_body=body, headers=headers)
    with opened(file) as server:
        again = server.request("POST", "/api/v1/payments/intent", json_body=body, headers=headers)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers["idempotent-replayed"] == "true"
        assert server.events.types() == ["payment.created"]


def test_the_fixture_the_id_seed_and_the_clock_of_the_first_start_stay(file: Path) -> None:
    with MockServer(seed="demo", id_seed=7, clock=START, data=file) as server:
        first = server.client(SyncPaymentClient).create_intent(amount=100, currency="usd")
        secret = first.client_secret
    with MockServer(seed="none", id_seed=8, clock="2030-01-01T00:00:00Z", data=file) as server:
        assert server.client(SyncWalletClient, user=USER).get_balance().balances["usd"] == 15_000
        assert server.clock.now().isoformat() == "2024-01-28T10:00:00+00:00"
        second = server.client(SyncPaymentClient).create_intent(amount=100, currency="usd")
    with MockServer(seed="demo", id_seed=7, clock=START) as memory:
        client = memory.client(SyncPaymentClient)
        ids = [client.create_intent(amount=100, currency="usd") for _ in range(2)]
    assert [first.payment_intent_id, second.payment_intent_id] == [intent.payment_intent_id for intent in ids]
    assert [secret, second.client_secret] == [intent.client_secret for intent in ids]


def test_a_ticking_clock_ticks_on_and_stays_ahead(file: Path) -> None:
    with opened(file) as server:
        server.request("POST", "/_mock/clock", user=None, json_body={"unfreeze": True, "advance": "P31D"})
        before = server.clock.now()
    with opened(file) as server:
        assert 0 <= (server.clock.now() - before).total_seconds() < 60
        document = server.request("GET", "/_mock/clock", user=None).json()
    assert document["frozen"] is False


def test_reset_clears_the_file_and_goes_back_to_the_first_start(file: Path) -> None:
    with opened(file) as server:
        fresh = state(server)
        pays(server)
        a_month_passes(server)
        server.reset()
        assert state(server) == fresh
    with MockServer(data=file) as server:
        assert state(server) == fresh
        moves_money(server)
        server.reset()
        assert state(server) == fresh
    with opened(file) as server:
        assert state(server) == fresh


def test_a_loaded_state_is_kept_in_the_place_of_the_old_one(file: Path) -> None:
    with opened(None) as other:
        pays(other)
        saved = state(other)
    with opened(file) as server:
        moves_money(server)
        assert server.request("PUT", "/_mock/state", user=None, json_body=saved).status == 200
    with opened(file) as server:
        assert state(server) == saved
        moves_money(server)
        after = state(server)
    with opened(file) as server:
        assert state(server) == after


def test_a_sandbox_comes_back_as_it_was_started_and_goes_for_good(file: Path) -> None:
    names = ["default", "aside", "gone"]
    with opened(file) as server:
        server.sandbox("gone")
        server.sandbox("aside", seed="demo", clock="2025-01-01T00:00:00Z").clock.advance(days=1)
        server.request("DELETE", "/_mock/sandboxes/gone", user=None)
    with opened(file) as server:
        listed = server.request("GET", "/_mock/sandboxes", user=None).json()["data"]
        assert [sandbox["name"] for sandbox in listed] == names[:2]
        aside = server.sandbox("aside")
        assert aside.clock.now().isoformat() == "2025-01-02T00:00:00+00:00"
        aside.reset()
        assert aside.clock.now().isoformat() == "2025-01-01T00:00:00+00:00"
        assert aside.client(SyncWalletClient, user=USER).get_balance().balances["usd"] == 15_000
        with pytest.raises(NotFoundError):
            server.sandbox("gone").client(SyncPaymentClient).get_intent("pi_abc123")
        assert server.request("DELETE", "/_mock/sandboxes", user=None).json() == {"dropped": 2}
    with opened(file) as server:
        listed = server.request("GET", "/_mock/sandboxes", user=None).json()["data"]
        assert [sandbox["name"] for sandbox in listed] == names[:1]


def test_a_file_is_one_servers_at_a_time_and_free_again_after_it(file: Path) -> None:
    with (
        opened(file),
        pytest.raises(StateFileError, match=r"state\.db is in use by another server \(process"),
    ):
        opened(file)
    opened(file).close()
    assert [path.name for path in file.parent.iterdir()] == [file.name], "nothing is left beside it"


def test_sockets_over_a_kept_world_are_durable_too(file: Path) -> None:
    with (
        opened(file) as server,
        server.serve() as live,
        SyncPaymentClient(live.url("payments"), token=USER) as client,
    ):
        made = client.create_intent(amount=2999, currency="usd")
    with opened(file) as server:
        found = server.client(SyncPaymentClient, user=USER).get_intent(made.payment_intent_id)
    assert found.amount == 2999


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode")
def test_only_its_owner_can_read_the_file(file: Path) -> None:
    """Secrets are in it."""
    with opened(file) as server:
        pays(server)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert modes == {0o600}
