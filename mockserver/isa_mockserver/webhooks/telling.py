"""What the log says of a delivery, so that one which fails is seen, with what may be done about it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from isa_mockserver.kernel.world import World

from .model import DELIVERIES, ENDPOINTS, Attempt, Delivery, Endpoint
from .outbox import Parcel
from .outcome import Outcome

logger = logging.getLogger("isa_mockserver")

_HINTS: Mapping[int, str] = {
    400: "the receiver refused it; is the secret the same?",
    401: "a webhook carries no login; its signature says who sent it",
    403: "a webhook carries no login; its signature says who sent it",
    404: "there is nothing at this path",
    405: "this path takes no POST",
    410: "the receiver wants no more",
    415: "the receiver does not take JSON",
    422: "the receiver did not understand the body; it has to take it as raw bytes",
    500: "the receiver failed; its own log says how",
}
"""Status -> what it usually means when a receiver answers with it."""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def outcome_words(outcome: Outcome | Attempt) -> str:
    """The status and what it means, or what went wrong instead."""
    meaning = outcome.error or _HINTS.get(outcome.status or 0)
    words = ": ".join(part for part in (str(outcome.status or ""), meaning) if part)
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in words)


def tell(world: World, parcel: Parcel, outcomes: Sequence[Outcome]) -> None:
    """Log how an attempt ended that was settled: a rightful one that failed is a warning."""
    for shipment, outcome in zip(parcel.shipments, outcomes, strict=True):
        # A query may hold what only the receiver should know.
        said = f"webhook {parcel.event_type} to {parcel.url.partition('?')[0]}"
        if shipment.trick is not None:
            logger.info("%s (%s): %s", said, shipment.trick, outcome_words(outcome))
        elif outcome.ok:
            logger.info("%s: %s (%s)", said, outcome.status, parcel.delivery_id)
        else:
            following = _following(world, parcel)
            logger.warning("%s: %s; %s (%s)", said, outcome_words(outcome), following, parcel.delivery_id)


def _following(world: World, parcel: Parcel) -> str:
    """What happens next to the delivery."""
    delivery: Delivery | None = world.tables[DELIVERIES.name].rows.get(parcel.delivery_id)
    endpoint: Endpoint | None = world.tables[ENDPOINTS.name].rows.get(parcel.webhook_id)
    if endpoint is not None and not endpoint.enabled:
        return (
            f"the endpoint is disabled: {endpoint.disabled_reason}; "
            f"`isa-mockserver webhooks enable {endpoint.id}` turns it on"
        )
    if delivery is not None and delivery.state == "pending":
        return f"again in {_span(delivery.due - parcel.at)}"
    return "it is not tried again"


def _span(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
