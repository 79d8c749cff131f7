"""Every event as a class of its own, and their union ``Event`` (rules WH-1 to WH-3)."""

from __future__ import annotations

from typing import TypeAlias

from isa_user.webhooks.events._base import EventData, TypedEvent, UpdateData
from isa_user.webhooks.events.billing import (
    InvoiceCreated,
    InvoiceDeleted,
    InvoiceFinalized,
    InvoiceMarkedUncollectible,
    InvoiceOverdue,
    InvoicePaid,
    InvoicePaymentFailed,
    InvoiceUpdated,
    InvoiceVoided,
    UsageQuotaExceeded,
    UsageQuotaWarning,
)
from isa_user.webhooks.events.credits import (
    CreditsConsumed,
    CreditsExpired,
    CreditsExpiringSoon,
    CreditsGranted,
    CreditsRefunded,
    CreditsReservationExpired,
)
from isa_user.webhooks.events.endpoint import WebhookPing
from isa_user.webhooks.events.names import EventType
from isa_user.webhooks.events.payments import (
    CryptoPaymentConfirmed,
    CryptoPaymentConfirming,
    CryptoPaymentExpired,
    CryptoPaymentLate,
    CryptoPaymentUnderpaid,
    PaymentCanceled,
    PaymentCreated,
    PaymentFailed,
    PaymentProcessing,
    PaymentRequiresAction,
    PaymentSucceeded,
    RefundCreated,
    RefundFailed,
    RefundUpdated,
)
from isa_user.webhooks.events.subscriptions import (
    SubscriptionCanceled,
    SubscriptionCreated,
    SubscriptionPastDue,
    SubscriptionPaused,
    SubscriptionRenewed,
    SubscriptionResumed,
    SubscriptionTrialWillEnd,
    SubscriptionUnpaid,
    SubscriptionUpdated,
)
from isa_user.webhooks.events.unknown import UnknownEvent
from isa_user.webhooks.events.wallets import WalletDeposited, WalletTransferred

__all__ = [
    "CreditsConsumed",
    "CreditsExpired",
    "CreditsExpiringSoon",
    "CreditsGranted",
    "CreditsRefunded",
    "CreditsReservationExpired",
    "CryptoPaymentConfirmed",
    "CryptoPaymentConfirming",
    "CryptoPaymentExpired",
    "CryptoPaymentLate",
    "CryptoPaymentUnderpaid",
    "Event",
    "EventData",
    "EventType",
    "InvoiceCreated",
    "InvoiceDeleted",
    "InvoiceFinalized",
    "InvoiceMarkedUncollectible",
    "InvoiceOverdue",
    "InvoicePaid",
    "InvoicePaymentFailed",
    "InvoiceUpdated",
    "InvoiceVoided",
    "KnownEvent",
    "PaymentCanceled",
    "PaymentCreated",
    "PaymentFailed",
    "PaymentProcessing",
    "PaymentRequiresAction",
    "PaymentSucceeded",
    "RefundCreated",
    "RefundFailed",
    "RefundUpdated",
    "SubscriptionCanceled",
    "SubscriptionCreated",
    "SubscriptionPastDue",
    "SubscriptionPaused",
    "SubscriptionRenewed",
    "SubscriptionResumed",
    "SubscriptionTrialWillEnd",
    "SubscriptionUnpaid",
    "SubscriptionUpdated",
    "TypedEvent",
    "UnknownEvent",
    "UpdateData",
    "UsageQuotaExceeded",
    "UsageQuotaWarning",
    "WalletDeposited",
    "WalletTransferred",
    "WebhookPing",
]

KnownEvent: TypeAlias = (
    PaymentCreated
    | PaymentRequiresAction
    | PaymentProcessing
    | PaymentSucceeded
    | PaymentFailed
    | PaymentCanceled
    | RefundCreated
    | RefundUpdated
    | RefundFailed
    | CryptoPaymentConfirming
    | CryptoPaymentConfirmed
    | CryptoPaymentUnderpaid
    | CryptoPaymentExpired
    | CryptoPaymentLate
    | WalletDeposited
    | WalletTransferred
    | InvoiceCreated
    | InvoiceUpdated
    | InvoiceDeleted
    | InvoiceFinalized
    | InvoicePaid
    | InvoicePaymentFailed
    | InvoiceVoided
    | InvoiceMarkedUncollectible
    | InvoiceOverdue
    | UsageQuotaWarning
    | UsageQuotaExceeded
    | SubscriptionCreated
    | SubscriptionUpdated
    | SubscriptionRenewed
    | SubscriptionPastDue
    | SubscriptionUnpaid
    | SubscriptionPaused
    | SubscriptionResumed
    | SubscriptionTrialWillEnd
    | SubscriptionCanceled
    | CreditsGranted
    | CreditsConsumed
    | CreditsRefunded
    | CreditsExpiringSoon
    | CreditsExpired
    | CreditsReservationExpired
    | WebhookPing
)
"""An event of a type that this version knows."""

Event: TypeAlias = KnownEvent | UnknownEvent
"""What ``Webhook.verify`` gives: match it by class, or compare its ``type``."""
