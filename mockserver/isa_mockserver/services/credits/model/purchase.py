"""The price table and purchases (heading "Credit Packages", rules CR-1, CR-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec

from .account import Balance


class Package(NamedTuple):
    """Credits at a price in minor units."""

    id: str
    name: str
    credits: int
    price: int
    currency: str = "usd"

    @property
    def cost_basis(self) -> int:
        """What one credit costs, in minor units."""
        return self.price // self.credits


PACKAGES: Mapping[str, Package] = {
    package.id: package
    for package in (
        Package("credits_100", "Starter", 100, 1000),
        Package("credits_500", "Standard", 500, 4500),
        Package("credits_1000", "Pro", 1000, 8000),
        Package("credits_5000", "Enterprise", 5000, 35000),
    )
}

PurchaseStatus = Literal["requires_action", "pending", "completed", "failed"]

PURCHASE_NEXT: Mapping[tuple[PurchaseStatus, Literal["pay", "fail"]], PurchaseStatus] = {
    ("requires_action", "pay"): "completed",
    ("requires_action", "fail"): "failed",
    ("pending", "pay"): "completed",
    ("pending", "fail"): "failed",
    ("failed", "pay"): "completed",
    ("failed", "fail"): "failed",
}
"""What payment news makes of a purchase; a failed one is completed when its intent is paid after all."""


class Purchase(NamedTuple):
    """A package bought. `money_refunded` is in minor units, `revoked` in credits (rules CR-14);
    `balance` is the one that the last change of the purchase left."""

    id: str
    owner: str
    created_at: datetime
    package: str
    credits: int
    amount: int
    currency: str
    status: PurchaseStatus
    payment_intent_id: str
    balance: Balance
    grant_id: str | None = None
    expires_at: datetime | None = None
    money_refunded: int = 0
    revoked: int = 0


PURCHASES = TableSpec("credit_purchases", Purchase)
