"""Payments, wallets and credits in one World, called in process through the real pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.events import Event
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.users import register
from isa_mockserver.kernel.world import World
from isa_mockserver.services.credits import wiring as credit_slice
from isa_mockserver.services.payments import wiring as payments
from isa_mockserver.slices import blueprint, routes_by_service
from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.app import App
from isa_mockserver.web.route import Principal
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.service import Router, endpoint_places

START = datetime(2024, 2, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    body: Any

    @property
    def code(self) -> Any:
        """The stable code of an error."""
        return self.body["code"]


class Bank:
    """The three services behind one door; every answer is held against its schema."""

    services: Sequence[str] = ("payments", "wallets", "credits")

    def __init__(self, *users: str, start: datetime = START) -> None:
        self.runtime = Runtime(
            start_world=lambda: _world(start), authenticator=_BearerIsUser(), check_responses=True
        )
        routes = [
            route
            for service in self.services
            for route in endpoint_places(service, routes_by_service()[service], self.runtime)
        ]
        self._app = App(lambda: Router(routes, self.runtime))
        for user in users:
            self.do(partial(register, user_id=user))

    @property
    def world(self) -> World:
        return self.runtime.world

    def get(self, path: str, *, user: str = "alice") -> Got:
        """GET under /api/v1."""
        return self._call("GET", path, None, user, {})

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, *, user: str = "alice", key: str = ""
    ) -> Got:
        """POST under /api/v1; `key` is the Idempotency-Key."""
        return self._call("POST", path, body, user, {"idempotency-key": key} if key else {})

    def patch(self, path: str, body: Mapping[str, Any], *, user: str = "alice") -> Got:
        """PATCH under /api/v1."""
        return self._call("PATCH", path, body, user, {})

    def delete(self, path: str, *, user: str = "alice") -> Got:
        """DELETE under /api/v1."""
        return self._call("DELETE", path, None, user, {})

    def do(self, work: Callable[[Unit], Any], *, quiet: bool = False) -> Any:
        """Run a service function in a Unit of its own, after what is due."""
        self.world.catch_up()
        with self.world.unit(quiet=quiet) as unit:
            return work(unit)

    def advance(self, *, days: int = 0, seconds: int = 0) -> None:
        """Move the clock."""
        self.world.advance(days * 86_400 + seconds)

    def authenticate(self, payment_intent_id: str, outcome: Literal["success", "failure"]) -> None:
        """End the customer's authentication."""
        self.do(lambda unit: payments.authenticate(unit, payment_intent_id, outcome))

    def give(self, amount: int, *, user: str = "alice", days: int | None = None, **more: Any) -> str:
        """Grant credits that expire after `days`, or never; gives the grant's id."""
        expires_at = None if days is None else self.at(days=days)
        grant = self.do(
            lambda unit: credit_slice.give(unit, user_id=user, amount=amount, expires_at=expires_at, **more)
        )
        return str(grant.id)

    def at(self, *, days: int) -> datetime:
        """The time so many days from now."""
        return datetime.fromtimestamp(self.world.clock.now().timestamp() + days * 86_400, UTC)

    def event_types(self) -> list[str]:
        """The type of every event, oldest first."""
        return [event.type for event in self.world.events]

    def events(self, type_: str) -> list[Event]:
        """The events of one type."""
        return [event for event in self.world.events if event.type == type_]

    def balance(self, account: str, currency: str) -> int:
        """The ledger's balance of one account."""
        return self.world.ledger.balance(account, currency)

    def assert_books_in_order(self) -> None:
        """Prove the ledger."""
        assert self.world.ledger.check().violations == ()

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None, user: str, headers: Mapping[str, str]
    ) -> Got:
        content = b"" if body is None else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {user}", **headers}
        if content:
            sent["content-type"] = "application/json"
        raw = [(name.encode(), value.encode()) for name, value in sent.items()]
        status, _, answered = ask(self._app, method, f"http://localhost/api/v1{path}", raw, content)
        return Got(status, json.loads(answered) if answered else None)


class _BearerIsUser:
    def authenticate(self, authorization: str | None) -> Principal:
        """The caller; `admin` is one."""
        if not authorization:
            raise DomainError("authentication_required", "Send a token.")
        user = authorization.removeprefix("Bearer ")
        return Principal(user, roles=frozenset({"admin"} if user == "admin" else ()))


def _world(start: datetime) -> World:
    return World(blueprint(), clock=Clock(start), ids=IdSource(0, repeatable_secrets=True))
