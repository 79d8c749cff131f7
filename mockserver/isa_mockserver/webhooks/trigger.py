"""Events that did not happen: any type of the catalogue, on demand, to try a receiver with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isa_mockserver.kernel.unit import Unit

from .model import ENDPOINTS
from .samples import Example, example_of
from .views import endpoint_view

PING = "webhook.ping"


def trigger(unit: Unit, event_type: str, user: str, changes: Mapping[str, Any]) -> None:
    """Emit an event of this type about an example resource, which is stored nowhere.

    `changes` replace fields of the example, or add to them. A ping is about the first endpoint there is.

    Raises:
        LookupError: the catalogue has no such type.
    """
    found, previous = example_of(event_type, Example(user, unit.now, unit.new_id))
    endpoints = unit.scan(ENDPOINTS) if event_type == PING else []
    subject = endpoint_view(endpoints[0]) if endpoints else found
    unit.emit(event_type, user, {**subject, **changes}, previous)
