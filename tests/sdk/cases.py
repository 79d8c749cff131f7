"""DATA: one call of each method of the page, with the request it makes and the answer it gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isa_user import models
from tests.sdk import samples
from tests.sdk.fakes import CREDITS, INTENT, SUBSCRIPTION, WALLET


@dataclass
class Case:
    """One call: its arguments, the request it makes, the model of its answer.

    ``verb`` is POST where there is a body and GET otherwise, unless given.
    """

    client: str
    method: str
    arguments: dict[str, Any]
    url: str
    body: dict[str, Any] | None
    reply: dict[str, Any] | None
    model: type[Any]
    positional: tuple[str, ...] = ()
    many: bool = False
    verb: str = ""
    reads: bool = False

    def __post_init__(self) -> None:
        self.verb = self.verb or ("GET" if self.body is None else "POST")
        self.reads = self.reads or self.verb == "GET"

    def __str__(self) -> str:
        return f"{self.client}.{self.method}"


CARD = {"payment_method_id": "pm_card_visa"}
MONEY = {"amount": 2999, "currency": "usd"}
CRYPTO = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": "0xabc"}
TRANSFER = {"to_user_id": "user_789", "amount": 1000, "currency": "usd", "note": "Payment for services"}
LINE = {"description": "API Usage - January", "quantity": 10000, "unit_price": 1}
INVOICE = {"customer_id": "user_456", "items": [LINE], "due_date": "2024-02-15"}
USAGE = {"metric": "api_calls", "quantity": 150, "timestamp": "2024-01-28T10:00:00Z"}
CONSUME = {"amount": 10, "reason": "api_premium_feature", "metadata": {"feature": "image_generation"}}

P, W, B = (
    "http://localhost:8207/api/v1/payments",
    "http://localhost:8208/api/v1/wallets",
    "http://localhost:8216/api/v1/billing",
)
S, C = "http://localhost:8228/api/v1/subscriptions", "http://localhost:8229/api/v1/credits"

CASES: list[Case] = [
    Case("PaymentClient", "create_intent", MONEY, f"{P}/intent", MONEY, INTENT, models.PaymentIntent),
    Case(
        "PaymentClient",
        "confirm_intent",
        CARD,
        f"{P}/intent/pi_abc123/confirm",
        CARD,
        INTENT,
        models.PaymentIntent,
        ("pi_abc123",),
    ),
    Case(
        "PaymentClient",
        "get_history",
        {"limit": 2},
        f"{P}/history?limit=2",
        None,
        samples.PAYMENT,
        models.Payment,
        many=True,
    ),
    Case(
        "PaymentClient",
        "refund",
        {"amount": 2999, "reason": "customer_request"},
        f"{P}/pi_abc123/refund",
        {"amount": 2999, "reason": "customer_request"},
        samples.REFUND,
        models.Refund,
        ("pi_abc123",),
    ),
    Case(
        "PaymentClient",
        "create_crypto_payment",
        CRYPTO,
        f"{P}/crypto",
        CRYPTO,
        samples.CRYPTO_PAYMENT,
        models.CryptoPayment,
    ),
    Case(
        "PaymentClient",
        "create_subscription",
        {"plan_id": "plan_pro_monthly"},
        S,
        {"plan_id": "plan_pro_monthly"},
        SUBSCRIPTION,
        models.Subscription,
    ),
    Case("WalletClient", "get_balance", {}, f"{W}/me", None, WALLET, models.Wallet),
    Case(
        "WalletClient",
        "deposit",
        {**MONEY, **CARD},
        f"{W}/me/deposit",
        {**MONEY, **CARD},
        samples.DEPOSIT,
        models.Deposit,
    ),
    Case(
        "WalletClient",
        "transfer",
        TRANSFER,
        f"{W}/transfer",
        TRANSFER,
        samples.TRANSFER,
        models.Transfer,
    ),
    Case(
        "WalletClient",
        "get_transactions",
        {"type": "deposit"},
        f"{W}/me/transactions?type=deposit",
        None,
        samples.WALLET_TRANSACTION,
        models.WalletTransaction,
        many=True,
    ),
    Case(
        "BillingClient",
        "create_invoice",
        INVOICE,
        f"{B}/invoices",
        INVOICE,
        samples.INVOICE,
        models.Invoice,
    ),
    Case(
        "BillingClient",
        "get_invoices",
        {"status": "open"},
        f"{B}/invoices?status=open",
        None,
        samples.INVOICE,
        models.Invoice,
        many=True,
    ),
    Case(
        "BillingClient",
        "record_usage",
        USAGE,
        f"{B}/usage",
        USAGE,
        samples.USAGE_RECORD,
        models.UsageRecord,
    ),
    Case(
        "SubscriptionClient",
        "create_subscription",
        {"plan_id": "plan_pro_monthly", **CARD, "trial_days": 7},
        S,
        {"plan_id": "plan_pro_monthly", **CARD, "trial_days": 7},
        SUBSCRIPTION,
        models.Subscription,
    ),
    Case("SubscriptionClient", "get_subscription", {}, f"{S}/me", None, SUBSCRIPTION, models.Subscription),
    Case(
        "SubscriptionClient",
        "change_plan",
        {"new_plan_id": "plan_enterprise_annual"},
        f"{S}/me/change",
        {"new_plan_id": "plan_enterprise_annual", "prorate": True},
        SUBSCRIPTION,
        models.Subscription,
    ),
    Case(
        "SubscriptionClient",
        "cancel_subscription",
        {"reason": "switching_to_competitor"},
        f"{S}/me/cancel",
        {"at_period_end": True, "reason": "switching_to_competitor"},
        SUBSCRIPTION,
        models.Subscription,
    ),
    Case("CreditClient", "get_balance", {}, f"{C}/me", None, CREDITS, models.CreditBalance),
    Case(
        "CreditClient",
        "purchase",
        {"package": "credits_1000", **CARD},
        f"{C}/purchase",
        {"package": "credits_1000", **CARD},
        samples.PURCHASE,
        models.CreditPurchase,
    ),
    Case(
        "CreditClient",
        "consume",
        CONSUME,
        f"{C}/consume",
        CONSUME,
        samples.CONSUMPTION,
        models.CreditConsumption,
    ),
]
