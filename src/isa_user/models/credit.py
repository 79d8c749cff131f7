"""What the credit service (8229) answers (rules section 10). Credits are whole numbers, not money."""

from __future__ import annotations

from typing import Literal

from isa_user.models.common import Count, Metadata, MinorUnits, Model, Reference, SecretText, UtcDatetime

__all__ = [
    "CreditAllocation",
    "CreditBalance",
    "CreditConsumption",
    "CreditLevels",
    "CreditPackage",
    "CreditPurchase",
    "CreditReservation",
    "CreditTotals",
    "CreditTransaction",
    "ExpiringCredits",
]

CreditTransactionType = (
    Literal["purchase", "grant", "consume", "reserve", "release", "commit", "expire", "refund", "revoke"]
    | str
)


class ExpiringCredits(Model):
    """The credits that expire next, and when (rules CR-7)."""

    amount: MinorUnits
    expires_at: UtcDatetime


class CreditBalance(Model):
    """The caller's credits: ``total = available + reserved`` (rules CR-6)."""

    total_credits: MinorUnits
    available_credits: MinorUnits
    reserved_credits: MinorUnits
    expiring_soon: ExpiringCredits | None = None


class CreditLevels(Model):
    """The balance that a movement left."""

    available: MinorUnits
    reserved: MinorUnits


class CreditTotals(CreditLevels):
    """The balance after an operation: ``total = available + reserved``."""

    total: MinorUnits


class CreditPackage(Model):
    """A package of the price table; ``price`` in minor units of ``currency``."""

    package: str
    name: str
    credits: Count
    price: MinorUnits
    currency: str


class CreditPurchase(Model):
    """Credits bought (rules CR-2). ``grant_id`` is None until the money is there."""

    purchase_id: str
    package: str
    credits: Count
    amount: MinorUnits
    currency: str
    status: Literal["completed", "requires_action", "pending", "processing"] | str
    payment_intent_id: str
    client_secret: SecretText | None = None
    grant_id: str | None = None
    expires_at: UtcDatetime | None = None
    balance: CreditTotals
    created_at: UtcDatetime


class CreditAllocation(Model):
    """How much of an operation one grant carries."""

    grant_id: str
    amount: MinorUnits


class CreditConsumption(Model):
    """Credits used (rules CR-8): the allocations add up to ``amount``."""

    consumption_id: str
    amount: MinorUnits
    reason: str
    metadata: Metadata
    allocations: list[CreditAllocation]
    refunded: MinorUnits
    balance: CreditTotals
    created_at: UtcDatetime


class CreditReservation(Model):
    """Credits held for a later commit or release (rules 6, reservations)."""

    reservation_id: str
    amount: MinorUnits
    status: Literal["held", "committed", "released", "expired"] | str
    reason: str
    expires_at: UtcDatetime
    committed_amount: MinorUnits | None = None
    balance: CreditTotals
    created_at: UtcDatetime


class CreditTransaction(Model):
    """One row of the credit history (rules CR-16). ``amount`` is signed."""

    transaction_id: str
    type: CreditTransactionType
    amount: MinorUnits
    allocations: list[CreditAllocation]
    reference: Reference | None = None
    balance_after: CreditLevels
    created_at: UtcDatetime
