"""Events about the delivery itself (rules WH-2, WH-3)."""

from __future__ import annotations

from typing import Literal

from isa_user.webhooks._objects import WebhookEndpoint
from isa_user.webhooks.events._base import EventData, TypedEvent

__all__ = [
    "WebhookPing",
]


class WebhookPing(TypedEvent[EventData[WebhookEndpoint]]):
    """A test delivery."""

    type: Literal["webhook.ping"] = "webhook.ping"
