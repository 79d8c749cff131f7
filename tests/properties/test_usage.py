"""Usage comes to the same in any order, in any batches, however often it is sent (rules US-4, US-7, US-8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .town import Town

_MONTH = "start=2024-01-01T00:00:00Z&end=2024-02-01T00:00:00Z"

Event = Mapping[str, Any]


minutes = st.sampled_from(("00", "59"))


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Distinct events of January 2024, some of them on the borders of hours and days."""
    hours = draw(st.lists(st.integers(0, 31 * 24 - 1), min_size=1, max_size=25))
    return [
        {
            "metric": "api_calls",
            "quantity": draw(st.integers(1, 1_000)),
            "timestamp": f"2024-01-{1 + hour // 24:02}T{hour % 24:02}:{draw(minutes)}:00Z",
            "event_id": f"e{number}",
        }
        for number, hour in enumerate(hours)
    ]


@given(sent=events(), chance=st.randoms(use_true_random=False))
@settings(max_examples=40, derandomize=True, deadline=None, database=None)
def test_invariant_17_order_and_batches_and_repetition_change_nothing(
    sent: list[Event], chance: Random
) -> None:
    """One by one in order; or shuffled, with repetitions, in batches of any size."""
    singly, anyhow = Town(), Town()
    for event in sent:
        assert singly.post("/billing/usage", event).status == 201
    mixed = sent + [chance.choice(sent) for _ in range(chance.randint(0, 10))]
    chance.shuffle(mixed)
    answers = [
        anyhow.post("/billing/usage/batch", {"events": batch}).body for batch in _batches(mixed, chance)
    ]
    assert sum(answer["accepted"] for answer in answers) == len(sent)
    assert sum(answer["duplicates"] for answer in answers) == len(mixed) - len(sent)
    for window in ("hour", "day", "month"):
        asked = f"/billing/usage?metric=api_calls&{_MONTH}&window={window}"
        reported = singly.get(asked).body
        assert anyhow.get(asked).body == reported
        assert reported["total"] == sum(event["quantity"] for event in sent)


def _batches(sent: Sequence[Event], chance: Random) -> Iterator[Sequence[Event]]:
    at = 0
    while at < len(sent):
        size = chance.randint(1, 8)
        yield sent[at : at + size]
        at += size
