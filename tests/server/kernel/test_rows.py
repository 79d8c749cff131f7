"""Rows are changed by making another (decision 2)."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from isa_mockserver.kernel.store import row


@row
class Parcel(NamedTuple):
    """Something with a default."""

    id: str
    weight_g: int
    fragile: bool = False


def test_a_changed_row_is_another_of_the_same_type() -> None:
    light = Parcel("p1", 200)
    heavy = light._replace(weight_g=5000, fragile=True)
    assert type(heavy) is Parcel
    assert (heavy.id, heavy.weight_g, heavy.fragile) == ("p1", 5000, True)
    assert light == Parcel("p1", 200, fragile=False)
    assert light._replace() == light


def test_a_field_that_a_row_has_not_cannot_be_changed() -> None:
    fields: dict[str, Any] = {"weight_g": 1, "height_mm": 3}
    with pytest.raises(ValueError, match="Parcel has no field 'height_mm'"):
        Parcel("p1", 200)._replace(**fields)
