"""Example movements of wallets and credits."""

from __future__ import annotations

from collections.abc import Mapping

from .example import Example, Maker, Object

_BALANCE = {"total": 500, "available": 450, "reserved": 50}


def _deposit(example: Example) -> Object:
    return {
        "transaction_id": example.new_id("tx"),
        "payment_intent_id": example.new_id("pi"),
        "status": "completed",
        "amount": 5_000,
        "currency": "usd",
        "balance": 20_000,
        "created_at": example.at(),
    }


def _transfer(example: Example) -> Object:
    return {
        "transfer_id": example.new_id("tr"),
        "transaction_id": example.new_id("tx"),
        "from_user_id": example.user,
        "to_user_id": "user_789",
        "amount": 1_000,
        "currency": "usd",
        "note": "Payment for services",
        "status": "completed",
        "balance": 14_000,
        "created_at": example.at(),
    }


def _grant(example: Example, **changes: object) -> Object:
    grant = {
        "grant_id": example.new_id("grant"),
        "source": "purchase",
        "amount": 1_000,
        "remaining": 1_000,
        "reserved": 0,
        "cost_basis": 8,
        "priority": 50,
        "effective_at": example.at(),
        "expires_at": example.at(days=365),
        "voided_at": None,
        "purchase_id": example.new_id("cp"),
        "created_at": example.at(),
    }
    return {**grant, **changes}


def _old_grant(example: Example, *, expires_in_days: int, remaining: int) -> Object:
    since, until = example.at(days=expires_in_days - 365), example.at(days=expires_in_days)
    return _grant(example, effective_at=since, created_at=since, expires_at=until, remaining=remaining)


def _consumption(example: Example, *, refunded: int = 0) -> Object:
    return {
        "consumption_id": example.new_id("con"),
        "amount": 10,
        "reason": "api_premium_feature",
        "metadata": {"feature": "image_generation"},
        "allocations": [{"grant_id": example.new_id("grant"), "amount": 10}],
        "refunded": refunded,
        "balance": _BALANCE,
        "created_at": example.at(),
    }


def _reservation(example: Example) -> Object:
    return {
        "reservation_id": example.new_id("res"),
        "amount": 50,
        "status": "expired",
        "reason": "batch_job",
        "expires_at": example.at(),
        "committed_amount": None,
        "balance": {"total": 500, "available": 500, "reserved": 0},
        "created_at": example.at(minutes=-15),
    }


BALANCES: Mapping[str, Maker] = {
    "wallet.deposited": _deposit,
    "wallet.transferred": _transfer,
    "credits.granted": _grant,
    "credits.consumed": _consumption,
    "credits.refunded": lambda e: _consumption(e, refunded=10),
    "credits.expiring_soon": lambda e: _old_grant(e, expires_in_days=7, remaining=100),
    "credits.expired": lambda e: _old_grant(e, expires_in_days=0, remaining=0),
    "credits.reservation_expired": _reservation,
}
"""Event type -> its example."""
