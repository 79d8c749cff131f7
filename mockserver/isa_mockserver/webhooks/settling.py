"""What becomes of a delivery after an attempt (rules WH-6, WH-7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import World

from .endpoints import RETRY_JOB, disable, fail
from .model import DELIVERIES, ENDPOINTS, QUEUE, Attempt, Delivery, Endpoint
from .outbox import Parcel
from .outcome import GONE, Outcome
from .schedule import GIVE_UP_AFTER, MAX_TRIES, next_attempt


def settle(world: World, parcel: Parcel, outcomes: Sequence[Outcome]) -> None:
    """Book an attempt: delivered, to be tried again, failed, or the endpoint disabled.

    `outcomes` are those of the parcel's requests, in their order.
    """
    sent = list(zip(parcel.shipments, outcomes, strict=True))
    rightful = next(outcome for shipment, outcome in sent if shipment.trick is None)
    attempts = tuple(_attempt(parcel.at, shipment.trick, outcome) for shipment, outcome in sent)
    with world.unit() as unit:
        known = unit.get(DELIVERIES, parcel.delivery_id)
        endpoint = unit.get(ENDPOINTS, parcel.webhook_id)
        if known is None:
            return  # another state was loaded meanwhile
        delivery = unit.put(DELIVERIES, known._replace(attempts=(*known.attempts, *attempts)))
        if delivery.state == "pending" and endpoint is not None:
            _Booking(unit, endpoint, delivery, parcel.at, test_clock=world.clock.frozen).book(rightful)


def _attempt(at: datetime, trick: str | None, outcome: Outcome) -> Attempt:
    return Attempt(
        at=at, status=outcome.status, latency_ms=outcome.latency_ms, error=outcome.error, trick=trick
    )


class _Booking(NamedTuple):
    """What the rightful request's outcome means for the delivery and its endpoint."""

    unit: Unit
    endpoint: Endpoint
    delivery: Delivery
    at: datetime
    test_clock: bool

    def book(self, outcome: Outcome) -> None:
        if self.unit.get(QUEUE, self.delivery.id) is not None:
            self.unit.delete(QUEUE, self.delivery.id)
        tried = self.delivery._replace(tries=self.delivery.tries + 1)
        if outcome.ok:
            self._delivered(tried)
        elif outcome.status == GONE:
            self._disabled(tried, "410 Gone")
        else:
            self._failed(tried, outcome)

    def _delivered(self, tried: Delivery) -> None:
        self.unit.put(DELIVERIES, tried._replace(state="delivered"))
        if self.endpoint.failing_since is not None:
            self.unit.put(ENDPOINTS, self.endpoint._replace(failing_since=None))

    def _failed(self, tried: Delivery, outcome: Outcome) -> None:
        since = self.endpoint.failing_since
        exhausted = tried.tries >= MAX_TRIES  # a jump of the clock alone is no five days of attempts
        if exhausted and since is not None and self.at - since >= GIVE_UP_AFTER:
            self._disabled(tried, f"no success for {GIVE_UP_AFTER.days} days")
            return
        if since is None:
            self.unit.put(ENDPOINTS, self.endpoint._replace(failing_since=self.at))
        due = self._next_attempt(tried, outcome)
        if due is None:
            fail(self.unit, tried)
        else:
            self.unit.put(DELIVERIES, tried._replace(due=due))
            self.unit.plan(due, RETRY_JOB, tried.id)

    def _next_attempt(self, tried: Delivery, outcome: Outcome) -> datetime | None:
        """Counted from the attempt's own time under a test clock, else from its end, and spread."""
        return next_attempt(
            self.at if self.test_clock else self.unit.now,
            tried.tries,
            retry_after_s=outcome.retry_after_s,
            jitter_of=None if self.test_clock else tried.id,
        )

    def _disabled(self, tried: Delivery, reason: str) -> None:
        fail(self.unit, tried)
        disable(self.unit, self.endpoint, reason)
