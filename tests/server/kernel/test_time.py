"""Clock, schedule and due work: rules P5, CK-1, CK-2, and invariant 37."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.kernel.clock import Clock, format_time, parse_time, wall_now
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.state import dump
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import Blueprint, World

from .worlds import NOTES, START, Note, empty_world

HOUR = timedelta(hours=1)


def test_ck2_times_are_written_in_utc_with_whole_seconds() -> None:
    assert format_time(datetime(2024, 1, 28, 10, tzinfo=UTC)) == "2024-01-28T10:00:00Z"
    assert format_time(parse_time("2024-01-28T11:00:00.999+01:00")) == "2024-01-28T10:00:00Z"


@pytest.mark.parametrize("text", ["2024-01-28T10:00:00", "yesterday", "2024-02-30T00:00:00Z", ""])
def test_times_without_zone_or_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_time(text)


def test_a_frozen_clock_stands_and_moves_only_when_told() -> None:
    clock = Clock(START)
    assert (clock.now(), clock.frozen) == (START, True)
    clock.move(START + HOUR)
    assert (clock.now(), clock.frozen) == (START + HOUR, True)


def test_a_ticking_clock_follows_the_wall_with_its_offset() -> None:
    wall = START
    clock = Clock(wall=lambda: wall)
    clock.move(START + HOUR)
    wall += timedelta(seconds=5)
    assert (clock.now(), clock.frozen) == (START + HOUR + timedelta(seconds=5), False)
    clock.freeze()
    wall += HOUR
    assert clock.now() == START + HOUR + timedelta(seconds=5)
    clock.unfreeze()
    wall += timedelta(seconds=1)
    assert clock.now() == START + HOUR + timedelta(seconds=6)


def test_the_wall_clock_has_whole_seconds_in_utc() -> None:
    assert (wall_now().microsecond, wall_now().tzinfo) == (0, UTC)


def with_jobs(*plans: tuple[timedelta, str, str]) -> tuple[World, list[tuple[timedelta, str, str]]]:
    """A World whose jobs write down when they ran; an `overdue` job for `again` plans the next one."""
    ran: list[tuple[timedelta, str, str]] = []

    def job(kind: str) -> None:
        def run(unit: Unit, subject_id: str) -> None:
            ran.append((unit.now - START, kind, subject_id))
            unit.put(NOTES, Note(unit.new_id("note"), "alice", kind, created_at=unit.now))
            if subject_id == "again":
                unit.plan(unit.now + HOUR, kind, subject_id)

        handlers[kind] = run

    handlers: dict[str, object] = {}
    for kind in ("overdue", "period_end", "dunning"):
        job(kind)
    world = empty_world(Blueprint(tables=(NOTES,), jobs=handlers))  # type: ignore[arg-type]
    with world.unit() as unit:
        for after, kind, subject_id in plans:
            unit.plan(START + after, kind, subject_id)
    return world, ran


def test_ck1_due_work_runs_by_due_time_then_rank_then_order_of_planning() -> None:
    world, ran = with_jobs(
        (2 * HOUR, "overdue", "late"),
        (HOUR, "overdue", "b"),
        (HOUR, "overdue", "a"),
        (HOUR, "period_end", "c"),
        (HOUR, "dunning", "d"),
    )
    reported = world.advance(2 * 3600)
    expected = [
        (HOUR, "period_end", "c"),
        (HOUR, "dunning", "d"),
        (HOUR, "overdue", "b"),
        (HOUR, "overdue", "a"),
        (2 * HOUR, "overdue", "late"),
    ]
    assert ran == expected
    assert [(job.due - START, job.kind, job.id) for job in reported] == expected


def test_p5_each_job_sees_its_own_due_time_and_may_plan_the_next() -> None:
    world, ran = with_jobs((HOUR, "overdue", "again"))
    world.advance(3 * 3600)
    assert [due for due, _, _ in ran] == [HOUR, 2 * HOUR, 3 * HOUR]
    assert [note.created_at - START for note in world.tables["notes"].rows.values()] == [
        HOUR,
        2 * HOUR,
        3 * HOUR,
    ]


def test_a_job_planned_again_runs_once_at_the_later_plan_and_an_unplanned_one_never() -> None:
    world, ran = with_jobs((HOUR, "overdue", "a"), (2 * HOUR, "overdue", "a"), (HOUR, "overdue", "b"))
    with world.unit() as unit:
        unit.unplan("overdue", "b")
    world.advance(3 * 3600)
    assert ran == [(2 * HOUR, "overdue", "a")]


@given(st.integers(0, 50_000), st.integers(0, 50_000))
def test_invariant_37_two_steps_leave_exactly_what_one_step_leaves(first: int, second: int) -> None:
    plans = ((HOUR, "overdue", "again"), (2 * HOUR, "dunning", "x"), (5 * HOUR, "period_end", "again"))
    stepwise, at_once = with_jobs(*plans)[0], with_jobs(*plans)[0]
    stepwise.advance(first)
    stepwise.advance(second)
    at_once.advance(first + second)
    assert dump(stepwise) == dump(at_once)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (-1, "clock_backwards"),
        (731 * 86400 + 1, "clock_step_too_large"),
        (10**18, "clock_step_too_large"),
        (-(10**18), "clock_backwards"),
    ],
)
def test_ck1_the_clock_moves_forward_by_two_years_at_most(seconds: int, code: str) -> None:
    world, ran = with_jobs((HOUR, "overdue", "a"))
    with pytest.raises(DomainError) as caught:
        world.advance(seconds)
    assert caught.value.code == code
    assert (world.clock.now(), ran) == (START, [])


def test_ck1_two_years_are_one_step() -> None:
    world, ran = with_jobs((HOUR, "overdue", "a"))
    world.advance(731 * 86400)
    assert world.clock.now() == START + timedelta(days=731)
    assert ran == [(HOUR, "overdue", "a")]


def test_a_move_of_time_is_told_though_nothing_fell_due() -> None:
    world, told = empty_world(), list[World]()
    world.listeners = [told.append]
    world.advance(1)
    assert told == [world]


def test_a_request_catches_up_with_a_ticking_clock() -> None:
    world, ran = with_jobs((HOUR, "overdue", "a"))
    world.clock.move(START + 2 * HOUR)
    world.catch_up()
    assert ran == [(HOUR, "overdue", "a")]
