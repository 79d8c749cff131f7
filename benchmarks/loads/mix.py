"""DATA: what the load asks for, service by service, and which answers it expects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

_VISA = "pm_card_visa"
_DECLINED = "pm_card_chargeDeclined"


@dataclass(slots=True)
class Person:
    """One user on one connection: chance, what it remembers of earlier answers, and what it is owed."""

    name: str
    others: Sequence[str]
    chance: Random
    known: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    moved: list[tuple[str, int]] = field(default_factory=list)
    """(User, cents) of every acknowledged movement of wallet money."""


class Operation(NamedTuple):
    """A request that is sent in `weight` of the cases.

    `path` may name something that the person `needs` to know; `statuses` are the answers that are right,
    a refusal that must come included; `learns` is a key of the answer to remember.
    """

    name: str
    method: str
    path: str
    body: Callable[[Person], Mapping[str, Any]] | None = None
    statuses: tuple[int, ...] = (200,)
    needs: str | None = None
    learns: str | None = None
    forgets: bool = False
    weight: int = 1


def _always(**body: Any) -> Callable[[Person], Mapping[str, Any]]:
    return lambda person: body


def _transfer(person: Person) -> Mapping[str, Any]:
    body = {"to_user_id": person.chance.choice(person.others), "amount": person.chance.randint(1, 900)}
    return {**body, "currency": "usd", "note": "load"}


def _invoice(person: Person) -> Mapping[str, Any]:
    item = {"description": "API Usage", "quantity": person.chance.randint(100, 999), "unit_price": 1}
    return {"customer_id": person.name, "items": [item], "due_date": "2030-01-31"}


def _usage(person: Person) -> Mapping[str, Any]:
    return {"metric": "api_calls", "quantity": person.chance.randint(1, 500)}


MIX: Mapping[str, Sequence[Operation]] = {
    "payments": (
        Operation(
            "create intent",
            "POST",
            "/payments/intent",
            _always(amount=2999, currency="usd", description="Pro Plan - Monthly"),
            (201,),
            learns="payment_intent_id",
            weight=4,
        ),
        Operation("get intent", "GET", "/payments/intent/{}", needs="payment_intent_id", weight=4),
        Operation(
            "confirm, declined",
            "POST",
            "/payments/intent/{}/confirm",
            _always(payment_method_id=_DECLINED),
            (402, 409),
            needs="payment_intent_id",
        ),
        Operation(
            "confirm",
            "POST",
            "/payments/intent/{}/confirm",
            _always(payment_method_id=_VISA),
            (200, 409),
            needs="payment_intent_id",
            weight=3,
        ),
        Operation(
            "refund a part",
            "POST",
            "/payments/{}/refund",
            _always(amount=100, reason="customer_request"),
            (201, 409),
            needs="payment_intent_id",
        ),
        Operation("history", "GET", "/payments/history?limit=20", weight=2),
    ),
    "wallets": (
        Operation(
            "deposit",
            "POST",
            "/wallets/me/deposit",
            _always(amount=5000, currency="usd", payment_method_id=_VISA),
            (201,),
            weight=2,
        ),
        Operation("transfer", "POST", "/wallets/transfer", _transfer, (201, 402), weight=4),
        Operation("balance", "GET", "/wallets/me", weight=4),
        Operation("statement", "GET", "/wallets/me/transactions?limit=20", weight=2),
    ),
    "billing": (
        Operation(
            "create invoice", "POST", "/billing/invoices", _invoice, (201,), learns="invoice_id", weight=2
        ),
        Operation(
            "pay invoice",
            "POST",
            "/billing/invoices/{}/pay",
            _always(payment_method_id=_VISA),
            (200,),
            needs="invoice_id",
            forgets=True,
            weight=2,
        ),
        Operation("invoices", "GET", "/billing/invoices?limit=20", weight=2),
        Operation("record usage", "POST", "/billing/usage", _usage, (201,), weight=4),
        Operation("quota", "GET", "/billing/quota?metric=api_calls", weight=2),
    ),
    "subscriptions": (
        Operation(
            "subscribe",
            "POST",
            "/subscriptions",
            _always(plan_id="plan_pro_monthly", payment_method_id=_VISA),
            (201, 409),
            learns="subscription_id",
        ),
        Operation(
            "change plan",
            "POST",
            "/subscriptions/me/change",
            _always(new_plan_id="plan_enterprise_annual", prorate=True),
            (200, 409),
            needs="subscription_id",
        ),
        Operation(
            "cancel",
            "POST",
            "/subscriptions/me/cancel",
            _always(at_period_end=False, reason="load"),
            (200, 409),
            needs="subscription_id",
        ),
        Operation("subscription", "GET", "/subscriptions/me", needs="subscription_id", weight=6),
        Operation("plans", "GET", "/subscriptions/plans", weight=2),
    ),
    "credits": (
        Operation(
            "purchase",
            "POST",
            "/credits/purchase",
            _always(package="credits_1000", payment_method_id=_VISA),
            (201,),
        ),
        Operation(
            "consume", "POST", "/credits/consume", _always(amount=10, reason="load"), (200, 402), weight=4
        ),
        Operation(
            "reserve",
            "POST",
            "/credits/reserve",
            _always(amount=5, reason="load"),
            (201, 402),
            learns="reservation_id",
            weight=2,
        ),
        Operation(
            "commit",
            "POST",
            "/credits/reservations/{}/commit",
            _always(),
            (200,),
            needs="reservation_id",
            forgets=True,
            weight=2,
        ),
        Operation("credits", "GET", "/credits/me", weight=4),
        Operation("credit history", "GET", "/credits/me/transactions?limit=20", weight=2),
    ),
}
"""Service -> what one of its connections asks for; roughly as many reads as writes."""


def chosen(person: Person, operations: Sequence[Operation]) -> Operation:
    """The next thing to ask for, of those for which everything is known."""
    possible = [each for each in operations if each.needs is None or each.needs in person.known]
    return person.chance.choices(possible, [each.weight for each in possible])[0]


def request(person: Person, operation: Operation, key: str) -> bytes:
    """The request as it goes over the wire; a write has an idempotency key of its own."""
    target = operation.path
    if operation.needs is not None and "{}" in target:
        target = target.format(person.known[operation.needs])
    if operation.forgets:
        person.known.pop(operation.needs or "")
    head = (
        f"{operation.method} /api/v1{target} HTTP/1.1\r\n"
        f"host: localhost\r\nauthorization: Bearer {person.name}\r\n"
    )
    if operation.body is None:
        return f"{head}\r\n".encode()
    person.asked = dict(operation.body(person))
    content = json.dumps(person.asked)
    return (
        f"{head}content-type: application/json\r\nidempotency-key: {key}\r\n"
        f"content-length: {len(content)}\r\n\r\n{content}"
    ).encode()


def learn(person: Person, operation: Operation, status: int, body: bytes) -> None:
    """Remember what later requests need, and what moved."""
    if status >= 300:
        return
    if operation.learns:
        person.known[operation.learns] = json.loads(body)[operation.learns]
    if operation.name == "deposit":
        person.moved.append((person.name, person.asked["amount"]))
    elif operation.name == "transfer":
        person.moved.append((person.name, -person.asked["amount"]))
        person.moved.append((person.asked["to_user_id"], person.asked["amount"]))
