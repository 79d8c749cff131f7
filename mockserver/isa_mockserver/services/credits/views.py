"""Credit rows as the API shows them (rules section 10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from isa_mockserver.kernel.clock import format_time

from .model import (
    Allocation,
    Balance,
    Consumption,
    Entry,
    ExpiringSoon,
    Grant,
    Package,
    Purchase,
    Reservation,
)


def credits_view(balance: Balance, expiring: ExpiringSoon | None) -> dict[str, Any]:
    """Heading "Get Credits" (rules CR-6, CR-7)."""
    return {
        "total_credits": balance.total,
        "available_credits": balance.available,
        "reserved_credits": balance.reserved,
        "expiring_soon": (
            {"amount": expiring.amount, "expires_at": format_time(expiring.expires_at)} if expiring else None
        ),
    }


def package_view(package: Package) -> dict[str, Any]:
    """One row of heading "Credit Packages"; the price in minor units."""
    return {
        "package": package.id,
        "name": package.name,
        "credits": package.credits,
        "price": package.price,
        "currency": package.currency,
    }


def purchase_view(purchase: Purchase, client_secret: str | None) -> dict[str, Any]:
    """Heading "Purchase Credits" (rules CR-2)."""
    return {
        "purchase_id": purchase.id,
        "package": purchase.package,
        "credits": purchase.credits,
        "amount": purchase.amount,
        "currency": purchase.currency,
        "status": purchase.status,
        "payment_intent_id": purchase.payment_intent_id,
        "client_secret": client_secret,
        "grant_id": purchase.grant_id,
        "expires_at": _time(purchase.expires_at),
        "balance": balance_view(purchase.balance),
        "created_at": format_time(purchase.created_at),
    }


def grant_view(grant: Grant) -> dict[str, Any]:
    """A grant, as events carry it (rules CR-3)."""
    return {
        "grant_id": grant.id,
        "source": grant.source,
        "amount": grant.amount,
        "remaining": grant.remaining,
        "reserved": grant.reserved,
        "cost_basis": grant.cost_basis,
        "priority": grant.priority,
        "effective_at": format_time(grant.effective_at),
        "expires_at": _time(grant.expires_at),
        "voided_at": _time(grant.voided_at),
        "purchase_id": grant.purchase_id,
        "created_at": format_time(grant.created_at),
    }


def consumption_view(consumption: Consumption) -> dict[str, Any]:
    """Heading "Use Credits" (rules CR-8)."""
    return {
        "consumption_id": consumption.id,
        "amount": consumption.amount,
        "reason": consumption.reason,
        "metadata": dict(consumption.metadata),
        "allocations": _allocations(consumption.allocations),
        "refunded": consumption.refunded,
        "balance": balance_view(consumption.balance),
        "created_at": format_time(consumption.created_at),
    }


def reservation_view(reservation: Reservation) -> dict[str, Any]:
    """A reservation and how it stands (rules CR-10)."""
    return {
        "reservation_id": reservation.id,
        "amount": reservation.amount,
        "status": reservation.status,
        "reason": reservation.reason,
        "expires_at": _time(reservation.expires_at),
        "committed_amount": reservation.committed_amount,
        "balance": balance_view(reservation.balance),
        "created_at": format_time(reservation.created_at),
    }


def entry_view(entry: Entry) -> dict[str, Any]:
    """One row of the history (rules CR-16)."""
    return {
        "transaction_id": entry.id,
        "type": entry.type,
        "amount": entry.amount,
        "allocations": _allocations(entry.allocations),
        "reference": {"type": entry.reference.type, "id": entry.reference.id},
        "balance_after": {
            "available": entry.balance_after.available,
            "reserved": entry.balance_after.reserved,
        },
        "created_at": format_time(entry.created_at),
    }


def balance_view(balance: Balance) -> dict[str, int]:
    """The balance inside another resource."""
    return {"total": balance.total, "available": balance.available, "reserved": balance.reserved}


def _allocations(allocations: Sequence[Allocation]) -> list[dict[str, Any]]:
    return [{"grant_id": part.grant_id, "amount": part.amount} for part in allocations]


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None
