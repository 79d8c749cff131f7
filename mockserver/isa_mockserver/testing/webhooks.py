"""The webhooks of a server in process: who gets them, and what became of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from isa_mockserver.kernel.events import CATALOGUE, Event
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.suggest import suggestion
from isa_mockserver.webhooks.adversary import TRICKS
from isa_mockserver.webhooks.endpoints import NewEndpoint, check_url, register, remove, rotate, switch
from isa_mockserver.webhooks.model import DELIVERIES, ENDPOINTS, EVERY_TYPE, Delivery, Endpoint
from isa_mockserver.webhooks.outbox import is_idle
from isa_mockserver.webhooks.redelivery import redeliver
from isa_mockserver.webhooks.signing import key_of

from .post import Post
from .receivers import address_of, own_secret, receiver_of

_POLL_S = 0.01


class WebhookView:
    """Endpoints and deliveries of one sandbox."""

    def __init__(self, runtime: Runtime, post: Post) -> None:
        self._runtime = runtime
        self._post = post

    def add(
        self,
        target: str | Callable[..., Any],
        *,
        events: Sequence[str] = (EVERY_TYPE,),
        path: str = "/",
        secret: str | None = None,
        adversary: Sequence[str] = (),
    ) -> str:
        """Send every event from now on to `target` too, and give the secret that signs them.

        Args:
            target: an http(s) address; or a function, sync or async, that takes the event after its
                signature was verified; or an ASGI app, whose lifespan is not run.
            events: the types to send; `*` is every type.
            path: where an ASGI app expects the POST.
            secret: your own `whsec_...`; without it a `WebhookReceiver`'s own, or one that is made, the same
                in every run.
            adversary: tricks to play on the receiver, named as in
                `isa_mockserver.webhooks.adversary.TRICKS`.

        Raises:
            TypeError: the target is none of these.
            ValueError: an unknown type or trick, an address or a secret of the wrong form.
        """
        _check(events, adversary, secret)
        url = _checked_url(target) if isinstance(target, str) else address_of(target, path)
        secret = secret or own_secret(target)
        wanted = NewEndpoint(url=url, events=events, secret=secret, adversary=adversary)
        with self._runtime.world.unit() as unit:
            endpoint = register(unit, wanted)
            if not isinstance(target, str):
                self._post.receivers[endpoint.id] = receiver_of(target, path, self._secret_of(endpoint))
            else:
                self._post.receivers.pop(endpoint.id, None)
        return endpoint.secret

    def all(self) -> list[Endpoint]:
        """The endpoints, oldest first."""
        return list(self._runtime.world.tables[ENDPOINTS.name].rows.values())

    def remove(self, webhook_id: str) -> None:
        """Send nothing more there.

        Raises:
            isa_mockserver.kernel.errors.DomainError: `webhook_endpoint_not_found`.
        """
        with self._runtime.world.unit() as unit:
            remove(unit, webhook_id)
        self._post.receivers.pop(webhook_id, None)

    def rotate(self, webhook_id: str, *, expire_now: bool = False) -> str:
        """Give an endpoint a new secret; the old one signs too for 24 hours (rules WH-11).

        Raises:
            isa_mockserver.kernel.errors.DomainError: `webhook_endpoint_not_found`.
        """
        with self._runtime.world.unit() as unit:
            return rotate(unit, webhook_id, expire_now=expire_now).secret

    def enable(self, webhook_id: str) -> None:
        """Turn an endpoint on again, from the next event on, where failures or a 410 turned it off.

        Raises:
            isa_mockserver.kernel.errors.DomainError: `webhook_endpoint_not_found`.
        """
        with self._runtime.world.unit() as unit:
            switch(unit, webhook_id, on=True)

    def deliveries(self, event: Event | str | None = None) -> list[Delivery]:
        """How events were delivered, with every attempt: of one event, by itself or its id, or of all."""
        rows = self._runtime.world.tables[DELIVERIES.name].rows.values()
        event_id = event.id if isinstance(event, Event) else event
        return [delivery for delivery in rows if event_id in (None, delivery.event_id)]

    def redeliver(self, event: Event | str, webhook_id: str | None = None) -> None:
        """Send an event once more, with the same id: to one endpoint or to all that take it (WH-12).

        Raises:
            LookupError: there is no such event.
            isa_mockserver.kernel.errors.DomainError: `webhook_endpoint_not_found`, or `invalid_value` where
                the endpoint is disabled.
        """
        world = self._runtime.world
        event_id = event.id if isinstance(event, Event) else event
        found = next((each for each in world.events if each.id == event_id), None)
        if found is None:
            raise LookupError(f"there is no event {event_id!r}")
        with world.unit() as unit:
            redeliver(unit, found, webhook_id)
        self._post.deliver()

    def wait(self, timeout_s: float = 5.0) -> None:
        """Wait until everything that is due was sent: where open ports deliver in the background.

        Raises:
            TimeoutError: that took longer than `timeout_s` seconds.
        """
        self._post.deliver()
        for _ in range(int(timeout_s / _POLL_S)):
            if is_idle(self._runtime.world):
                return
            threading.Event().wait(_POLL_S)
        raise TimeoutError(f"after {timeout_s:g} s there are still webhooks to deliver")

    def _secret_of(self, endpoint: Endpoint) -> Callable[[], str]:
        def secret() -> str:
            present: Endpoint = self._runtime.world.tables[ENDPOINTS.name].rows.get(endpoint.id, endpoint)
            return present.secret

        return secret


def _checked_url(url: str) -> str:
    try:
        return check_url(url)
    except ValueError as error:
        raise ValueError(f"the webhook address {url!r} {error}") from None


def _check(events: Sequence[str], adversary: Sequence[str], secret: str | None) -> None:
    for names, known, kind in (
        (events, {EVERY_TYPE, *CATALOGUE}, "event type"),
        (adversary, TRICKS, "trick"),
    ):
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ValueError(f"there is no {kind} {unknown[0]!r}{suggestion(unknown[0], list(known))}")
    if secret is not None:
        key_of(secret)
