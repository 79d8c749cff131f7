"""The composition root: settings make a World, and a World and the routes make the apps of every port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from .openapi import GATEWAY, describe
from .slices import blueprint, control_calls, routes_by_service
from .web.auth import DevAuthenticator
from .web.browsers import ForBrowsers
from .web.control import ControlSettings, control_routes
from .web.documents import document_routes
from .web.durable import Durable
from .web.faults.gate import FaultGate
from .web.faults.model import Fault
from .web.health import HEALTHY, health_route
from .web.runtime import Authenticator, Runtime
from .web.service import build_app, endpoint_routes
from .web.wire import ASGIApp
from .webhooks.endpoints import NewEndpoint
from .worlds import SeedName as SeedName
from .worlds import Start, world_maker

if TYPE_CHECKING:
    from .persist.archive import Archive

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
    there from the start, also after a reset. `data` is the file that keeps the state; None is memory.
    `grouped` has concurrent requests share a sync of the disk, which needs an event loop to wait in.
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
    data: Path | None = None
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """A server without sockets: its shared state, one app a service, and the gateway that serves all."""

    runtime: Runtime
    services: Mapping[str, ASGIApp]
    gateway: ASGIApp
    archive: Archive | None = None

    def close(self) -> None:
        """Write what is outstanding and give the file back, where state is kept in one."""
        if self.archive is not None:
            self.archive.close()


def build(settings: Settings) -> Application:
    """Make the apps over one new World, or over what the file holds.

    Raises:
        StateFileError: state cannot be kept in that file.
    """
    if settings.data is None:
        return _build(settings, None)
    from .persist.archive import open_archive  # who keeps nothing need not load SQLite

    archive = open_archive(settings.data, blueprint().tables, grouped=settings.grouped)
    try:
        return _build(settings, archive)
    except BaseException:
        archive.close()
        raise


def _build(settings: Settings, archive: Archive | None) -> Application:
    start = Start.chosen(settings.seed, settings.clock, settings.id_seed)
    make_world = world_maker(start, settings.webhooks, archive)
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
    if archive is not None:
        for sandbox in make_world.kept_sandboxes():
            runtime.make_sandbox(sandbox)
        runtime.sandboxes.dropped = lambda sandbox: archive.forget(sandbox.world)
    control = control_routes(runtime, settings.control, control_calls())
    endpoints = {
        service: endpoint_routes(service, by_service.get(service, ()), runtime) for service in SERVICE_NAMES
    }
    finished = partial(_app, runtime=runtime, archive=archive, browsers=settings.browsers)
    described = partial(_documents, runtime=runtime, admins_only=settings.control.admins_only)
    services = {
        service: finished(
            [health_route(SERVICE_NAMES[service], {}, runtime), *described(service), *routes, *control]
        )
        for service, routes in endpoints.items()
    }
    healthy = dict.fromkeys(SERVICE_NAMES.values(), HEALTHY)
    everything = [route for routes in endpoints.values() for route in routes]
    gateway = finished([health_route(GATEWAY, healthy, runtime), *described(GATEWAY), *everything, *control])
    return Application(runtime, services, gateway, archive)


def _documents(service: str, *, runtime: Runtime, admins_only: bool) -> list[BaseRoute]:
    make = partial(describe, service, strict_fields=runtime.strict_fields, admins_only=admins_only)
    return document_routes(make, runtime)


def _app(routes: list[BaseRoute], runtime: Runtime, archive: Archive | None, browsers: bool) -> ASGIApp:
    app = build_app(routes, runtime)
    if archive is not None:
        app = Durable(app, archive.writer)
    return FaultGate(ForBrowsers(app) if browsers else app)
