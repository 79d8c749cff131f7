"""Every invariant of rules 8.8 is held by something, and what holds it sees when it is broken."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from importlib import import_module
from itertools import islice

import pytest

from isa_mockserver.kernel import snapshot

from .actions import drawn, play
from .laws import LAWS, Check, violations
from .sabotage import SABOTAGE, Saboteur
from .town import Step, Town
from .walk import Walk

_CHECKS: dict[str, Check] = {check.__name__: check for law in LAWS.values() for check in law.checks}
_PAIRS = [
    pytest.param(_CHECKS[name], saboteur, id=f"{name}-{number}")
    for name, saboteurs in SABOTAGE.items()
    for number, saboteur in enumerate(saboteurs)
]

_BILLED_FOR_USAGE = (
    Step("subscribe", "alice", 0, 26),
    Step("use", "alice", 3, 4),
    Step("wait", "alice", 7, 0),
    Step("wait", "alice", 3, 0),
)
"""A month of Pro with 70,000 calls, and the two hours after it in which they are billed."""


@pytest.fixture(scope="module")
def lived() -> Walk:
    """A town in which everything has happened, and its last page read."""
    walk = Walk()
    for step in [*_BILLED_FOR_USAGE, *islice(drawn("a town with a past"), 300)]:
        play(walk.town, step)
    walk.end()
    return walk


@pytest.fixture
def town(lived: Walk) -> Iterator[Town]:
    """The town, put back as it was when the test is over."""
    town, chronicle = lived.town, lived.town.chronicle
    taken = snapshot.take(town.world)
    town.chronicle = copy(chronicle)
    for name, value in vars(chronicle).items():
        if isinstance(value, list | dict):
            setattr(town.chronicle, name, copy(value))
    yield town
    town.chronicle = chronicle
    snapshot.restore(town.world, taken)


def test_all_forty_invariants_are_held() -> None:
    """Rules 8.8 count from 1 to 40."""
    assert list(LAWS) == [*range(1, 41)]
    assert all(law.checks or law.tests for law in LAWS.values())


@pytest.mark.parametrize("name", [test for law in LAWS.values() for test in law.tests])
def test_a_test_that_holds_an_invariant_is_there(name: str) -> None:
    module, _, function = name.partition("::")
    assert callable(getattr(import_module(f"tests.properties.{module}"), function))


def test_every_checker_is_sabotaged() -> None:
    assert SABOTAGE.keys() == _CHECKS.keys()
    assert all(SABOTAGE.values())


def test_a_town_with_a_past_is_in_order(town: Town) -> None:
    assert violations(town) == []


@pytest.mark.parametrize(("check", "break_it"), _PAIRS)
def test_a_checker_sees_what_it_is_for(check: Check, break_it: Saboteur, town: Town) -> None:
    break_it(town)
    assert list(check(town)), "it looked on"
