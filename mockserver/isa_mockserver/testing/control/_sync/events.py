# Made by scripts/sync_twin.py from _async/events.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Control calls about events and the webhooks that carry them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from isa_mockserver.testing.control.answers import (
    ControlDelivery,
    ControlEvent,
    ControlWebhook,
    EventPage,
)
from isa_mockserver.testing.control.caller import given
from isa_mockserver.testing.control.options import moment

from .base import Calls


class EventCalls(Calls):
    """Events, deliveries, endpoints."""

    def list_events(
        self,
        *,
        type_: str | None = None,
        since: int | datetime | str | None = None,
        limit: int | None = None,
    ) -> EventPage:
        """What happened, oldest first: after the sequence number `since`, or from that time on (WH-12)."""
        after = str(since) if isinstance(since, int) else moment(since)
        query = {"type": type_, "since": after, "limit": limit}
        return self._read(EventPage, "list_events", query=query)

    def show_event(self, event_id: str) -> ControlEvent:
        """One event. Codes: `event_not_found`."""
        return self._read(ControlEvent, "show_event", path={"id": event_id})

    def trigger_event(
        self, type_: str, *, user: str | None = None, changes: Mapping[str, Any] | None = None
    ) -> ControlEvent:
        """Send an example of any event, about something that is stored nowhere; `changes` replace fields.

        Codes: `unknown_event_type`.
        """
        body = given({"type": type_, "user": user, "object": changes})
        return self._read(ControlEvent, "trigger_event", body=body)

    def list_deliveries(self, event_id: str) -> list[ControlDelivery]:
        """How an event was delivered: every endpoint, every attempt. Codes: `event_not_found`."""
        return self._list(ControlDelivery, "list_deliveries", path={"id": event_id})

    def redeliver_event(self, event_id: str, *, webhook_id: str | None = None) -> list[ControlDelivery]:
        """Send an event once more, with the same id: to one endpoint, or to all that take it (WH-12).

        Codes: `event_not_found`, `webhook_endpoint_not_found`, `invalid_value`.
        """
        body = given({"webhook_id": webhook_id})
        return self._list(ControlDelivery, "redeliver_event", path={"id": event_id}, body=body)

    def list_webhooks(self, *, secrets: bool = False) -> list[ControlWebhook]:
        """The endpoints, oldest first; with `secrets` also what signs."""
        return self._list(ControlWebhook, "list_webhooks", query=_secrets(secrets))

    def add_webhook(
        self,
        url: str,
        *,
        events: Sequence[str] | None = None,
        description: str | None = None,
        secret: str | None = None,
        adversary: Sequence[str] = (),
    ) -> ControlWebhook:
        """Send every event from now on there too; the secret is in the answer (rules WH-10).

        Codes: `invalid_value`, `unknown_event_type`.
        """
        body = given({"url": url, "description": description, "secret": secret})
        body |= {"adversary": list(adversary), **({"events": list(events)} if events else {})}
        return self._read(ControlWebhook, "add_webhook", body=body)

    def show_webhook(self, webhook_id: str, *, secrets: bool = False) -> ControlWebhook:
        """One endpoint. Codes: `webhook_endpoint_not_found`."""
        return self._read(
            ControlWebhook, "show_webhook", path={"id": webhook_id}, query=_secrets(secrets)
        )

    def change_webhook(self, webhook_id: str, *, enabled: bool) -> ControlWebhook:
        """Turn an endpoint off, or on again. Codes: `webhook_endpoint_not_found`."""
        body = {"enabled": enabled}
        return self._read(ControlWebhook, "change_webhook", path={"id": webhook_id}, body=body)

    def remove_webhook(self, webhook_id: str) -> None:
        """Forget an endpoint. Codes: `webhook_endpoint_not_found`."""
        self.call("remove_webhook", path={"id": webhook_id})

    def rotate_webhook_secret(self, webhook_id: str, *, expire_now: bool = False) -> ControlWebhook:
        """Give an endpoint a new secret; the old one signs too for 24 hours (rules WH-11).

        Codes: `webhook_endpoint_not_found`.
        """
        body = {"expire_now": expire_now}
        return self._read(ControlWebhook, "rotate_webhook_secret", path={"id": webhook_id}, body=body)


def _secrets(wanted: bool) -> Mapping[str, str]:
    return {"secrets": "true"} if wanted else {}
