"""Receiving webhooks: verify a delivery, match its typed event, or mount a receiver (heading "Webhooks").

::

    from isa_user.webhooks import PaymentSucceeded, Webhook

    match Webhook("whsec_...").verify(body, headers):
        case PaymentSucceeded() as event:
            print(event.data.object.amount)

``WebhookReceiver`` is the same as an ASGI app; ``sign`` makes deliveries for your own tests,
and ``new_secret`` a signing secret.
"""

from __future__ import annotations

from isa_user.webhooks._dedupe import Claim, DeliveryStore, MemoryDeliveryStore
from isa_user.webhooks._headers import Headers
from isa_user.webhooks._objects import CreditGrant, WebhookEndpoint
from isa_user.webhooks._receiver import WebhookReceiver
from isa_user.webhooks._secrets import new_secret
from isa_user.webhooks._sign import SignedWebhook, sign
from isa_user.webhooks._verify import TOLERANCE_S, Webhook
from isa_user.webhooks.events import (
    CreditsConsumed,
    CreditsExpired,
    CreditsExpiringSoon,
    CreditsGranted,
    CreditsRefunded,
    CreditsReservationExpired,
    CryptoPaymentConfirmed,
    CryptoPaymentConfirming,
    CryptoPaymentExpired,
    CryptoPaymentLate,
    CryptoPaymentUnderpaid,
    Event,
    EventData,
    EventType,
    InvoiceCreated,
    InvoiceDeleted,
    InvoiceFinalized,
    InvoiceMarkedUncollectible,
    InvoiceOverdue,
    InvoicePaid,
    InvoicePaymentFailed,
    InvoiceUpdated,
    InvoiceVoided,
    KnownEvent,
    PaymentCanceled,
    PaymentCreated,
    PaymentFailed,
    PaymentProcessing,
    PaymentRequiresAction,
    PaymentSucceeded,
    RefundCreated,
    RefundFailed,
    RefundUpdated,
    SubscriptionCanceled,
    SubscriptionCreated,
    SubscriptionPastDue,
    SubscriptionPaused,
    SubscriptionRenewed,
    SubscriptionResumed,
    SubscriptionTrialWillEnd,
    SubscriptionUnpaid,
    SubscriptionUpdated,
    UnknownEvent,
    UpdateData,
    UsageQuotaExceeded,
    UsageQuotaWarning,
    WalletDeposited,
    WalletTransferred,
    WebhookPing,
)

__all__ = [
    "TOLERANCE_S",
    "Claim",
    "CreditGrant",
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
    "DeliveryStore",
    "Event",
    "EventData",
    "EventType",
    "Headers",
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
    "MemoryDeliveryStore",
    "PaymentCanceled",
    "PaymentCreated",
    "PaymentFailed",
    "PaymentProcessing",
    "PaymentRequiresAction",
    "PaymentSucceeded",
    "RefundCreated",
    "RefundFailed",
    "RefundUpdated",
    "SignedWebhook",
    "SubscriptionCanceled",
    "SubscriptionCreated",
    "SubscriptionPastDue",
    "SubscriptionPaused",
    "SubscriptionRenewed",
    "SubscriptionResumed",
    "SubscriptionTrialWillEnd",
    "SubscriptionUnpaid",
    "SubscriptionUpdated",
    "UnknownEvent",
    "UpdateData",
    "UsageQuotaExceeded",
    "UsageQuotaWarning",
    "WalletDeposited",
    "WalletTransferred",
    "Webhook",
    "WebhookEndpoint",
    "WebhookPing",
    "WebhookReceiver",
    "new_secret",
    "sign",
]
