"""Rows of the credit service (8229)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._operations._row import Operation, get, post

if TYPE_CHECKING:
    from isa_user.models.credit import (
        CreditBalance,
        CreditConsumption,
        CreditPackage,
        CreditPurchase,
        CreditReservation,
        CreditTransaction,
    )

__all__ = [
    "COMMIT_RESERVATION",
    "CONSUME_CREDITS",
    "GET_CREDITS",
    "GET_CREDIT_TRANSACTIONS",
    "GET_PACKAGES",
    "PURCHASE_CREDITS",
    "REFUND_CONSUMPTION",
    "RELEASE_RESERVATION",
    "RESERVE_CREDITS",
]

_RESERVATION = "/credits/reservations/{reservation_id}"

GET_CREDITS: Operation[CreditBalance] = get(
    "get_balance", "credit", "/credits/me", "credit.CreditBalance", "Get Credits"
)
GET_PACKAGES: Operation[CreditPackage] = get(
    "get_packages",
    "credit",
    "/credits/packages",
    "credit.CreditPackage",
    "Rules 6",
    many=True,
    documented=False,
)
PURCHASE_CREDITS: Operation[CreditPurchase] = post(
    "purchase",
    "credit",
    "/credits/purchase",
    "credit.CreditPurchase",
    "Purchase Credits",
    "package payment_method_id",
)
CONSUME_CREDITS: Operation[CreditConsumption] = post(
    "consume",
    "credit",
    "/credits/consume",
    "credit.CreditConsumption",
    "Use Credits",
    "amount reason",
)
REFUND_CONSUMPTION: Operation[CreditConsumption] = post(
    "refund_consumption",
    "credit",
    "/credits/consumptions/{consumption_id}/refund",
    "credit.CreditConsumption",
    "Rules CR-13",
    documented=False,
)
GET_CREDIT_TRANSACTIONS: Operation[CreditTransaction] = get(
    "get_transactions",
    "credit",
    "/credits/me/transactions",
    "credit.CreditTransaction",
    "Rules CR-16",
    many=True,
    documented=False,
)
RESERVE_CREDITS: Operation[CreditReservation] = post(
    "reserve",
    "credit",
    "/credits/reserve",
    "credit.CreditReservation",
    "Rules 6",
    "amount reason",
    documented=False,
)
COMMIT_RESERVATION: Operation[CreditReservation] = post(
    "commit_reservation",
    "credit",
    f"{_RESERVATION}/commit",
    "credit.CreditReservation",
    "Rules CR-10",
    documented=False,
)
RELEASE_RESERVATION: Operation[CreditReservation] = post(
    "release_reservation",
    "credit",
    f"{_RESERVATION}/release",
    "credit.CreditReservation",
    "Rules CR-10",
    documented=False,
)
