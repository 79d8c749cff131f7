"""The composition root: settings make a World, and a World and the routes make the apps of every port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from .fixtures import seed_demo
from .kernel.clock import Clock
from .kernel.ids import IdSource, draw_id_seed
from .kernel.world import World
from .slices import blueprint, control_calls, routes_by_service
from .web.auth import DevAuthenticator
from .web.control import ControlSettings, control_routes
from .web.faults.gate import FaultGate
from .web.faults.model import Fault
from .web.health import HEALTHY, health_route
from .web.runtime import Authenticator, Runtime, SandboxStart
from .web.service import build_app, endpoint_routes
from .web.wire import ASGIApp
from .webhooks.endpoints import NewEndpoint, register
from .webhooks.signing import secret_of

SeedName = Literal["none", "demo"]

EXPOSED_HEADERS = (
    "X-Request-Id",
    "Idempotent-Replayed",
    "Retry-After",
    "Isa-Mock-Warning",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
)
"""What a page of another origin may read of an answer's headers."""

DOCUMENTED_PORTS: Mapping[str, int] = {
    "payments": 8207,
    "wallets": 8208,
    "billing": 8216,
    "subscriptions": 8228,
    "credits": 8229,
}
"""Service -> the port of the published page."""

GATEWAY_PORT = 8200

SERVICE_NAMES: Mapping[str, str] = {
    "payments": "payment_service",
    "wallets": "wallet_service",
    "billing": "billing_service",
    "subscriptions": "subscription_service",
    "credits": "credit_service",
}
"""Service -> its name on the published page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a server starts. `id_seed` None draws one; `clock` None ticks with real time, else it is frozen.

    `browsers` lets web pages of every origin call the services (CORS). `webhooks` are the endpoints that are
    there from the start, also after a reset.
    """

    seed: SeedName = "none"
    id_seed: int | None = None
    clock: datetime | None = None
    authenticator: Authenticator = field(default_factory=DevAuthenticator)
    control: ControlSettings = field(default_factory=ControlSettings)
    strict_fields: bool = False
    check_responses: bool = False
    browsers: bool = True
    faults: Sequence[Fault] = ()
    webhooks: Sequence[NewEndpoint] = ()


@dataclass(frozen=True, slots=True)
class Application:
    """A server without sockets: its shared state, one app a service, and the gateway that serves all."""

    runtime: Runtime
    services: Mapping[str, ASGIApp]
    gateway: ASGIApp


def build(settings: Settings) -> Application:
    """Make the apps over one new World."""
    make_world = _world_maker(settings)
    by_service = routes_by_service()
    runtime = Runtime(
        start_world=make_world,
        start_sandbox=make_world.sandbox,
        admins_only=settings.control.admins_only,
        operations={
            service: frozenset(route.operation for route in routes) for service, routes in by_service.items()
        },
        faults_at_start=settings.faults,
        authenticator=settings.authenticator,
        strict_fields=settings.strict_fields,
        check_responses=settings.check_responses,
    )
    control = control_routes(runtime, settings.control, control_calls())
    endpoints = {
        service: endpoint_routes(service, by_service.get(service, ()), runtime) for service in SERVICE_NAMES
    }
    services = {
        service: _app(
            [health_route(SERVICE_NAMES[service], {}, runtime), *routes, *control], runtime, settings
        )
        for service, routes in endpoints.items()
    }
    healthy = dict.fromkeys(SERVICE_NAMES.values(), HEALTHY)
    everything = [route for routes in endpoints.values() for route in routes]
    gateway = _app([health_route("gateway", healthy, runtime), *everything, *control], runtime, settings)
    return Application(runtime, services, gateway)


def _world_maker(settings: Settings) -> _WorldMaker:
    id_seed = draw_id_seed() if settings.id_seed is None else settings.id_seed
    ids = IdSource(id_seed, repeatable_secrets=settings.id_seed is not None)
    return _WorldMaker(settings.seed, ids, settings.clock, _with_secrets(settings.webhooks, ids))


def _with_secrets(endpoints: Sequence[NewEndpoint], ids: IdSource) -> tuple[NewEndpoint, ...]:
    """Secrets that outlive a reset: a receiver keeps the one that it was given (rules WH-10)."""
    return tuple(
        replace(endpoint, secret=endpoint.secret or secret_of(ids.key("webhook", f"start:{number}")))
        for number, endpoint in enumerate(endpoints, 1)
    )


@dataclass(frozen=True, slots=True)
class _WorldMaker:
    seed: SeedName
    ids: IdSource
    clock: datetime | None
    webhooks: Sequence[NewEndpoint]

    def __call__(self) -> World:
        world = World(blueprint(), clock=Clock(self.clock), ids=self.ids)
        if self.seed == "demo":
            seed_demo(world)
        with world.unit(quiet=True) as unit:
            for endpoint in self.webhooks:
                register(unit, endpoint)
        return world

    def sandbox(self, start: SandboxStart) -> World:
        """The World of a sandbox: its own ids, and neither fixture nor webhooks unless it asks for them."""
        world = World(
            blueprint(), clock=Clock(start.clock or self.clock), ids=replace(self.ids, sandbox=start.name)
        )
        if start.seed == "demo":
            seed_demo(world)
        return world


def _app(routes: list[BaseRoute], runtime: Runtime, settings: Settings) -> ASGIApp:
    app = build_app(routes, runtime)
    if not settings.browsers:
        return FaultGate(app)
    cors = CORSMiddleware(
        app, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED_HEADERS
    )
    return FaultGate(cors)
