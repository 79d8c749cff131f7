"""Rows of webhooks: endpoints, deliveries with their attempts, and the queue of what is to be sent now.

Rows of the World, so that a saved state carries what is not yet delivered, and loses no event.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec

EVERY_TYPE = "*"
MAX_ENDPOINTS = 16

DeliveryState = Literal["pending", "delivered", "failed"]


class Endpoint(NamedTuple):
    """Where events are sent (rules WH-10).

    `position` is the sequence number of the last event that was looked at for this endpoint.
    `old_secret` signs too until `old_secret_until` (rules WH-11). `failing_since` is the first failed
    attempt after which none succeeded. `adversary` names the tricks that are played on the receiver.
    """

    id: str
    url: str
    events: tuple[str, ...]
    description: str | None
    enabled: bool
    secret: str
    position: int
    created_at: datetime
    disabled_reason: str | None = None
    old_secret: str | None = None
    old_secret_until: datetime | None = None
    adversary: tuple[str, ...] = ()
    failing_since: datetime | None = None

    def wants(self, event_type: str) -> bool:
        """Whether events of this type are sent here."""
        return EVERY_TYPE in self.events or event_type in self.events

    def __repr__(self) -> str:
        return f"<endpoint {self.id} {self.url}>"


class Attempt(NamedTuple):
    """One request that was sent: when (the World's time), the answer's status, or what went wrong.

    `trick` names the adversary's trick where it was not the rightful request.
    """

    at: datetime
    status: int | None
    latency_ms: int | None
    error: str | None
    trick: str | None = None


class Delivery(NamedTuple):
    """One event on its way to one endpoint (rules WH-7).

    `due` is when the next attempt is due, or was; `tries` counts the rightful attempts since the event, or
    since the last redelivery.
    """

    id: str
    event_id: str
    webhook_id: str
    sequence: int
    state: DeliveryState
    due: datetime
    created_at: datetime
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()


class Queued(NamedTuple):
    """A delivery whose attempt is due; its id is the delivery's."""

    id: str
    webhook_id: str
    created_at: datetime


ENDPOINTS = TableSpec("webhook_endpoints", Endpoint)
DELIVERIES = TableSpec("webhook_deliveries", Delivery, indexes=("event_id", "webhook_id"))
QUEUE = TableSpec("webhook_queue", Queued, indexes=("webhook_id",))
TABLES = (ENDPOINTS, DELIVERIES, QUEUE)


def delivery_id(event_id: str, webhook_id: str) -> str:
    """The id of an event's delivery to an endpoint."""
    return f"{event_id}:{webhook_id}"
