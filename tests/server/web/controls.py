"""A server that has nothing but its control API, called in process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.users import USERS, register
from isa_mockserver.kernel.world import Blueprint, World
from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.app import App
from isa_mockserver.web.auth import DevAuthenticator
from isa_mockserver.web.control import ControlSettings, control_places
from isa_mockserver.web.health import health_place
from isa_mockserver.web.runtime import Authenticator, Runtime
from isa_mockserver.web.service import Router
from isa_mockserver.webhooks import wiring as webhooks

START = datetime(2024, 1, 31, 10, 0, 0, tzinfo=UTC)


def settle(unit: Unit, subject_id: str) -> None:
    """A due job that tells of itself."""
    unit.emit("webhook.ping", "alice", {"settled": subject_id})


def start_world() -> World:
    world = World(
        Blueprint(tables=(USERS, *webhooks.TABLES), jobs={**webhooks.JOBS, "settlement": settle}),
        clock=Clock(START),
        ids=IdSource(0),
    )
    with world.unit(quiet=True) as unit:
        register(unit, "user_456")
    return world


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def refused(self) -> tuple[int, str]:
        """Status and code of a problem document."""
        assert self.headers["content-type"] == "application/problem+json"
        return self.status, self.json["code"]


class ControlServer:
    """The control API over a World whose clock stands at START."""

    def __init__(
        self, settings: ControlSettings | None = None, authenticator: Authenticator | None = None
    ) -> None:
        settings = settings or ControlSettings()
        self.runtime = Runtime(
            start_world=start_world,
            authenticator=authenticator or DevAuthenticator(),
            admins_only=settings.admins_only,
        )
        places = [
            health_place("payment_service", {"store": "healthy"}, self.runtime),
            *control_places(self.runtime, settings),
        ]
        self.app = App(lambda: Router(places, self.runtime))

    @property
    def world(self) -> World:
        return self.runtime.world

    def plan(self, subject_id: str, *, days: int) -> None:
        with self.world.unit() as unit:
            unit.plan(START + timedelta(days=days), "settlement", subject_id)

    def pay(self, number: int, amount: int) -> None:
        with self.world.unit() as unit:
            posting = Posting("external:card", f"wallet:user_{number}:available", amount, "usd")
            unit.post(Reference("deposit", f"tx_{number}"), posting)
            unit.emit("wallet.deposited", f"user_{number}", {"amount": amount})

    def call(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Got:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {"content-type": "application/json"} if content else {}
        sent |= headers or {}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
        status, answered, content = ask(self.app, method, f"http://localhost:8200{path}", raw, content)
        return Got(status, {name.decode(): value.decode() for name, value in answered}, content)
