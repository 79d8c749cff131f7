"""The Unit and the tables below it: all or nothing (rules P2, WH-9), stable order, snapshots (decision 2)."""

from __future__ import annotations

import contextlib
import re
import threading
from datetime import datetime

import pytest

from isa_mockserver.kernel import chart
from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.state import dump
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import Blueprint, Reactor, World

from .worlds import NOTES, START, Note, empty_world


def test_p2_an_exception_leaves_nothing_of_what_the_unit_did() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.put(NOTES, Note("n0", "alice", "kept"))
    before = dump(world)
    with pytest.raises(RuntimeError), world.unit() as unit:
        unit.put(NOTES, Note(unit.new_id("n"), "alice", "new"))
        unit.put(NOTES, Note("n0", "alice", "changed"))
        unit.post(Reference("d", "1"), Posting(chart.EXTERNAL_CARD, chart.wallet_available("a"), 1, "usd"))
        unit.emit("webhook.ping", "alice", {})
        unit.plan(START, "overdue", "n0")
        raise RuntimeError
    assert dump(world) == before


@pytest.mark.parametrize("raises", [False, True])
def test_another_thread_may_work_as_soon_as_a_unit_has_ended(raises: bool) -> None:
    world = empty_world()
    with contextlib.suppress(RuntimeError), world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "text"))
        if raises:
            raise RuntimeError
    taken: list[bool] = []

    def work() -> None:
        with world.unit():
            taken.append(True)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(timeout=10)
    assert taken == [True]


def test_a_world_that_cannot_tell_the_time_is_not_left_locked() -> None:
    def broken() -> datetime:
        raise OSError

    world = World(Blueprint(tables=(NOTES,)), clock=Clock(wall=broken), ids=IdSource(0))
    with pytest.raises(OSError), world.unit():  # noqa: PT011
        pass
    free: list[bool] = []
    thread = threading.Thread(target=lambda: free.append(_can_be_taken(world)), daemon=True)
    thread.start()
    thread.join(timeout=10)
    assert free == [True]


def _can_be_taken(world: World) -> bool:
    with world.unit(now=START):
        return True


def test_a_unit_reads_its_own_changes_and_nobody_elses() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "first"))
        assert unit.get(NOTES, "n1") is not None
        assert world.tables["notes"].rows == {}
        assert [note.id for note in unit.find(NOTES, "owner", "alice")] == ["n1"]
        unit.delete(NOTES, "n1")
        assert unit.get(NOTES, "n1") is None
        assert unit.find(NOTES, "owner", "alice") == []
        assert unit.scan(NOTES) == []


def test_deleted_and_replaced_rows_are_seen_so_before_the_commit() -> None:
    world = empty_world()
    with world.unit() as unit:
        for number in (1, 2, 3):
            unit.put(NOTES, Note(f"n{number}", "alice", "old"))
    with world.unit() as unit:
        unit.delete(NOTES, "n1")
        unit.put(NOTES, Note("n2", "alice", "new"))
        assert [(note.id, note.text) for note in unit.find(NOTES, "owner", "alice")] == [
            ("n2", "new"),
            ("n3", "old"),
        ]
    assert [note.id for _, note in world_newest(world)] == ["n3", "n2"]


def world_newest(world: World) -> list[tuple[int, Note]]:
    with world.unit() as unit:
        return list(unit.newest_first(NOTES, "owner", "alice"))


def test_newest_first_starts_below_a_sequence_number() -> None:
    world = empty_world()
    with world.unit() as unit:
        for number in range(5):
            unit.put(NOTES, Note(f"n{number}", "alice", ""))
            unit.put(NOTES, Note(f"m{number}", "bob", ""))
    listed = world_newest(world)
    assert [note.id for _, note in listed] == ["n4", "n3", "n2", "n1", "n0"]
    with world.unit() as unit:
        rest = unit.newest_first(NOTES, "owner", "alice", before_seq=listed[1][0])
        assert [note.id for _, note in rest] == ["n2", "n1", "n0"]


def test_rows_without_an_indexed_value_are_not_in_that_index() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "", folder="inbox"))
        unit.put(NOTES, Note("n2", "alice", ""))
    with world.unit() as unit:
        assert [note.id for note in unit.find(NOTES, "folder", "inbox")] == ["n1"]


def test_events_are_numbered_in_commit_order_and_dated_by_the_world() -> None:
    world = empty_world()
    with world.unit() as unit:
        place = unit.event_position()
        unit.emit("payment.succeeded", "alice", {"n": 2})
        unit.emit("payment.created", "alice", {"n": 1}, position=place)
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", {})
    assert [(event.sequence, event.type) for event in world.events] == [
        (1, "payment.created"),
        (2, "payment.succeeded"),
        (3, "webhook.ping"),
    ]
    assert {event.timestamp for event in world.events} == {START}
    assert all(re.fullmatch("evt_[A-Za-z0-9]{14,}", event.id) for event in world.events)
    assert len({event.id for event in world.events}) == 3


def test_a_unit_knows_the_number_of_its_last_event_before_the_commit() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", {})
        unit.emit("webhook.ping", "alice", {})
    with world.unit() as unit:
        assert unit.event_sequence == 2
        unit.emit("webhook.ping", "alice", {})
        assert unit.event_sequence == 3


def test_a_unit_that_changes_something_is_one_commit_and_told_once() -> None:
    world, told = empty_world(), list[World]()
    world.listeners = [told.append]
    commits = world.commits
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "one"))
        unit.put(NOTES, Note("n2", "alice", "two"))
    assert (world.commits, told) == (commits + 1, [world])
    with world.unit() as unit:
        unit.delete(NOTES, "n1")
    assert (world.commits, told) == (commits + 2, [world, world])


def test_a_unit_that_only_reads_is_no_commit() -> None:
    world, told = empty_world(), list[World]()
    world.listeners = [told.append]
    commits = world.commits
    with world.unit() as unit:
        unit.get(NOTES, "n1")
    assert (world.commits, told) == (commits, [])


def test_an_id_that_was_drawn_and_not_used_is_not_drawn_again() -> None:
    world = empty_world()
    with world.unit() as unit:
        drawn = unit.new_id("note")
    with world.unit() as unit:
        assert unit.new_id("note") != drawn


def test_an_unknown_event_type_is_a_defect() -> None:
    with pytest.raises(LookupError), empty_world().unit() as unit:
        unit.emit("payment.succeded", "alice", {})


def test_a_quiet_unit_records_no_events() -> None:
    world = empty_world()
    with world.unit(quiet=True) as unit:
        unit.emit("webhook.ping", "alice", {})
    assert world.events == []


def test_p2b_reactors_run_in_registration_order_in_the_same_unit() -> None:
    heard: list[str] = []

    def reactor(place: int) -> Reactor:
        return lambda unit, said: heard.append(f"{place} {said}")

    reactors: dict[type, list[Reactor]] = {str: [reactor(1), reactor(2)]}
    world = empty_world(Blueprint(tables=(NOTES,), reactors=reactors))
    with world.unit() as unit:
        unit.notify("hello")
        unit.notify(42)
    assert heard == ["1 hello", "2 hello"]


def test_p2b_what_is_put_off_to_the_end_is_heard_there_in_order_in_the_same_unit() -> None:
    heard: list[str] = []

    def reactor(unit: Unit, said: str) -> None:
        heard.append(said)
        unit.put(NOTES, Note(said, "alice", "heard"))
        if said == "first":
            unit.notify_at_end("third")

    world = empty_world(Blueprint(tables=(NOTES,), reactors={str: [reactor]}))
    commits = world.commits
    with world.unit() as unit:
        unit.notify_at_end("first")
        unit.notify_at_end("second")
        assert heard == []
    assert heard == ["first", "second", "third"]
    assert list(world.tables["notes"].rows) == heard
    assert world.commits == commits + 1


def test_snapshots_do_not_follow_later_changes() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "old"))
        unit.plan(START, "overdue", "n1")
    table, ledger, schedule = world.tables["notes"].copy(), world.ledger.copy(), world.schedule.copy()
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "new"))
        unit.put(NOTES, Note("n2", "alice", "new"))
        unit.post(Reference("d", "1"), Posting(chart.EXTERNAL_CARD, chart.wallet_available("a"), 1, "usd"))
        unit.unplan("overdue", "n1")
    assert [note.text for note in table.rows.values()] == ["old"]
    assert list(table.ids("owner", "alice")) == ["n1"]
    assert (ledger.transactions, ledger.balances) == ([], {})
    assert list(schedule.jobs) == [("overdue", "n1")]
