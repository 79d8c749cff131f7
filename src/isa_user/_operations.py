"""DATA: one row an endpoint. Client methods name a row; everything else about the endpoint is here.

A row of the page carries the page's heading; an extension carries the rule that describes it. To add
an endpoint: a row here, a method in ``_async/``, and ``scripts/sync_twin.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from isa_user._config import Service

if TYPE_CHECKING:
    from isa_user.models.billing import Invoice, UsageRecord
    from isa_user.models.credit import CreditBalance, CreditConsumption, CreditPurchase
    from isa_user.models.payment import CryptoPayment, Payment, PaymentIntent, Refund
    from isa_user.models.subscription import Subscription
    from isa_user.models.wallet import Deposit, Transfer, Wallet, WalletTransaction

__all__ = ["OPERATIONS", "Operation", "Safety"]

T_co = TypeVar("T_co", covariant=True)

Safety = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Operation(Generic[T_co]):
    """One endpoint.

    ``result`` names the model as ``module.Class`` below ``isa_user.models`` (None: no body), loaded on
    first use. ``many`` marks a list. ``safety`` decides what may be retried. ``required`` are the body
    fields that must be there. ``documented`` is False for extensions; ``source`` is the page's heading
    or the rule.
    """

    name: str
    service: Service
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    result: str | None
    safety: Safety
    source: str
    required: tuple[str, ...] = ()
    many: bool = False
    documented: bool = True

    def model(self) -> type[T_co]:
        """The model class of the result."""
        module, _, name = str(self.result).partition(".")
        return cast("type[T_co]", getattr(import_module(f"isa_user.models.{module}"), name))


def _get(name: str, service: Service, path: str, result: str, source: str, **more: Any) -> Operation[Any]:
    return Operation(name, service, "GET", f"/api/v1{path}", result, "read", source, **more)


def _post(
    name: str, service: Service, path: str, result: str, source: str, required: str = "", **more: Any
) -> Operation[Any]:
    fields = tuple(required.split())
    return Operation(name, service, "POST", f"/api/v1{path}", result, "write", source, fields, **more)


CREATE_INTENT: Operation[PaymentIntent] = _post(
    "create_intent",
    "payment",
    "/payments/intent",
    "payment.PaymentIntent",
    "Create Payment Intent",
    "amount currency",
)
CONFIRM_INTENT: Operation[PaymentIntent] = _post(
    "confirm_intent",
    "payment",
    "/payments/intent/{payment_intent_id}/confirm",
    "payment.PaymentIntent",
    "Confirm Payment",
)
GET_HISTORY: Operation[Payment] = _get(
    "get_history", "payment", "/payments/history", "payment.Payment", "Get Payment History", many=True
)
REFUND: Operation[Refund] = _post(
    "refund", "payment", "/payments/{payment_intent_id}/refund", "payment.Refund", "Process Refund"
)
CREATE_CRYPTO_PAYMENT: Operation[CryptoPayment] = _post(
    "create_crypto_payment",
    "payment",
    "/payments/crypto",
    "payment.CryptoPayment",
    "Cryptocurrency Support",
    "amount currency blockchain wallet_address",
)

GET_WALLET: Operation[Wallet] = _get(
    "get_balance", "wallet", "/wallets/me", "wallet.Wallet", "Get Wallet Balance"
)
DEPOSIT: Operation[Deposit] = _post(
    "deposit",
    "wallet",
    "/wallets/me/deposit",
    "wallet.Deposit",
    "Add Funds",
    "amount currency payment_method_id",
)
TRANSFER: Operation[Transfer] = _post(
    "transfer",
    "wallet",
    "/wallets/transfer",
    "wallet.Transfer",
    "Transfer Between Users",
    "to_user_id amount currency",
)
GET_WALLET_TRANSACTIONS: Operation[WalletTransaction] = _get(
    "get_transactions",
    "wallet",
    "/wallets/me/transactions",
    "wallet.WalletTransaction",
    "Transaction History",
    many=True,
)

CREATE_INVOICE: Operation[Invoice] = _post(
    "create_invoice",
    "billing",
    "/billing/invoices",
    "billing.Invoice",
    "Create Invoice",
    "customer_id items",
)
GET_INVOICES: Operation[Invoice] = _get(
    "get_invoices", "billing", "/billing/invoices", "billing.Invoice", "Get Invoices", many=True
)
RECORD_USAGE: Operation[UsageRecord] = _post(
    "record_usage",
    "billing",
    "/billing/usage",
    "billing.UsageRecord",
    "Usage-Based Billing",
    "metric quantity",
)

CREATE_SUBSCRIPTION: Operation[Subscription] = _post(
    "create_subscription",
    "subscription",
    "/subscriptions",
    "subscription.Subscription",
    "Create Subscription",
    "plan_id",
)
GET_SUBSCRIPTION: Operation[Subscription] = _get(
    "get_subscription",
    "subscription",
    "/subscriptions/me",
    "subscription.Subscription",
    "Get Subscription",
)
CHANGE_PLAN: Operation[Subscription] = _post(
    "change_plan",
    "subscription",
    "/subscriptions/me/change",
    "subscription.Subscription",
    "Change Plan",
    "new_plan_id",
)
CANCEL_SUBSCRIPTION: Operation[Subscription] = _post(
    "cancel_subscription",
    "subscription",
    "/subscriptions/me/cancel",
    "subscription.Subscription",
    "Cancel Subscription",
)

GET_CREDITS: Operation[CreditBalance] = _get(
    "get_balance", "credit", "/credits/me", "credit.CreditBalance", "Get Credits"
)
PURCHASE_CREDITS: Operation[CreditPurchase] = _post(
    "purchase",
    "credit",
    "/credits/purchase",
    "credit.CreditPurchase",
    "Purchase Credits",
    "package payment_method_id",
)
CONSUME_CREDITS: Operation[CreditConsumption] = _post(
    "consume",
    "credit",
    "/credits/consume",
    "credit.CreditConsumption",
    "Use Credits",
    "amount reason",
)

OPERATIONS: tuple[Operation[Any], ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Operation)
)
"""Every row, in the order above."""
