"""Rows change into new rows (decision 2)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from isa_mockserver.kernel.rows import replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    id: str
    weight: int = 1
    labels: tuple[str, ...] = ()
    note: str | None = field(default=None, compare=False)


def test_a_changed_row_has_the_changes_and_everything_else_of_the_old_one() -> None:
    before = Parcel(id="p", weight=3, labels=("a",), note="kept")
    after = replace(before, weight=4)
    assert after == Parcel(id="p", weight=4, labels=("a",))
    assert (after.note, type(after)) == ("kept", Parcel)


def test_the_old_row_stays_as_it_was_and_the_new_one_is_frozen_too() -> None:
    before = Parcel(id="p")
    after = replace(before, id="q")
    assert before == Parcel(id="p")
    with pytest.raises(AttributeError):
        after.id = "r"  # type: ignore[misc]


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="Parcel has no field colour"):
        replace(Parcel(id="p"), colour="red")


def test_a_class_that_does_more_when_it_is_made_is_refused() -> None:
    @dataclass(frozen=True)
    class Loose:
        id: str

    with pytest.raises(TypeError, match="Loose is not a dataclass with slots only"):
        replace(Loose("p"), id="q")
