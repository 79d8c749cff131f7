"""Typed client SDK for the isA payment services.

Everything below is loaded on first use, so that ``import isa_user`` costs next to nothing.

Example::

    from isa_user import PaymentClient, WalletClient

    payment = PaymentClient("http://localhost:8207")
    intent = await payment.create_intent(token=access_token, amount=2999, currency="usd")
"""

from __future__ import annotations

# Importing typing would double the cost of this import; type checkers take the name for typing's own.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from isa_user._async.billing import BillingClient as BillingClient
    from isa_user._async.credit import CreditClient as CreditClient
    from isa_user._async.facade import IsaUser as IsaUser
    from isa_user._async.payment import PaymentClient as PaymentClient
    from isa_user._async.subscription import SubscriptionClient as SubscriptionClient
    from isa_user._async.wallet import WalletClient as WalletClient
    from isa_user._filters import CreditTransactionTypeFilter as CreditTransactionTypeFilter
    from isa_user._filters import InvoiceStatusFilter as InvoiceStatusFilter
    from isa_user._filters import PaymentStatusFilter as PaymentStatusFilter
    from isa_user._filters import PaymentTypeFilter as PaymentTypeFilter
    from isa_user._filters import WalletTransactionStatusFilter as WalletTransactionStatusFilter
    from isa_user._filters import WalletTransactionTypeFilter as WalletTransactionTypeFilter
    from isa_user._meta import ResponseInfo as ResponseInfo
    from isa_user._options import CallOptions as CallOptions
    from isa_user._options import InvoiceItemParam as InvoiceItemParam
    from isa_user._options import SyncCallOptions as SyncCallOptions
    from isa_user._options import SyncTokenSource as SyncTokenSource
    from isa_user._options import SyncWriteOptions as SyncWriteOptions
    from isa_user._options import TokenSource as TokenSource
    from isa_user._options import UsageEventParam as UsageEventParam
    from isa_user._options import WriteOptions as WriteOptions
    from isa_user._paging import AsyncPage as AsyncPage
    from isa_user._paging import AsyncPager as AsyncPager
    from isa_user._paging import Page as Page
    from isa_user._plain_http import InsecureTransportWarning as InsecureTransportWarning
    from isa_user._sync.billing import SyncBillingClient as SyncBillingClient
    from isa_user._sync.credit import SyncCreditClient as SyncCreditClient
    from isa_user._sync.facade import SyncIsaUser as SyncIsaUser
    from isa_user._sync.payment import SyncPaymentClient as SyncPaymentClient
    from isa_user._sync.subscription import SyncSubscriptionClient as SyncSubscriptionClient
    from isa_user._sync.wallet import SyncWalletClient as SyncWalletClient
    from isa_user.errors import APIConnectionError as APIConnectionError
    from isa_user.errors import APIStatusError as APIStatusError
    from isa_user.errors import APITimeoutError as APITimeoutError
    from isa_user.errors import AuthenticationError as AuthenticationError
    from isa_user.errors import BadRequestError as BadRequestError
    from isa_user.errors import CardDeclinedError as CardDeclinedError
    from isa_user.errors import ClientClosedError as ClientClosedError
    from isa_user.errors import ConfigurationError as ConfigurationError
    from isa_user.errors import ConflictError as ConflictError
    from isa_user.errors import FieldError as FieldError
    from isa_user.errors import IdempotencyInProgressError as IdempotencyInProgressError
    from isa_user.errors import IdempotencyKeyReusedError as IdempotencyKeyReusedError
    from isa_user.errors import InsufficientCreditsError as InsufficientCreditsError
    from isa_user.errors import InsufficientFundsError as InsufficientFundsError
    from isa_user.errors import InvalidArgumentError as InvalidArgumentError
    from isa_user.errors import InvalidRequestError as InvalidRequestError
    from isa_user.errors import IsaError as IsaError
    from isa_user.errors import MissingTokenError as MissingTokenError
    from isa_user.errors import NotFoundError as NotFoundError
    from isa_user.errors import OutcomeUnknownError as OutcomeUnknownError
    from isa_user.errors import PaymentRequiredError as PaymentRequiredError
    from isa_user.errors import PermissionDeniedError as PermissionDeniedError
    from isa_user.errors import RateLimitError as RateLimitError
    from isa_user.errors import ResponseValidationError as ResponseValidationError
    from isa_user.errors import ServerError as ServerError
    from isa_user.errors import WebhookVerificationError as WebhookVerificationError
    from isa_user.models import ChangePreview as ChangePreview
    from isa_user.models import CreditAllocation as CreditAllocation
    from isa_user.models import CreditBalance as CreditBalance
    from isa_user.models import CreditConsumption as CreditConsumption
    from isa_user.models import CreditLevels as CreditLevels
    from isa_user.models import CreditPackage as CreditPackage
    from isa_user.models import CreditPurchase as CreditPurchase
    from isa_user.models import CreditReservation as CreditReservation
    from isa_user.models import CreditTotals as CreditTotals
    from isa_user.models import CreditTransaction as CreditTransaction
    from isa_user.models import CryptoPayment as CryptoPayment
    from isa_user.models import Deposit as Deposit
    from isa_user.models import ExpiringCredits as ExpiringCredits
    from isa_user.models import Invoice as Invoice
    from isa_user.models import InvoiceItem as InvoiceItem
    from isa_user.models import LatestPaymentIntent as LatestPaymentIntent
    from isa_user.models import Model as Model
    from isa_user.models import NextAction as NextAction
    from isa_user.models import Payment as Payment
    from isa_user.models import PaymentError as PaymentError
    from isa_user.models import PaymentIntent as PaymentIntent
    from isa_user.models import PendingChange as PendingChange
    from isa_user.models import Plan as Plan
    from isa_user.models import PlanQuota as PlanQuota
    from isa_user.models import Quota as Quota
    from isa_user.models import Reference as Reference
    from isa_user.models import Refund as Refund
    from isa_user.models import Subscription as Subscription
    from isa_user.models import Transfer as Transfer
    from isa_user.models import UsageBatch as UsageBatch
    from isa_user.models import UsageQuota as UsageQuota
    from isa_user.models import UsageRecord as UsageRecord
    from isa_user.models import UsageRejection as UsageRejection
    from isa_user.models import UsageSummary as UsageSummary
    from isa_user.models import UsageWindow as UsageWindow
    from isa_user.models import Wallet as Wallet
    from isa_user.models import WalletTransaction as WalletTransaction
    from isa_user.webhooks import CreditsConsumed as CreditsConsumed
    from isa_user.webhooks import CreditsExpired as CreditsExpired
    from isa_user.webhooks import CreditsExpiringSoon as CreditsExpiringSoon
    from isa_user.webhooks import CreditsGranted as CreditsGranted
    from isa_user.webhooks import CreditsRefunded as CreditsRefunded
    from isa_user.webhooks import CreditsReservationExpired as CreditsReservationExpired
    from isa_user.webhooks import CryptoPaymentConfirmed as CryptoPaymentConfirmed
    from isa_user.webhooks import CryptoPaymentConfirming as CryptoPaymentConfirming
    from isa_user.webhooks import CryptoPaymentExpired as CryptoPaymentExpired
    from isa_user.webhooks import CryptoPaymentLate as CryptoPaymentLate
    from isa_user.webhooks import CryptoPaymentUnderpaid as CryptoPaymentUnderpaid
    from isa_user.webhooks import Event as Event
    from isa_user.webhooks import InvoiceCreated as InvoiceCreated
    from isa_user.webhooks import InvoiceDeleted as InvoiceDeleted
    from isa_user.webhooks import InvoiceFinalized as InvoiceFinalized
    from isa_user.webhooks import InvoiceMarkedUncollectible as InvoiceMarkedUncollectible
    from isa_user.webhooks import InvoiceOverdue as InvoiceOverdue
    from isa_user.webhooks import InvoicePaid as InvoicePaid
    from isa_user.webhooks import InvoicePaymentFailed as InvoicePaymentFailed
    from isa_user.webhooks import InvoiceUpdated as InvoiceUpdated
    from isa_user.webhooks import InvoiceVoided as InvoiceVoided
    from isa_user.webhooks import PaymentCanceled as PaymentCanceled
    from isa_user.webhooks import PaymentCreated as PaymentCreated
    from isa_user.webhooks import PaymentFailed as PaymentFailed
    from isa_user.webhooks import PaymentProcessing as PaymentProcessing
    from isa_user.webhooks import PaymentRequiresAction as PaymentRequiresAction
    from isa_user.webhooks import PaymentSucceeded as PaymentSucceeded
    from isa_user.webhooks import RefundCreated as RefundCreated
    from isa_user.webhooks import RefundFailed as RefundFailed
    from isa_user.webhooks import RefundUpdated as RefundUpdated
    from isa_user.webhooks import SubscriptionCanceled as SubscriptionCanceled
    from isa_user.webhooks import SubscriptionCreated as SubscriptionCreated
    from isa_user.webhooks import SubscriptionPastDue as SubscriptionPastDue
    from isa_user.webhooks import SubscriptionPaused as SubscriptionPaused
    from isa_user.webhooks import SubscriptionRenewed as SubscriptionRenewed
    from isa_user.webhooks import SubscriptionResumed as SubscriptionResumed
    from isa_user.webhooks import SubscriptionTrialWillEnd as SubscriptionTrialWillEnd
    from isa_user.webhooks import SubscriptionUnpaid as SubscriptionUnpaid
    from isa_user.webhooks import SubscriptionUpdated as SubscriptionUpdated
    from isa_user.webhooks import UnknownEvent as UnknownEvent
    from isa_user.webhooks import UsageQuotaExceeded as UsageQuotaExceeded
    from isa_user.webhooks import UsageQuotaWarning as UsageQuotaWarning
    from isa_user.webhooks import WalletDeposited as WalletDeposited
    from isa_user.webhooks import WalletTransferred as WalletTransferred
    from isa_user.webhooks import Webhook as Webhook
    from isa_user.webhooks import WebhookPing as WebhookPing
    from isa_user.webhooks import WebhookReceiver as WebhookReceiver
else:
    _HOMES = {
        "_async.billing": "BillingClient",
        "_async.credit": "CreditClient",
        "_async.facade": "IsaUser",
        "_async.payment": "PaymentClient",
        "_async.subscription": "SubscriptionClient",
        "_async.wallet": "WalletClient",
        "_filters": "CreditTransactionTypeFilter InvoiceStatusFilter PaymentStatusFilter PaymentTypeFilter "
        "WalletTransactionStatusFilter WalletTransactionTypeFilter",
        "_meta": "ResponseInfo",
        "_options": "CallOptions InvoiceItemParam SyncCallOptions SyncTokenSource SyncWriteOptions "
        "TokenSource UsageEventParam WriteOptions",
        "_paging": "AsyncPage AsyncPager Page",
        "_plain_http": "InsecureTransportWarning",
        "_sync.billing": "SyncBillingClient",
        "_sync.credit": "SyncCreditClient",
        "_sync.facade": "SyncIsaUser",
        "_sync.payment": "SyncPaymentClient",
        "_sync.subscription": "SyncSubscriptionClient",
        "_sync.wallet": "SyncWalletClient",
        "errors": "APIConnectionError APIStatusError APITimeoutError AuthenticationError BadRequestError "
        "CardDeclinedError ClientClosedError ConfigurationError ConflictError FieldError "
        "IdempotencyInProgressError "
        "IdempotencyKeyReusedError InsufficientCreditsError InsufficientFundsError "
        "InvalidArgumentError InvalidRequestError IsaError MissingTokenError NotFoundError "
        "OutcomeUnknownError PaymentRequiredError PermissionDeniedError RateLimitError "
        "ResponseValidationError ServerError WebhookVerificationError",
        "models": "ChangePreview CreditAllocation CreditBalance CreditConsumption CreditLevels CreditPackage "
        "CreditPurchase CreditReservation CreditTotals CreditTransaction CryptoPayment Deposit "
        "ExpiringCredits Invoice InvoiceItem LatestPaymentIntent Model NextAction Payment "
        "PaymentError PaymentIntent PendingChange Plan PlanQuota Quota Reference Refund "
        "Subscription Transfer UsageBatch UsageQuota UsageRecord UsageRejection UsageSummary "
        "UsageWindow Wallet WalletTransaction",
        "webhooks": "CreditsConsumed CreditsExpired CreditsExpiringSoon CreditsGranted CreditsRefunded "
        "CreditsReservationExpired CryptoPaymentConfirmed CryptoPaymentConfirming "
        "CryptoPaymentExpired CryptoPaymentLate CryptoPaymentUnderpaid Event InvoiceCreated "
        "InvoiceDeleted InvoiceFinalized InvoiceMarkedUncollectible InvoiceOverdue InvoicePaid "
        "InvoicePaymentFailed InvoiceUpdated InvoiceVoided PaymentCanceled PaymentCreated "
        "PaymentFailed PaymentProcessing PaymentRequiresAction PaymentSucceeded RefundCreated "
        "RefundFailed RefundUpdated SubscriptionCanceled SubscriptionCreated SubscriptionPastDue "
        "SubscriptionPaused SubscriptionRenewed SubscriptionResumed SubscriptionTrialWillEnd "
        "SubscriptionUnpaid SubscriptionUpdated UnknownEvent UsageQuotaExceeded UsageQuotaWarning "
        "WalletDeposited WalletTransferred Webhook WebhookPing WebhookReceiver",
    }
    _HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

    def __getattr__(name: str) -> Any:
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_HOME_OF})


__version__ = "0.1.0"

# fmt: off
__all__ = [
    "APIConnectionError", "APIStatusError", "APITimeoutError", "AsyncPage", "AsyncPager",
    "AuthenticationError", "BadRequestError", "BillingClient", "CallOptions", "CardDeclinedError",
    "ChangePreview", "ClientClosedError", "ConfigurationError", "ConflictError", "CreditAllocation",
    "CreditBalance", "CreditClient", "CreditConsumption", "CreditLevels", "CreditPackage", "CreditPurchase",
    "CreditReservation", "CreditTotals", "CreditTransaction", "CreditTransactionTypeFilter",
    "CreditsConsumed", "CreditsExpired", "CreditsExpiringSoon", "CreditsGranted", "CreditsRefunded",
    "CreditsReservationExpired", "CryptoPayment", "CryptoPaymentConfirmed", "CryptoPaymentConfirming",
    "CryptoPaymentExpired", "CryptoPaymentLate", "CryptoPaymentUnderpaid", "Deposit", "Event",
    "ExpiringCredits", "FieldError", "IdempotencyInProgressError", "IdempotencyKeyReusedError",
    "InsecureTransportWarning", "InsufficientCreditsError", "InsufficientFundsError",
    "InvalidArgumentError", "InvalidRequestError", "Invoice", "InvoiceCreated", "InvoiceDeleted",
    "InvoiceFinalized", "InvoiceItem", "InvoiceItemParam", "InvoiceMarkedUncollectible", "InvoiceOverdue",
    "InvoicePaid", "InvoicePaymentFailed", "InvoiceStatusFilter", "InvoiceUpdated", "InvoiceVoided",
    "IsaError", "IsaUser", "LatestPaymentIntent", "MissingTokenError", "Model", "NextAction",
    "NotFoundError", "OutcomeUnknownError", "Page", "Payment", "PaymentCanceled", "PaymentClient",
    "PaymentCreated", "PaymentError", "PaymentFailed", "PaymentIntent", "PaymentProcessing",
    "PaymentRequiredError", "PaymentRequiresAction", "PaymentStatusFilter", "PaymentSucceeded",
    "PaymentTypeFilter", "PendingChange", "PermissionDeniedError", "Plan", "PlanQuota", "Quota",
    "RateLimitError", "Reference", "Refund", "RefundCreated", "RefundFailed", "RefundUpdated",
    "ResponseInfo", "ResponseValidationError", "ServerError", "Subscription", "SubscriptionCanceled",
    "SubscriptionClient", "SubscriptionCreated", "SubscriptionPastDue", "SubscriptionPaused",
    "SubscriptionRenewed", "SubscriptionResumed", "SubscriptionTrialWillEnd", "SubscriptionUnpaid",
    "SubscriptionUpdated", "SyncBillingClient", "SyncCallOptions", "SyncCreditClient", "SyncIsaUser",
    "SyncPaymentClient", "SyncSubscriptionClient", "SyncTokenSource", "SyncWalletClient",
    "SyncWriteOptions", "TokenSource", "Transfer", "UnknownEvent", "UsageBatch", "UsageEventParam",
    "UsageQuota", "UsageQuotaExceeded", "UsageQuotaWarning", "UsageRecord", "UsageRejection",
    "UsageSummary", "UsageWindow", "Wallet", "WalletClient", "WalletDeposited", "WalletTransaction",
    "WalletTransactionStatusFilter", "WalletTransactionTypeFilter", "WalletTransferred", "Webhook",
    "WebhookPing", "WebhookReceiver", "WebhookVerificationError", "WriteOptions", "__version__",
]
# fmt: on
