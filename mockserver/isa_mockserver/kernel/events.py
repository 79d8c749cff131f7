"""Events: rows of the Unit, written with the change they tell of (rules WH-9), and the catalogue of types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .clock import format_time

API_VERSION = "2024-01-28"

CATALOGUE: Mapping[str, str] = {
    "payment.created": "a payment intent was created",
    "payment.requires_action": "the customer has to authenticate",
    "payment.processing": "a bank debit is on its way",
    "payment.succeeded": "a payment completed",
    "payment.failed": "an attempt to pay failed",
    "payment.canceled": "a payment was canceled",
    "refund.created": "a refund was made",
    "refund.updated": "a refund changed its status",
    "refund.failed": "a refund failed; its amount can be refunded again",
    "crypto_payment.confirming": "a sufficient transaction was seen on the chain",
    "crypto_payment.confirmed": "the transaction has enough confirmations",
    "crypto_payment.underpaid": "the payment expired with too little received",
    "crypto_payment.expired": "the payment expired with nothing received",
    "crypto_payment.late": "money arrived after the expiry",
    "wallet.deposited": "money was added to a wallet",
    "wallet.transferred": "money moved between two wallets",
    "invoice.created": "an invoice was created",
    "invoice.updated": "a draft invoice was changed",
    "invoice.deleted": "a draft invoice was deleted",
    "invoice.finalized": "an invoice got its number and is open",
    "invoice.paid": "an invoice was paid",
    "invoice.payment_failed": "an attempt to pay an invoice failed",
    "invoice.voided": "an invoice was voided",
    "invoice.marked_uncollectible": "an invoice was given up",
    "invoice.overdue": "an open invoice passed its due date",
    "subscription.created": "a subscription was stored",
    "subscription.updated": "a subscription changed",
    "subscription.renewed": "the next period began",
    "subscription.past_due": "a renewal could not be charged",
    "subscription.unpaid": "all retries failed",
    "subscription.paused": "a subscription was paused",
    "subscription.resumed": "a paused subscription goes on",
    "subscription.trial_will_end": "a trial ends in three days",
    "subscription.canceled": "a subscription ended",
    "usage.quota_warning": "80 % of a quota is used",
    "usage.quota_exceeded": "a quota is used up",
    "credits.granted": "credits were granted",
    "credits.consumed": "credits were spent",
    "credits.refunded": "spent credits came back",
    "credits.expiring_soon": "a grant expires within the notice period",
    "credits.expired": "a grant's rest expired",
    "credits.reservation_expired": "a reservation ran out and returned its credits",
    "webhook.ping": "a test delivery",
}
"""Event type -> when it is sent (rules WH-2, WH-3)."""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event of a Unit that is not committed yet: it gets its id and sequence number at commit."""

    type: str
    owner: str
    object: Mapping[str, Any]
    previous: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Event:
    """One committed fact: `object` is the resource as the API shows it, minus secrets (rules WH-1)."""

    id: str
    type: str
    timestamp: datetime
    sequence: int
    owner: str
    object: Mapping[str, Any]
    previous: Mapping[str, Any] | None = None


def envelope(event: Event) -> dict[str, Any]:
    """The event as it is shown and delivered (rules WH-1)."""
    data: dict[str, Any] = {"object": event.object}
    if event.previous is not None:
        data["previous"] = event.previous
    return {
        "id": event.id,
        "type": event.type,
        "timestamp": format_time(event.timestamp),
        "api_version": API_VERSION,
        "sequence": event.sequence,
        "data": data,
    }
