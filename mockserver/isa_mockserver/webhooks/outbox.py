"""From the outbox to what is sent next (rules WH-8, WH-9).

The events of the World are the outbox. An endpoint's `position` says how far they were lined up for it, so
that an event is either behind it, with a delivery of its own, or still to come: never lost. Nothing here
sends: `take` gives what is to be sent, and `settling.settle` books what came of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from isa_mockserver.kernel.clock import wall_now
from isa_mockserver.kernel.events import Event, envelope
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import World

from .adversary import Shipment, shipments, shuffled
from .endpoints import RETRY_JOB, fail
from .model import DELIVERIES, ENDPOINTS, QUEUE, Attempt, Delivery, Endpoint, Queued, delivery_id
from .schedule import LATE
from .signing import key_of

MAX_EVENT_BYTES = 262_144
"""An event that is larger is not delivered (rules WH-1)."""

_UNWANTED_GAP = 256


class Parcel(NamedTuple):
    """One attempt: the requests to send one after the other to one endpoint; `at` is the World's time."""

    delivery_id: str
    webhook_id: str
    url: str
    at: datetime
    shipments: tuple[Shipment, ...]
    event_type: str = ""


def line_up(world: World) -> None:
    """Queue the first attempts of the events that came since, in their order (rules WH-8)."""
    with world.lock:
        last = world.event_sequence
        behind = [
            endpoint
            for endpoint in world.tables[ENDPOINTS.name].rows.values()
            if endpoint.enabled and endpoint.position < last
        ]
        if behind:
            with world.unit() as unit:
                for endpoint in behind:
                    _line_up(unit, endpoint, world.events[endpoint.position :])


def take(world: World, webhook_id: str) -> Parcel | None:
    """What is to be sent to this endpoint now, the longest waiting first; None where nothing is."""
    with world.lock:
        while ids := world.tables[QUEUE.name].ids("webhook_id", webhook_id):
            if (parcel := _pack(world, ids[0])) is not None:
                return parcel
            with world.unit() as unit:
                _refuse_too_large(unit, ids[0])
    return None


def is_idle(world: World) -> bool:
    """Whether there is nothing to send now."""
    with world.lock:
        endpoints = [each for each in world.tables[ENDPOINTS.name].rows.values() if each.enabled]
        to_come = (e.wants(event.type) for e in endpoints for event in world.events[e.position :])
        return not world.tables[QUEUE.name].rows and not any(to_come)


def new_delivery(unit: Unit, event: Event, endpoint: Endpoint) -> Delivery:
    """The delivery of an event; its first attempt is due when the event happened."""
    return Delivery(
        id=delivery_id(event.id, endpoint.id),
        event_id=event.id,
        webhook_id=endpoint.id,
        sequence=event.sequence,
        state="pending",
        due=event.timestamp,
        created_at=unit.now,
    )


def queue(unit: Unit, delivery: Delivery) -> None:
    """The delivery's attempt is due: it takes its turn, unless it waits for it already."""
    if unit.get(QUEUE, delivery.id) is None:
        unit.put(QUEUE, Queued(id=delivery.id, webhook_id=delivery.webhook_id, created_at=unit.now))


def retry(unit: Unit, subject_id: str) -> None:
    """A planned attempt is due (job `webhook_retry`)."""
    delivery = unit.get(DELIVERIES, subject_id)
    if delivery is not None and delivery.state == "pending":
        queue(unit, delivery)


def _line_up(unit: Unit, endpoint: Endpoint, events: Sequence[Event]) -> None:
    wanted = {event.id: event for event in events if endpoint.wants(event.type)}
    if not wanted and len(events) < _UNWANTED_GAP:
        return  # looked at again next time: cheaper than a commit for every event that is not wanted
    unit.put(ENDPOINTS, endpoint._replace(position=events[-1].sequence))
    order = shuffled(list(wanted)) if "shuffle" in endpoint.adversary else list(wanted)
    for event_id in order:
        if unit.get(DELIVERIES, delivery_id(event_id, endpoint.id)) is None:
            _begin(unit, new_delivery(unit, wanted[event_id], endpoint), late="late" in endpoint.adversary)


def _begin(unit: Unit, delivery: Delivery, *, late: bool) -> None:
    if late:
        held_back = unit.put(DELIVERIES, delivery._replace(due=delivery.due + LATE))
        unit.plan(held_back.due, RETRY_JOB, held_back.id)
    else:
        queue(unit, unit.put(DELIVERIES, delivery))


def _pack(world: World, queued_id: str) -> Parcel | None:
    delivery: Delivery = world.tables[DELIVERIES.name].rows[queued_id]
    endpoint: Endpoint = world.tables[ENDPOINTS.name].rows[delivery.webhook_id]
    event = world.events[delivery.sequence - 1]
    body = json.dumps(envelope(event), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    if len(body) > MAX_EVENT_BYTES:
        return None
    now = world.clock.now()
    stamp = int(wall_now().timestamp())
    sent = shipments(endpoint.adversary, _keys(endpoint, now), event.id, stamp, body)
    # Under a test clock an attempt sees its own due time, not the one to which the clock jumped (P5).
    at = delivery.due if world.clock.frozen else now
    return Parcel(delivery.id, endpoint.id, endpoint.url, at, sent, event.type)


def _keys(endpoint: Endpoint, now: datetime) -> tuple[bytes, ...]:
    """The new secret's key, and the old one's while both sign (rules WH-11)."""
    overlap = endpoint.old_secret_until is not None and now < endpoint.old_secret_until
    old = (endpoint.old_secret,) if overlap and endpoint.old_secret else ()
    return tuple(key_of(secret) for secret in (endpoint.secret, *old))


def _refuse_too_large(unit: Unit, queued_id: str) -> None:
    delivery = unit.get(DELIVERIES, queued_id)
    if delivery is not None:
        words = f"the event has more than {MAX_EVENT_BYTES} bytes"
        attempt = Attempt(at=unit.now, status=None, latency_ms=None, error=words)
        fail(unit, delivery._replace(attempts=(*delivery.attempts, attempt)))
