"""Resources that only webhooks show."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from isa_user.models.billing import UsageQuota
from isa_user.models.common import MinorUnits, Model, UtcDatetime

__all__ = ["CreditGrant", "QuotaNotice", "WebhookEndpoint"]


class CreditGrant(Model):
    """Credits given to a user at once, and what is left of them (rules CR-3).

    ``amount``, ``remaining`` and ``reserved`` count credits; ``expires_at`` is None where they never expire.
    """

    grant_id: str
    source: Literal["purchase", "promo", "subscription", "refund", "adjustment"] | str | None = None
    amount: MinorUnits
    remaining: MinorUnits | None = None
    reserved: MinorUnits | None = None
    effective_at: UtcDatetime | None = None
    expires_at: UtcDatetime | None = None
    created_at: UtcDatetime | None = None


class QuotaNotice(UsageQuota):
    """How far the quota of ``metric`` is used (rules QU-4)."""

    metric: str
    allowed: bool | None = None
    reset_at: UtcDatetime | None = None


class WebhookEndpoint(Model):
    """Where webhooks are sent (rules WH-10), without its secret."""

    webhook_id: str | None = None
    url: str | None = None
    events: list[str] = Field(default_factory=list[str])
    description: str | None = None
    enabled: bool | None = None
