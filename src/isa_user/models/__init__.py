"""What the services answer: one module a service, each loaded on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from isa_user.models.billing import Invoice as Invoice
    from isa_user.models.billing import InvoiceItem as InvoiceItem
    from isa_user.models.billing import Quota as Quota
    from isa_user.models.billing import UsageBatch as UsageBatch
    from isa_user.models.billing import UsageQuota as UsageQuota
    from isa_user.models.billing import UsageRecord as UsageRecord
    from isa_user.models.billing import UsageRejection as UsageRejection
    from isa_user.models.billing import UsageSummary as UsageSummary
    from isa_user.models.billing import UsageWindow as UsageWindow
    from isa_user.models.common import LatestPaymentIntent as LatestPaymentIntent
    from isa_user.models.common import Model as Model
    from isa_user.models.common import PaymentError as PaymentError
    from isa_user.models.common import Reference as Reference
    from isa_user.models.credit import CreditAllocation as CreditAllocation
    from isa_user.models.credit import CreditBalance as CreditBalance
    from isa_user.models.credit import CreditConsumption as CreditConsumption
    from isa_user.models.credit import CreditLevels as CreditLevels
    from isa_user.models.credit import CreditPackage as CreditPackage
    from isa_user.models.credit import CreditPurchase as CreditPurchase
    from isa_user.models.credit import CreditReservation as CreditReservation
    from isa_user.models.credit import CreditTotals as CreditTotals
    from isa_user.models.credit import CreditTransaction as CreditTransaction
    from isa_user.models.credit import ExpiringCredits as ExpiringCredits
    from isa_user.models.payment import CryptoPayment as CryptoPayment
    from isa_user.models.payment import NextAction as NextAction
    from isa_user.models.payment import Payment as Payment
    from isa_user.models.payment import PaymentIntent as PaymentIntent
    from isa_user.models.payment import Refund as Refund
    from isa_user.models.subscription import ChangePreview as ChangePreview
    from isa_user.models.subscription import PendingChange as PendingChange
    from isa_user.models.subscription import Plan as Plan
    from isa_user.models.subscription import PlanQuota as PlanQuota
    from isa_user.models.subscription import Subscription as Subscription
    from isa_user.models.wallet import Deposit as Deposit
    from isa_user.models.wallet import Transfer as Transfer
    from isa_user.models.wallet import Wallet as Wallet
    from isa_user.models.wallet import WalletTransaction as WalletTransaction
else:
    _HOMES = {
        "billing": "Invoice InvoiceItem Quota UsageBatch UsageQuota UsageRecord UsageRejection "
        "UsageSummary UsageWindow",
        "common": "LatestPaymentIntent Model PaymentError Reference",
        "credit": "CreditAllocation CreditBalance CreditConsumption CreditLevels CreditPackage "
        "CreditPurchase CreditReservation CreditTotals CreditTransaction ExpiringCredits",
        "payment": "CryptoPayment NextAction Payment PaymentIntent Refund",
        "subscription": "ChangePreview PendingChange Plan PlanQuota Subscription",
        "wallet": "Deposit Transfer Wallet WalletTransaction",
    }
    _HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

    def __getattr__(name: str) -> Any:
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_HOME_OF})


__all__ = [
    "ChangePreview",
    "CreditAllocation",
    "CreditBalance",
    "CreditConsumption",
    "CreditLevels",
    "CreditPackage",
    "CreditPurchase",
    "CreditReservation",
    "CreditTotals",
    "CreditTransaction",
    "CryptoPayment",
    "Deposit",
    "ExpiringCredits",
    "Invoice",
    "InvoiceItem",
    "LatestPaymentIntent",
    "Model",
    "NextAction",
    "Payment",
    "PaymentError",
    "PaymentIntent",
    "PendingChange",
    "Plan",
    "PlanQuota",
    "Quota",
    "Reference",
    "Refund",
    "Subscription",
    "Transfer",
    "UsageBatch",
    "UsageQuota",
    "UsageRecord",
    "UsageRejection",
    "UsageSummary",
    "UsageWindow",
    "Wallet",
    "WalletTransaction",
]
