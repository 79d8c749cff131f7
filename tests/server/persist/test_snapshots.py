"""Named snapshots outlive the process where state is kept; the journal and armed faults do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.kernel.snapshot import take, written
from isa_mockserver.testing import MockServer, SyncMockControl
from tests.server.kernel.worlds import NOTES, Note, empty_world
from tests.server.web.processes import running

from .files import beginning, note, store_at
from .life import LIFE, START, moves_money, pays, state, works_in_a_sandbox


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def opened(file: Path) -> MockServer:
    return MockServer(seed="demo", clock=START, data=file)


def test_a_snapshot_is_there_after_a_restart_with_all_that_it_held(file: Path) -> None:
    with opened(file) as server:
        for step in LIFE:
            step(server)
        then = state(server)
        server.snapshots.take("then")
        moves_money(server)
        server.clock.advance(days=3)
    with opened(file) as server:
        assert server.snapshots.names() == ["then"]
        differs = server.snapshots.diff("then")
        assert differs.balances["wallet:user_789:available", "usd"] == (2 * 1234, 3 * 1234)
        server.snapshots.restore("then")
        assert state(server) == then
    with opened(file) as server:
        assert state(server) == then
        assert server.snapshots.names() == ["then"], "going back keeps the snapshots"


@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "ticking"])
def test_a_snapshot_keeps_its_time_and_whether_that_stands_still(file: Path, frozen: bool) -> None:
    with opened(file) as server:
        body = {"freeze": True} if frozen else {"unfreeze": True}
        server.request("POST", "/_mock/clock", user=None, json_body=body)
        server.snapshots.take("then")
        taken = server._runtime.snapshots.get("then").taken_at
    with opened(file) as server:
        kept = server._runtime.snapshots.get("then")
        assert (kept.taken_at, kept.frozen) == (taken, frozen)


def test_every_sandbox_has_its_own(file: Path) -> None:
    with opened(file) as server:
        works_in_a_sandbox(server)
        server.snapshots.take("here")
        server.sandbox("aside").snapshots.take("there")
    with opened(file) as server:
        assert server.snapshots.names() == ["here"]
        assert server.sandbox("aside").snapshots.names() == ["there"]


def test_what_is_dropped_or_taken_anew_is_so_after_a_restart(file: Path) -> None:
    with opened(file) as server:
        for name in ("gone", "moved"):
            server.snapshots.take(name)
        pays(server)
        events = len(server.events.all())
        server.snapshots.drop("gone")
        server.snapshots.take("moved")
    with opened(file) as server:
        assert server.snapshots.names() == ["moved"]
        assert len(server._runtime.snapshots.get("moved").events) == events > 0


def test_a_reset_forgets_them_and_a_dropped_sandbox_takes_its_own_along(file: Path) -> None:
    with opened(file) as server:
        server.snapshots.take("before")
        server.reset()
        server.snapshots.take("after")
        server.sandbox("aside").snapshots.take("there")
        server.request("DELETE", "/_mock/sandboxes/aside", user=None)
    with opened(file) as server:
        assert server.snapshots.names() == ["after"]
        assert server.sandbox("aside").snapshots.names() == []


def _names(file: Path) -> set[str]:
    store = store_at(file)
    try:
        return set(store.load())
    finally:
        store.close()


def _snapshot(name: str) -> Changes:
    return written(take(empty_world()), name)


def _reset() -> Changes:
    changes = beginning()
    changes.without_snapshots = True
    return changes


def test_in_one_batch_a_reset_forgets_what_was_taken_before_it_only(file: Path) -> None:
    batch = [note(1), _snapshot("default/a"), _reset(), _snapshot("default/b"), _snapshot("default/a")]
    store = store_at(file)
    store.commit([beginning("default_2"), _snapshot("default_2/a"), _snapshot("default/c")])
    store.commit(batch)
    store.close()
    assert _names(file) == {"default", "default/a", "default/b", "default_2", "default_2/a"}


def test_in_one_batch_going_back_after_a_reset_leaves_what_was_taken_between(file: Path) -> None:
    store = store_at(file)
    store.commit([beginning(), _snapshot("default/old")])
    store.commit([_reset(), _snapshot("default/new"), beginning(), note(1)])
    store.close()
    store = store_at(file)
    loaded = store.load()
    store.close()
    assert set(loaded) == {"default", "default/new"}
    assert loaded["default"].rows == {NOTES.name: {1: Note("n1", "alice", "text")}}


def test_the_journal_and_armed_faults_are_not_kept(file: Path) -> None:
    with opened(file) as server:
        pays(server)
        server.faults.add(status=503, times=None)
    with opened(file) as server:
        assert server.requests.all() == []
        assert server.faults.all() == []


def test_a_snapshot_that_was_answered_survives_a_kill(file: Path) -> None:
    with running("--data", str(file)) as server:
        SyncMockControl(server.url).take_snapshot("then")
        server.process.kill()
        server.process.wait()
    with running("--data", str(file)) as server:
        assert [each.name for each in SyncMockControl(server.url).list_snapshots()] == ["then"]
