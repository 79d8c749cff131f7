"""Events: rows of the Unit, written with the change they tell of (rules WH-9), and the catalogue of types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from .clock import format_time

API_VERSION = "2024-01-28"


class EventType(NamedTuple):
    """A row of the catalogue: when the event is sent, and which resource of rules section 10 it carries."""

    when: str
    resource: str


CATALOGUE: Mapping[str, EventType] = {
    "payment.created": EventType("a payment intent was created", "Payment"),
    "payment.requires_action": EventType("the customer has to authenticate", "Payment"),
    "payment.processing": EventType("a bank debit is on its way", "Payment"),
    "payment.succeeded": EventType("a payment completed", "Payment"),
    "payment.failed": EventType("an attempt to pay failed", "Payment"),
    "payment.canceled": EventType("a payment was canceled", "Payment"),
    "refund.created": EventType("a refund was made", "Refund"),
    "refund.updated": EventType("a refund changed its status", "Refund"),
    "refund.failed": EventType("a refund failed; its amount can be refunded again", "Refund"),
    "crypto_payment.confirming": EventType("a sufficient transaction was seen on the chain", "CryptoPayment"),
    "crypto_payment.confirmed": EventType("the transaction has enough confirmations", "CryptoPayment"),
    "crypto_payment.underpaid": EventType("the payment expired with too little received", "CryptoPayment"),
    "crypto_payment.expired": EventType("the payment expired with nothing received", "CryptoPayment"),
    "crypto_payment.late": EventType("money arrived after the expiry", "CryptoPayment"),
    "wallet.deposited": EventType("money was added to a wallet", "Deposit"),
    "wallet.transferred": EventType("money moved between two wallets", "Transfer"),
    "invoice.created": EventType("an invoice was created", "Invoice"),
    "invoice.updated": EventType("a draft invoice was changed", "Invoice"),
    "invoice.deleted": EventType("a draft invoice was deleted", "Invoice"),
    "invoice.finalized": EventType("an invoice got its number and is open", "Invoice"),
    "invoice.paid": EventType("an invoice was paid", "Invoice"),
    "invoice.payment_failed": EventType("an attempt to pay an invoice failed", "Invoice"),
    "invoice.voided": EventType("an invoice was voided", "Invoice"),
    "invoice.marked_uncollectible": EventType("an invoice was given up", "Invoice"),
    "invoice.overdue": EventType("an open invoice passed its due date", "Invoice"),
    "subscription.created": EventType("a subscription was stored", "Subscription"),
    "subscription.updated": EventType("a subscription changed", "Subscription"),
    "subscription.renewed": EventType("the next period began", "Subscription"),
    "subscription.past_due": EventType("a renewal could not be charged", "Subscription"),
    "subscription.unpaid": EventType("all retries failed", "Subscription"),
    "subscription.paused": EventType("a subscription was paused", "Subscription"),
    "subscription.resumed": EventType("a paused subscription goes on", "Subscription"),
    "subscription.trial_will_end": EventType("a trial ends in three days", "Subscription"),
    "subscription.canceled": EventType("a subscription ended", "Subscription"),
    "usage.quota_warning": EventType("80 % of a quota is used", "Quota"),
    "usage.quota_exceeded": EventType("a quota is used up", "Quota"),
    "credits.granted": EventType("credits were granted", "CreditGrant"),
    "credits.consumed": EventType("credits were spent", "CreditConsumption"),
    "credits.refunded": EventType("spent credits came back", "CreditConsumption"),
    "credits.expiring_soon": EventType("a grant expires within the notice period", "CreditGrant"),
    "credits.expired": EventType("a grant's rest expired", "CreditGrant"),
    "credits.reservation_expired": EventType(
        "a reservation ran out and returned its credits", "CreditReservation"
    ),
    "webhook.ping": EventType("a test delivery", "WebhookEndpoint"),
}
"""Every event type (rules WH-2, WH-3); documentation, triggers and tests follow this table."""


Told = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""The resource that an event carries, or what makes it out of rows: of nothing that changes."""


class EventDraft(NamedTuple):
    """An event of a Unit that is not committed yet: it gets its id and sequence number at commit."""

    type: str
    owner: str
    object: Told
    previous: Mapping[str, Any] | None


class Event(NamedTuple):
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
