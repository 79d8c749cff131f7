"""DATA: every write of the SDK, how to come to where it makes sense, and the call itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from isa_user import InvoiceItemParam, SyncIsaUser

Prepare = Callable[[SyncIsaUser], str]


@dataclass(frozen=True)
class Write:
    """One write: `prepare` gives the id that the call is about, where it is about one."""

    service: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    prepare: Prepare | None = None

    def ready(self, isa: SyncIsaUser) -> tuple[str, ...]:
        """Do what has to be there first; gives the call's positional arguments."""
        return () if self.prepare is None else tuple(filter(None, (self.prepare(isa),)))

    def call(self, isa: SyncIsaUser, positional: tuple[str, ...], **options: Any) -> Any:
        """Make the call."""
        return getattr(getattr(isa, self.service), self.name)(*positional, **self.arguments, **options)

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"


CARD = {"payment_method_id": "pm_card_visa"}
MONEY = {"amount": 2999, "currency": "usd"}
ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
LINES: list[InvoiceItemParam] = [{"description": "API Usage - January", "quantity": 100, "unit_price": 10}]


def _intent(isa: SyncIsaUser, **more: Any) -> str:
    return isa.payments.create_intent(amount=2999, currency="usd", **more).payment_intent_id


def _paid(isa: SyncIsaUser) -> str:
    return _intent(isa, payment_method_id="pm_card_visa", confirm=True)


def _to_capture(isa: SyncIsaUser) -> str:
    return _intent(isa, payment_method_id="pm_card_visa", confirm=True, capture_method="manual")


def _crypto(isa: SyncIsaUser) -> str:
    return isa.payments.create_crypto_payment(
        amount=100, currency="usdc", blockchain="ethereum", wallet_address=ADDRESS
    ).crypto_payment_id


def _draft(isa: SyncIsaUser) -> str:
    return isa.billing.create_invoice(customer_id="user_456", items=LINES, auto_finalize=False).invoice_id


def _open(isa: SyncIsaUser) -> str:
    return isa.billing.create_invoice(customer_id="user_456", items=LINES).invoice_id


def _subscribed(isa: SyncIsaUser) -> str:
    isa.subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    return ""


def _paused(isa: SyncIsaUser) -> str:
    _subscribed(isa)
    isa.subscriptions.pause_subscription()
    return ""


def _consumed(isa: SyncIsaUser) -> str:
    return isa.credits.consume(amount=10, reason="api").consumption_id


def _reserved(isa: SyncIsaUser) -> str:
    return isa.credits.reserve(amount=10, reason="api").reservation_id


WRITES = (
    Write("payments", "create_intent", MONEY),
    Write("payments", "confirm_intent", CARD, _intent),
    Write("payments", "update_intent", {"description": "Two months"}, _intent),
    Write("payments", "cancel_intent", {}, _intent),
    Write("payments", "capture_intent", {}, _to_capture),
    Write("payments", "refund", {"amount": 1000}, _paid),
    Write(
        "payments",
        "create_crypto_payment",
        {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": ADDRESS},
    ),
    Write("payments", "cancel_crypto_payment", {}, _crypto),
    Write("wallets", "deposit", {**MONEY, **CARD}),
    Write("wallets", "transfer", {"to_user_id": "user_789", "amount": 1000, "currency": "usd"}),
    Write("billing", "create_invoice", {"customer_id": "user_456", "items": LINES}),
    Write("billing", "update_invoice", {"due_date": "2024-03-15"}, _draft),
    Write("billing", "delete_invoice", {}, _draft),
    Write("billing", "finalize_invoice", {}, _draft),
    Write("billing", "pay_invoice", CARD, _open),
    Write("billing", "void_invoice", {}, _open),
    Write("billing", "mark_uncollectible", {}, _open),
    Write("billing", "record_usage", {"metric": "api_calls", "quantity": 150}),
    Write("billing", "record_usage_batch", {"events": [{"metric": "api_calls", "quantity": 150}]}),
    Write("subscriptions", "create_subscription", {"plan_id": "plan_pro_monthly", **CARD}),
    Write("subscriptions", "change_plan", {"new_plan_id": "plan_enterprise_annual"}, _subscribed),
    Write("subscriptions", "cancel_subscription", {}, _subscribed),
    Write("subscriptions", "pause_subscription", {}, _subscribed),
    Write("subscriptions", "resume_subscription", {}, _paused),
    Write("credits", "purchase", {"package": "credits_1000", **CARD}),
    Write("credits", "consume", {"amount": 10, "reason": "api"}),
    Write("credits", "refund_consumption", {}, _consumed),
    Write("credits", "reserve", {"amount": 10, "reason": "api"}),
    Write("credits", "commit_reservation", {}, _reserved),
    Write("credits", "release_reservation", {}, _reserved),
)
