"""What a World hands over to be written, and a World rebuilt from it (decision 5)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from isa_mockserver.kernel.changes import Changes, rebuild, whole
from isa_mockserver.kernel.ledger import LedgerError, Posting, Reference
from isa_mockserver.kernel.schedule import RANKS
from isa_mockserver.kernel.state import dump, load
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import Blueprint, World

from .worlds import NOTES, START, Note, empty_world

HOUR = timedelta(hours=1)


def recorded(world: World) -> list[Changes]:
    """Everything that the World hands over from now on; what it holds already comes first."""
    handed: list[Changes] = []
    world.record(handed.append)
    return handed


def folded(handed: list[Changes]) -> Changes:
    total = handed[0]
    for later in handed[1:]:
        total = later if later.anew else _added(total, later)
    return total


def _added(total: Changes, later: Changes) -> Changes:
    total.add(later)
    return total


def busy(world: World) -> None:
    """Something of everything: rows made, changed and deleted, money, events, jobs, time."""
    with world.unit() as unit:
        for text in ("one", "two", "three"):
            unit.put(NOTES, Note(unit.new_id("note"), "alice", text, created_at=unit.now))
        unit.post(Reference("d", "1"), Posting("external:card", "wallet:alice:available", 5, "usd"))
        unit.emit("webhook.ping", "alice", {"a": 1})
        unit.plan(START + HOUR, "overdue", "x")
        unit.plan(START + 2 * HOUR, "overdue", "y")
    with world.unit() as unit:
        first, second, third = unit.scan(NOTES)
        unit.delete(NOTES, third.id)
        unit.put(NOTES, Note(first.id, "alice", "changed"))
        unit.unplan("overdue", "x")
        unit.plan(START + 3 * HOUR, "dunning", second.id)
    world.clock.move(START + HOUR)


def rebuilt(written: Changes) -> World:
    world = empty_world()
    rebuild(world, written)
    return world


def test_what_was_handed_over_rebuilds_the_world_exactly() -> None:
    world = empty_world()
    handed = recorded(world)
    busy(world)
    with world.lock:
        pass
    twin = rebuilt(folded(handed))
    assert dump(twin) == dump(world)
    assert twin.ledger.check().ok
    assert twin.ledger.balance("wallet:alice:available", "usd") == 5
    for each in (world, twin):
        with each.unit() as unit:
            unit.put(NOTES, Note(unit.new_id("note"), "alice", "after"))
    assert dump(twin) == dump(world), "ids and sequence numbers go on; a deleted row's number is not reused"
    assert twin.tables["notes"].ids("owner", "alice") == world.tables["notes"].ids("owner", "alice")


def test_a_table_that_was_emptied_does_not_use_its_numbers_again() -> None:
    world = empty_world()
    handed = recorded(world)
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "one"))
    with world.unit() as unit:
        unit.delete(NOTES, "n1")
    written = folded(handed)
    written.rows.clear()
    twin = rebuilt(written)
    with twin.unit() as unit:
        unit.put(NOTES, Note("n2", "alice", "two"))
    assert twin.tables["notes"].seqs == {"n2": 2}


def test_rows_keep_their_numbers_when_one_between_them_was_deleted() -> None:
    world = empty_world()
    handed = recorded(world)
    with world.unit() as unit:
        for note_id in ("n1", "n2", "n3"):
            unit.put(NOTES, Note(note_id, "alice", "text"))
    with world.unit() as unit:
        unit.delete(NOTES, "n2")
    assert rebuilt(folded(handed)).tables["notes"].seqs == {"n1": 1, "n3": 3}


def test_the_number_of_a_row_deleted_after_a_restart_is_not_used_again() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "written before the restart"))
    handed: list[Changes] = []
    world.record(handed.append, written=True)
    with world.unit() as unit:
        unit.delete(NOTES, "n1")
    [changes] = handed
    assert (changes.rows, changes.next_seqs) == ({"notes": {1: None}}, {"notes": 2})


def test_l1_a_rebuilt_ledger_knows_what_it_posted() -> None:
    world = empty_world()
    busy(world)
    twin = rebuilt(whole(world))
    with pytest.raises(LedgerError), twin.unit() as unit:
        unit.post(Reference("d", "1"), Posting("external:card", "wallet:alice:available", 5, "usd"))


def test_jobs_keep_their_order_among_those_due_at_the_same_second() -> None:
    ran: list[str] = []

    def run(unit: Unit, subject_id: str) -> None:
        ran.append(subject_id)

    blueprint = Blueprint(tables=(NOTES,), jobs=dict.fromkeys(RANKS, run))
    world, twin = empty_world(blueprint), empty_world(blueprint)
    handed = recorded(world)
    for subject in ("b", "a", "c"):
        with world.unit() as unit:
            unit.plan(START + HOUR, "overdue", subject)
    with world.unit() as unit:
        unit.unplan("overdue", "a")
    rebuild(twin, folded(handed))
    with twin.unit() as unit:
        unit.plan(START + HOUR, "overdue", "d")
    twin.advance(3600)
    assert ran == ["b", "c", "d"]


def test_one_hold_of_the_lock_is_handed_over_as_one_and_only_what_changed() -> None:
    world = empty_world()
    handed = recorded(world)
    handed.clear()
    with world.lock:
        with world.unit() as unit:
            unit.put(NOTES, Note("n1", "alice", "first"))
        with world.unit() as unit:
            unit.put(NOTES, Note("n2", "alice", "second"))
        assert handed == []
    with world.unit() as unit:
        unit.get(NOTES, "n1")
    assert [list(changes.rows["notes"]) for changes in handed] == [[1, 2]]
    with world.unit() as unit:
        unit.put(NOTES, Note("n2", "alice", "again"))
    assert (list(handed[1].rows["notes"]), handed[1].clock, handed[1].anew) == ([2], None, False)


def test_a_move_of_time_and_all_that_fell_due_is_one() -> None:
    def run(unit: Unit, subject_id: str) -> None:
        unit.put(NOTES, Note(subject_id, "alice", "due", created_at=unit.now))

    world = empty_world(Blueprint(tables=(NOTES,), jobs=dict.fromkeys(RANKS, run)))
    with world.unit() as unit:
        for hours in (1, 2, 3):
            unit.plan(START + hours * HOUR, "overdue", f"n{hours}")
    handed = recorded(world)
    handed.clear()
    world.advance(7200)
    assert len(handed) == 1
    assert list(handed[0].rows["notes"]) == [1, 2]
    assert handed[0].clock is not None
    assert handed[0].clock.frozen_at == START + 2 * HOUR


def test_what_is_rolled_back_is_not_handed_over() -> None:
    world = empty_world()
    handed = recorded(world)
    handed.clear()
    with pytest.raises(ZeroDivisionError), world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "gone"))
        unit.plan(START, "overdue", "x")
        raise ZeroDivisionError
    assert handed == []


def test_a_loaded_state_document_replaces_all_that_was_written() -> None:
    other, world = empty_world(), empty_world()
    busy(other)
    handed = recorded(world)
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "bob", "of before"))
    load(world, json.loads(json.dumps(dump(other))))
    assert handed[-1].anew
    assert dump(rebuilt(handed[-1])) == dump(world) == dump(other)


def test_a_world_that_is_written_already_hands_over_only_what_follows() -> None:
    world = empty_world()
    busy(world)
    handed: list[Changes] = []
    world.record(handed.append, written=True)
    assert handed == []
    with world.lock:
        world.clock.unfreeze()
    assert [bool(changes.clock) for changes in handed] == [True]
    assert not handed[0].rows


def test_a_ticking_clock_goes_on_as_far_ahead_of_real_time_as_it_was() -> None:
    world = empty_world()
    with world.lock:
        world.clock.unfreeze()
        world.clock.move(world.clock.now() + timedelta(days=31))
    twin = rebuilt(whole(world))
    assert not twin.clock.frozen
    assert abs(twin.clock.now() - world.clock.now()) <= timedelta(seconds=1)
