"""Endpoints and deliveries as the control API shows them (rules section 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isa_mockserver.kernel.clock import format_time

from .model import Attempt, Delivery, Endpoint


def endpoint_view(endpoint: Endpoint, *, secret: bool = False) -> dict[str, Any]:
    """A WebhookEndpoint; with `secret` what signs, the old secret too while it does (rules WH-10, WH-11)."""
    shown: dict[str, Any] = {
        "webhook_id": endpoint.id,
        "url": endpoint.url,
        "events": list(endpoint.events),
        "description": endpoint.description,
        "enabled": endpoint.enabled,
        "disabled_reason": endpoint.disabled_reason,
        "adversary": list(endpoint.adversary),
        "created_at": format_time(endpoint.created_at),
    }
    if secret:
        until = endpoint.old_secret_until
        shown["secret"] = endpoint.secret
        shown["old_secret"] = endpoint.old_secret
        shown["old_secret_until"] = format_time(until) if until else None
    return shown


def delivery_view(delivery: Delivery) -> dict[str, Any]:
    """A Delivery with every attempt (rules WH-12)."""
    return {
        "event_id": delivery.event_id,
        "webhook_id": delivery.webhook_id,
        "state": delivery.state,
        "attempts": [_attempt_view(attempt) for attempt in delivery.attempts],
        "next_attempt": format_time(delivery.due) if delivery.state == "pending" else None,
        "created_at": format_time(delivery.created_at),
    }


def _attempt_view(attempt: Attempt) -> Mapping[str, Any]:
    return {
        "at": format_time(attempt.at),
        "status": attempt.status,
        "latency_ms": attempt.latency_ms,
        "error": attempt.error,
        "trick": attempt.trick,
    }
