"""Events that did not happen: any type of the catalogue, on demand, to try a receiver with."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from isa_mockserver.kernel.events import CATALOGUE
from isa_mockserver.kernel.unit import Unit

from .model import ENDPOINTS
from .samples import Example, example_of
from .views import endpoint_view

PING = "webhook.ping"

_A_SLIP = 0.75
"""How alike a new field is to one of the example, of 1, for it to be a slip and not meant."""
_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    str: "text",
    list: "a list",
    dict: "an object",
}


class MisfitError(ValueError):
    """A change that no real event of the type could have; `field` names it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(f"{field!r} {words}")
        self.field = field
        self.words = words


def check_type(event_type: str) -> None:
    """Nothing, if there are events of this type.

    Raises:
        LookupError: the catalogue has no such type.
    """
    if event_type not in CATALOGUE:
        near = get_close_matches(event_type, CATALOGUE, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise LookupError(f"there is no event type {event_type!r}{hint}")


def trigger(unit: Unit, event_type: str, user: str, changes: Mapping[str, Any]) -> None:
    """Emit an event of this type about an example resource, which is stored nowhere.

    `changes` replace fields of the example, or add to them. A ping is about the first endpoint there is.

    Raises:
        LookupError: the catalogue has no such type.
        MisfitError: a field is a slip for one of the example, or holds another kind of value there.
    """
    check_type(event_type)
    found, previous = example_of(event_type, Example(user, unit.now, unit.new_id))
    endpoints = unit.scan(ENDPOINTS) if event_type == PING else []
    subject = endpoint_view(endpoints[0]) if endpoints else found
    for name, value in changes.items():
        _check_change(subject, name, value)
    unit.emit(event_type, user, {**subject, **changes}, previous)


def _check_change(subject: Mapping[str, Any], name: str, value: Any) -> None:
    if name not in subject and (near := get_close_matches(name, subject, n=1, cutoff=_A_SLIP)):
        raise MisfitError(name, f"is no field of the example; did you mean {near[0]!r}?")
    shown = subject.get(name)
    if shown is not None and value is not None and type(value) is not type(shown):
        raise MisfitError(name, f"has to be {_KINDS[type(shown)]}, as in the example: {shown!r}")
