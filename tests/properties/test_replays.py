"""Scripts that are played again come to the same: in other strides, after a reset, from a saved state."""

from __future__ import annotations

import json

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from isa_mockserver.kernel.state import dump, load

from .actions import played, steps
from .town import Step, Town

scripts = st.lists(steps, min_size=10, max_size=40)
replayed = settings(max_examples=60, derandomize=True, deadline=None, database=None, phases=(Phase.generate,))


@given(script=scripts, strides=st.integers(2, 5))
@replayed
def test_invariant_37_time_in_parts_is_time_in_one_go(script: list[Step], strides: int) -> None:
    """The same state and events, ids and times included, however the clock came there."""
    at_once, in_parts = played(script), played(script, Town(strides=strides))
    at_once.world.advance(100 * 86_400)
    for days in (1, 30, 69):
        in_parts.advance(days=days)
    assert in_parts.state() == at_once.state()


@given(script=scripts)
@replayed
def test_invariant_40_the_same_requests_make_the_same_world(script: list[Step]) -> None:
    """Reset and replay: the identical ledger, and everything else."""
    town = played(script)
    before = town.state()
    town.reset()
    assert town.world.ledger.transactions == []
    assert played(script, town).state() == before


@given(script=scripts, saved_after=st.integers(0, 40))
@replayed
def test_a_world_goes_on_from_a_saved_state_as_if_it_had_never_stopped(
    script: list[Step], saved_after: int
) -> None:
    """Saved in the middle of authentications, debits, pending refunds, dunning and holds."""
    first, later = played(script[:saved_after]), Town()
    load(later.world, json.loads(json.dumps(dump(first.world))))
    later.keys = first.keys
    assert played(script[saved_after:], later).state() == played(script[saved_after:], first).state()
