"""Resources that only webhooks show."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from isa_user.models.common import Count, MinorUnits, Model, UtcDatetime

__all__ = ["CreditGrant", "WebhookEndpoint"]


class CreditGrant(Model):
    """Credits given to a user at once, and what is left of them (rules CR-3).

    ``amount``, ``remaining`` and ``reserved`` count credits; ``cost_basis`` is what one of them cost, in
    minor units; of grants that expire together the one with the lower ``priority`` is spent first (CR-5);
    ``expires_at`` is None where they never expire.
    """

    grant_id: str
    source: Literal["purchase", "promo", "subscription", "refund", "adjustment"] | str
    amount: MinorUnits
    remaining: MinorUnits
    reserved: MinorUnits
    cost_basis: MinorUnits
    priority: Count
    effective_at: UtcDatetime
    expires_at: UtcDatetime | None = None
    voided_at: UtcDatetime | None = None
    purchase_id: str | None = None
    created_at: UtcDatetime


class WebhookEndpoint(Model):
    """Where webhooks are sent (rules WH-10), without its secret."""

    webhook_id: str | None = None
    url: str | None = None
    events: list[str] = Field(default_factory=list[str])
    description: str | None = None
    enabled: bool | None = None
