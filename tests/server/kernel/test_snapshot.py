"""Snapshots: going back, and telling two moments apart (decision 2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from isa_mockserver.kernel import chart
from isa_mockserver.kernel.changes import Changes
from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.ledger import LedgerError, Posting, Reference
from isa_mockserver.kernel.schedule import RANKS
from isa_mockserver.kernel.snapshot import compare, restore, take
from isa_mockserver.kernel.state import dump, load
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import Blueprint, World

from .worlds import NOTES, START, Note, empty_world

HOUR = timedelta(hours=1)


def note(world: World, note_id: str) -> None:
    with world.unit() as unit:
        unit.put(NOTES, Note(note_id, "alice", "text"))


def pay(world: World, number: str, amount: int = 5) -> None:
    with world.unit() as unit:
        unit.post(
            Reference("deposit", number),
            Posting(chart.EXTERNAL_CARD, chart.wallet_available("alice"), amount, "usd"),
        )


def ping(world: World, subject: str) -> None:
    with world.unit() as unit:
        unit.emit("webhook.ping", subject, {})


def test_going_back_is_a_commit_that_is_written_anew_and_told() -> None:
    world = empty_world()
    note(world, "n1")
    snapshot, state = take(world), dump(world)
    note(world, "n2")
    handed: list[Changes] = []
    told: list[World] = []
    world.record(handed.append, written=True)
    world.listeners = [told.append]
    commits = world.commits
    restore(world, snapshot)
    assert dump(world) == state
    assert (world.commits, told) == (commits + 1, [world])
    assert [(changes.anew, list(changes.rows["notes"].values())) for changes in handed] == [
        (True, [Note("n1", "alice", "text")])
    ]


def test_loading_a_state_is_a_commit_that_is_told() -> None:
    world, told = empty_world(), list[World]()
    document = dump(world)
    note(world, "n1")
    world.listeners = [told.append]
    commits = world.commits
    load(world, document)
    assert (world.commits, told) == (commits + 1, [world])


def test_a_table_that_a_state_does_not_know_begins_empty() -> None:
    world = empty_world()
    note(world, "n1")
    load(world, {**dump(world), "tables": {}})
    note(world, "n2")
    assert world.tables["notes"].seqs == {"n2": 1}


def on_the_wall(wall: Callable[[], datetime]) -> World:
    """A World whose clock ticks with `wall`."""
    return World(Blueprint(tables=(NOTES,)), clock=Clock(wall=wall), ids=IdSource(0))


@pytest.mark.parametrize(("keep", "bring_back"), [(take, restore), (dump, load)], ids=["snapshot", "state"])
def test_a_ticking_world_ticks_on_from_the_moment_it_goes_back_to(
    keep: Callable[[World], Any], bring_back: Callable[[World, Any], None]
) -> None:
    wall = START
    world = on_the_wall(lambda: wall)
    kept = keep(world)
    wall += HOUR
    world.clock.freeze()
    bring_back(world, kept)
    assert (world.clock.now(), world.clock.frozen) == (START, False)
    wall += timedelta(seconds=5)
    assert world.clock.now() == START + timedelta(seconds=5)


def test_a_frozen_world_stands_at_the_moment_of_its_snapshot_however_time_ticks_meanwhile() -> None:
    wall = START

    def ticking() -> datetime:
        nonlocal wall
        wall += timedelta(seconds=1)
        return wall

    world = on_the_wall(ticking)
    world.clock.freeze()
    world.clock.move(START + HOUR)
    snapshot = take(world)
    world.clock.unfreeze()
    restore(world, snapshot)
    assert (world.clock.now(), world.clock.frozen) == (START + HOUR, True)


def test_jobs_planned_after_going_back_come_behind_those_of_the_snapshot() -> None:
    ran: list[str] = []

    def run(unit: Unit, subject_id: str) -> None:
        ran.append(subject_id)

    world = empty_world(Blueprint(tables=(NOTES,), jobs=dict.fromkeys(RANKS, run)))
    for subject in ("y", "z"):
        with world.unit() as unit:
            unit.plan(START + HOUR, "overdue", subject)
    restore(world, take(world))
    with world.unit() as unit:
        unit.plan(START + HOUR, "overdue", "x")
    world.advance(3600)
    assert ran == ["y", "z", "x"]


def test_l1_what_was_posted_before_a_snapshot_cannot_be_posted_again_after_it() -> None:
    world = empty_world()
    pay(world, "1")
    restore(world, take(world))
    with pytest.raises(LedgerError):
        pay(world, "1")


def test_a_moment_does_not_differ_from_itself() -> None:
    world = empty_world()
    note(world, "n1")
    pay(world, "1")
    ping(world, "alice")
    assert not compare(take(world), take(world))


@pytest.mark.parametrize(
    "step",
    [
        lambda world: world.advance(1),
        lambda world: note(world, "n1"),
        lambda world: pay(world, "1"),
        lambda world: ping(world, "alice"),
    ],
    ids=["time", "rows", "money", "events"],
)
def test_one_step_of_any_kind_is_a_difference(step: Callable[[World], object]) -> None:
    world = empty_world()
    before = take(world)
    step(world)
    assert compare(before, take(world))


def test_equal_histories_do_not_differ_though_they_are_other_objects() -> None:
    world, twin = empty_world(), empty_world()
    pay(world, "1")
    ping(world, "alice")
    load(twin, json.loads(json.dumps(dump(world))))
    assert not compare(take(world), take(twin))


def test_of_two_histories_all_that_follows_their_common_beginning_differs() -> None:
    worlds = [empty_world(), empty_world()]
    for world, second in zip(worlds, ("left", "right"), strict=True):
        for subject in ("common", second, "common"):
            ping(world, subject)
    difference = compare(*(take(world) for world in worlds))
    assert [event.owner for event in difference.events] == ["right", "common"]
