"""The names of all types of events (rules WH-2, WH-3)."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["EventType"]

EventType: TypeAlias = Literal[
    "payment.created",
    "payment.requires_action",
    "payment.processing",
    "payment.succeeded",
    "payment.failed",
    "payment.canceled",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "crypto_payment.confirming",
    "crypto_payment.confirmed",
    "crypto_payment.underpaid",
    "crypto_payment.expired",
    "crypto_payment.late",
    "wallet.deposited",
    "wallet.transferred",
    "invoice.created",
    "invoice.updated",
    "invoice.deleted",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "invoice.overdue",
    "subscription.created",
    "subscription.updated",
    "subscription.renewed",
    "subscription.past_due",
    "subscription.unpaid",
    "subscription.paused",
    "subscription.resumed",
    "subscription.trial_will_end",
    "subscription.canceled",
    "usage.quota_warning",
    "usage.quota_exceeded",
    "credits.granted",
    "credits.consumed",
    "credits.refunded",
    "credits.expiring_soon",
    "credits.expired",
    "credits.reservation_expired",
    "webhook.ping",
    "*",
]
"""What ``WebhookReceiver.on`` takes: a type that this version knows, or ``"*"`` for every event."""
