"""Events are written out when somebody looks at them, and look as if they had been at once (rules WH-9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.kernel.snapshot import restore, take
from isa_mockserver.kernel.state import dump, load

from .worlds import START, empty_world

View = Callable[[], dict[str, int]]


def counting(made: list[int], number: int) -> View:
    """Makes a resource of this number, and notes that it did."""

    def view() -> dict[str, int]:
        made.append(number)
        return {"n": number}

    return view


def test_a_resource_is_made_once_and_only_when_somebody_looks() -> None:
    world, made = empty_world(), list[int]()
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", counting(made, 1))
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", counting(made, 2))
    assert (world.event_sequence, made) == (2, [])
    assert [event.object for event in world.events] == [{"n": 1}, {"n": 2}]
    assert [event.object for event in world.events] == [{"n": 1}, {"n": 2}]
    assert made == [1, 2]


def test_an_event_is_the_same_whether_it_was_looked_at_at_once_or_later() -> None:
    at_once, later = empty_world(), empty_world()
    for world in (at_once, later):
        for number in (1, 2, 3):
            with world.unit() as unit:
                unit.emit("webhook.ping", "alice", {"n": number})
                unit.emit("invoice.paid", "bob", counting([], number), {"status": "open"})
            if world is at_once:
                assert len(world.events) == 2 * number
            world.clock.move(START + timedelta(hours=number))
    assert at_once.events == later.events
    assert [event.sequence for event in later.events] == [1, 2, 3, 4, 5, 6]
    assert len({event.id for event in later.events}) == 6
    assert later.events[3].timestamp == START + timedelta(hours=1)


def test_ids_go_on_behind_events_that_nobody_looked_at() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", {})
        unit.emit("webhook.ping", "alice", {})
    with world.unit() as unit:
        drawn = unit.new_id("evt")
    assert drawn not in {event.id for event in world.events}


def test_who_records_a_world_gets_its_events_written_out() -> None:
    world, handed = empty_world(), list[Changes]()
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", counting([], 1))
    world.record(handed.append)
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", counting([], 2))
        unit.emit("webhook.ping", "alice", counting([], 3))
    with world.unit() as unit:
        unit.next_number("orders")
    assert [[dict(event.object) for event in each.events] for each in handed] == [
        [{"n": 1}],
        [{"n": 2}, {"n": 3}],
        [],
    ]


def test_going_back_forgets_events_that_nobody_looked_at() -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.emit("webhook.ping", "alice", counting([], 1))
    snapshot, state = take(world), dump(world)
    for back in (partial(restore, world, snapshot), partial(load, world, state)):
        with world.unit() as unit:
            unit.emit("webhook.ping", "alice", counting([], 2))
        back()
        assert world.event_sequence == 1
        assert [dict(event.object) for event in world.events] == [{"n": 1}]
