"""Payments, wallets, billing and subscriptions in one World, called in process through the real pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.idempotency import ANSWERS
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.users import USERS
from isa_mockserver.kernel.world import Blueprint, Reactor, World
from isa_mockserver.services.billing import wiring as billing
from isa_mockserver.services.billing.model.invoice import Line
from isa_mockserver.services.payments import wiring as payments
from isa_mockserver.services.subscriptions import wiring as subscriptions
from isa_mockserver.services.wallets import wiring as wallets
from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.app import App
from isa_mockserver.web.route import Principal, Route
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.service import Router, endpoint_places

START = datetime(2024, 1, 28, tzinfo=UTC)
GOOD = "pm_card_visa"
OTHER = "pm_card_mastercard"
BAD = "pm_card_chargeDeclined"
FAILS_LATER = "pm_card_chargeCustomerFail"
CHALLENGED = "pm_card_threeDSecure2Required"

PRO, ENTERPRISE, FREE, PLUS = "plan_pro_monthly", "plan_enterprise_annual", "plan_free", "plan_plus"
CATALOGUE = {
    **subscriptions.CATALOGUE,
    PLUS: subscriptions.Plan(
        id=PLUS, name="Plus", price=9900, interval="month", quota=200_000, overage_price=1
    ),
}
"""The catalogue with one plan more: the monthly one of 9900 of the rules' examples (CH-1)."""


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    body: Any

    @property
    def code(self) -> Any:
        """The stable code of an error."""
        return self.body["code"]


class Shop:
    """The services behind one door; every answer is held against its schema."""

    def __init__(
        self, start: datetime = START, tax_bp: int = 0, max_usage_age: timedelta | None = None
    ) -> None:
        def tax_rates(unit: Unit, owner: str, lines: Sequence[Line]) -> Sequence[int]:
            return [tax_bp] * len(lines)

        billing_ports = billing.Collaborators(
            charge=payments.charge_now,
            open_intent=payments.open_intent,
            cancel_intent=payments.cancel_if_open,
            default_method=payments.default_method,
            quota=partial(subscriptions.quota_in_force, catalogue=CATALOGUE),
            tax_rates=tax_rates,
            max_usage_age=max_usage_age,
        )
        ports = subscriptions.Collaborators(
            invoicing=billing.Invoicer(billing_ports),
            default_method=payments.default_method,
            refunded_so_far=payments.refunded_so_far,
            credit_out=payments.credit_out,
            catalogue=CATALOGUE,
        )
        self._start = start
        self._blueprint = _blueprint(billing_ports, ports)
        self.runtime = Runtime(
            start_world=self._new_world, authenticator=_BearerIsUser(), check_responses=True
        )
        self._app = self._mount(
            payments=payments.ROUTES,
            billing=billing.routes(billing_ports),
            subscriptions=subscriptions.routes(ports),
        )

    @property
    def world(self) -> World:
        """The one World."""
        return self.runtime.world

    @property
    def now(self) -> datetime:
        """The World's time."""
        return self.world.clock.now()

    # Calls

    def get(self, path: str, *, user: str = "alice") -> Got:
        """GET under /api/v1; a user `admin...` is an admin."""
        return self._call("GET", path, None, user)

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, user: str = "alice") -> Got:
        """POST under /api/v1."""
        return self._call("POST", path, body, user)

    def patch(self, path: str, body: Mapping[str, Any], *, user: str = "alice") -> Got:
        """PATCH under /api/v1."""
        return self._call("PATCH", path, body, user)

    def delete(self, path: str, *, user: str = "alice") -> Got:
        """DELETE under /api/v1."""
        return self._call("DELETE", path, None, user)

    def subscribe(self, plan: str = PRO, method: str | None = GOOD, **more: Any) -> Got:
        """Subscribe alice."""
        body = {"plan_id": plan, **({"payment_method_id": method} if method else {}), **more}
        return self.post("/subscriptions", body)

    def subscription(self) -> dict[str, Any]:
        """Alice's subscription."""
        found: dict[str, Any] = self.get("/subscriptions/me").body
        return found

    def change(self, plan: str, *, prorate: bool = True) -> Got:
        """Move alice to another plan."""
        return self.post("/subscriptions/me/change", {"new_plan_id": plan, "prorate": prorate})

    def cancel(self, **body: Any) -> Got:
        """Cancel alice's subscription."""
        return self.post("/subscriptions/me/cancel", body)

    def use(self, quantity: int, at: str | None = None, **more: Any) -> Got:
        """Record api_calls of alice."""
        stamp = {"timestamp": at} if at else {}
        return self.post("/billing/usage", {"metric": "api_calls", "quantity": quantity, **stamp, **more})

    def invoices(self) -> list[dict[str, Any]]:
        """Alice's invoices, oldest first."""
        found: list[dict[str, Any]] = self.get("/billing/invoices?limit=100").body["data"]
        return found[::-1]

    def invoice(self, invoice_id: str) -> dict[str, Any]:
        """One of alice's invoices."""
        found: dict[str, Any] = self.get(f"/billing/invoices/{invoice_id}").body
        return found

    # The world around

    def authenticate(self, payment_intent_id: str, outcome: Literal["success", "failure"]) -> None:
        """End the customer's authentication."""
        with self.world.unit() as unit:
            payments.authenticate(unit, payment_intent_id, outcome)

    def set_balance(self, amount: int, *, owner: str = "alice") -> None:
        """Give the customer a balance, negative for a debit."""
        account, income = f"customer_balance:{owner}", "platform:revenue:invoices"
        ends = (income, account) if amount > 0 else (account, income)
        with self.world.unit(quiet=True) as unit:
            reference = Reference("gift", str(unit.next_number("gift")))
            unit.post(reference, Posting(*ends, abs(amount), "usd"))

    def balance(self, account: str = "customer_balance:alice") -> int:
        """The ledger's balance of an account in usd."""
        return self.world.ledger.balance(account, "usd")

    def advance(self, *, days: int = 0, hours: int = 0, seconds: int = 0) -> list[str]:
        """Move the clock; the types of the events that this brought."""
        before = len(self.world.events)
        self.world.advance(days * 86_400 + hours * 3_600 + seconds)
        return self.event_types(before)

    def move_to(self, moment: str) -> list[str]:
        """Move the clock to a time, in steps that one call allows; the types of the new events."""
        before, target = len(self.world.events), datetime.fromisoformat(moment)
        while self.now < target:
            self.world.move_to(min(target, self.now + timedelta(days=700)))
        return self.event_types(before)

    def event_types(self, since: int = 0) -> list[str]:
        """The type of every event from number `since` on."""
        return [event.type for event in self.world.events[since:]]

    def last_event(self, type_: str) -> Any:
        """The object of the newest event of one type."""
        return next(event for event in reversed(self.world.events) if event.type == type_).object

    def assert_books_in_order(self) -> None:
        """Prove the ledger."""
        assert self.world.ledger.check().violations == ()

    def _new_world(self) -> World:
        ids = IdSource(0, repeatable_secrets=True)
        return World(self._blueprint, clock=Clock(self._start), ids=ids)

    def _mount(self, **routes: Sequence[Route]) -> Any:
        mounted = [
            endpoint
            for service, own in routes.items()
            for endpoint in endpoint_places(service, own, self.runtime)
        ]
        return App(lambda: Router(mounted, self.runtime))

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None, user: str) -> Got:
        content = b"" if body is None else json.dumps(body).encode()
        raw = [(b"authorization", f"Bearer {user}".encode())]
        if content:
            raw.append((b"content-type", b"application/json"))
        status, _, answered = ask(self._app, method, f"http://localhost/api/v1{path}", raw, content)
        return Got(status, json.loads(answered) if answered else None)


class Recorder:
    """The events that follow from here on."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._since = len(shop.world.events)

    def types(self) -> list[str]:
        """Their types, oldest first."""
        return self._shop.event_types(self._since)


def _blueprint(billing_ports: billing.Collaborators, ports: subscriptions.Collaborators) -> Blueprint:
    reactors: dict[type, list[Reactor]] = {}
    for part in (wallets.REACTORS, billing.REACTORS, subscriptions.reactors(ports)):
        for signal, reacting in part.items():
            reactors.setdefault(signal, []).extend(reacting)
    return Blueprint(
        tables=(
            USERS,
            ANSWERS,
            *payments.TABLES,
            *wallets.TABLES,
            *billing.TABLES,
            *subscriptions.TABLES,
        ),
        jobs={**payments.JOBS, **billing.jobs(billing_ports), **subscriptions.jobs(ports)},
        reactors=reactors,
    )


_ROLES = {"admin": "admin", "clerk": "billing:write"}


class _BearerIsUser:
    def authenticate(self, authorization: str | None) -> Principal:
        """The caller; admins and clerks are called so."""
        if not authorization:
            raise DomainError("authentication_required", "Send a token.")
        caller = Principal(authorization.removeprefix("Bearer "))
        role = next((role for name, role in _ROLES.items() if caller.user_id.startswith(name)), None)
        return caller._replace(roles=frozenset({role})) if role else caller
