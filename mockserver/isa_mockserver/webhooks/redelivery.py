"""Sending an event once more, because someone asks for it (rules WH-12)."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.events import Event
from isa_mockserver.kernel.unit import Unit

from .endpoints import RETRY_JOB, find
from .model import DELIVERIES, ENDPOINTS, Delivery, Endpoint, delivery_id
from .outbox import new_delivery, queue


def redeliver(unit: Unit, event: Event, webhook_id: str | None = None) -> list[Delivery]:
    """Send the event again: to this endpoint, or to all enabled ones that take its type.

    It keeps its id and begins a new series of attempts; a delivery that still waits is sent at once.

    Raises:
        DomainError: `webhook_endpoint_not_found`, or `invalid_value` where the endpoint is disabled.
    """
    if webhook_id is None:
        targets = [each for each in unit.scan(ENDPOINTS) if each.enabled and each.wants(event.type)]
    else:
        targets = [_enabled(find(unit, webhook_id))]
    return [_again(unit, event, endpoint) for endpoint in targets]


def _enabled(endpoint: Endpoint) -> Endpoint:
    if not endpoint.enabled:
        words = f"The endpoint {endpoint.id} is disabled: {endpoint.disabled_reason}."
        raise DomainError.of_failures([Failure("webhook_id", "invalid_value", words)])
    return endpoint


def _again(unit: Unit, event: Event, endpoint: Endpoint) -> Delivery:
    known = unit.get(DELIVERIES, delivery_id(event.id, endpoint.id)) or new_delivery(unit, event, endpoint)
    tries = known.tries if known.state == "pending" else 0
    unit.unplan(RETRY_JOB, known.id)
    again = unit.put(DELIVERIES, known._replace(state="pending", due=unit.now, tries=tries))
    queue(unit, again)
    return again
