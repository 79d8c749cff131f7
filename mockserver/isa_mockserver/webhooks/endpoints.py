"""Endpoints: registered, changed, rotated, disabled, removed (rules WH-10, WH-11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.hiding import shown
from isa_mockserver.kernel.unit import Unit

from .model import DELIVERIES, ENDPOINTS, EVERY_TYPE, MAX_ENDPOINTS, QUEUE, Delivery, Endpoint
from .signing import secret_of

MAX_URL_CHARS = 2_048
OVERLAP = timedelta(hours=24)
RETRY_JOB = "webhook_retry"


class NewEndpoint(NamedTuple):
    """An endpoint to be registered; without a secret one is made."""

    url: str
    events: Sequence[str] = (EVERY_TYPE,)
    description: str | None = None
    secret: str | None = None
    adversary: Sequence[str] = ()

    def __repr__(self) -> str:
        return shown(self, "secret")


def check_url(url: str) -> str:
    """The url, if webhooks can be sent there (rules WH-10).

    Raises:
        ValueError: the words say what is wrong.
    """
    if len(url) > MAX_URL_CHARS:
        raise ValueError(f"must be at most {MAX_URL_CHARS} characters")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("must be printable ASCII without spaces")
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError("must be an http or https address") from None
    if not known:
        raise ValueError("must be an http or https address")
    if "@" in parts.netloc:
        raise ValueError("must have no credentials in it")
    return url


def register(unit: Unit, wanted: NewEndpoint) -> Endpoint:
    """Send every event from now on to this endpoint too (rules WH-10).

    Raises:
        DomainError: `invalid_value`: there are 16 endpoints already.
    """
    if len(unit.scan(ENDPOINTS)) >= MAX_ENDPOINTS:
        raise DomainError.of_failures(
            [Failure(None, "invalid_value", f"There are {MAX_ENDPOINTS} endpoints already; remove one.")]
        )
    webhook_id = unit.new_id("wh")
    endpoint = Endpoint(
        id=webhook_id,
        url=wanted.url,
        events=tuple(dict.fromkeys(wanted.events)),
        description=wanted.description,
        enabled=True,
        secret=wanted.secret or secret_of(unit.new_key("webhook", webhook_id)),
        adversary=tuple(dict.fromkeys(wanted.adversary)),
        position=unit.event_sequence,
        created_at=unit.now,
    )
    return unit.put(ENDPOINTS, endpoint)


def find(unit: Unit, webhook_id: str) -> Endpoint:
    """The endpoint.

    Raises:
        DomainError: `webhook_endpoint_not_found`.
    """
    endpoint = unit.get(ENDPOINTS, webhook_id)
    if endpoint is None:
        raise DomainError("webhook_endpoint_not_found", "There is no such webhook endpoint.")
    return endpoint


def rotate(unit: Unit, webhook_id: str, *, expire_now: bool = False) -> Endpoint:
    """Give it a new secret at once; the old one signs too for 24 hours, unless it is to end now (WH-11).

    Raises:
        DomainError: `webhook_endpoint_not_found`.
    """
    endpoint = find(unit, webhook_id)
    turn = unit.next_number(f"rotation:{webhook_id}")
    return unit.put(
        ENDPOINTS,
        endpoint._replace(
            secret=secret_of(unit.new_key("webhook", f"{webhook_id}:{turn}")),
            old_secret=None if expire_now else endpoint.secret,
            old_secret_until=None if expire_now else unit.now + OVERLAP,
        ),
    )


def switch(unit: Unit, webhook_id: str, *, on: bool) -> Endpoint:
    """Turn deliveries off, or on again from the next event on.

    Raises:
        DomainError: `webhook_endpoint_not_found`.
    """
    endpoint = find(unit, webhook_id)
    if endpoint.enabled == on:
        return endpoint
    if not on:
        return disable(unit, endpoint, "turned off")
    again = endpoint._replace(
        enabled=True, disabled_reason=None, failing_since=None, position=unit.event_sequence
    )
    return unit.put(ENDPOINTS, again)


def disable(unit: Unit, endpoint: Endpoint, reason: str) -> Endpoint:
    """Send nothing more there; what is on its way has failed, and can be redelivered (rules WH-6, WH-7)."""
    _give_up(unit, endpoint)
    return unit.put(ENDPOINTS, endpoint._replace(enabled=False, disabled_reason=reason))


def remove(unit: Unit, webhook_id: str) -> None:
    """Forget the endpoint; the record of its deliveries stays.

    Raises:
        DomainError: `webhook_endpoint_not_found`.
    """
    _give_up(unit, find(unit, webhook_id))
    unit.delete(ENDPOINTS, webhook_id)


def _give_up(unit: Unit, endpoint: Endpoint) -> None:
    for delivery in unit.find(DELIVERIES, "webhook_id", endpoint.id):
        if delivery.state == "pending":
            fail(unit, delivery)


def fail(unit: Unit, delivery: Delivery) -> Delivery:
    """No further attempt is made."""
    unit.unplan(RETRY_JOB, delivery.id)
    if unit.get(QUEUE, delivery.id) is not None:
        unit.delete(QUEUE, delivery.id)
    return unit.put(DELIVERIES, delivery._replace(state="failed"))
