"""The app of each port: the routes of a service, or of all, within the layers that every answer passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from .openapi import GATEWAY, describe
from .slices import control_calls, pages, routes_by_service
from .web.browsers import ForBrowsers
from .web.control import ControlSettings, control_routes
from .web.documents import document_routes
from .web.durable import Durable
from .web.faults.gate import FaultGate
from .web.health import HEALTHY, health_route
from .web.landing import Listed, landing_route
from .web.runtime import Runtime
from .web.service import build_app, endpoint_routes
from .web.wire import ASGIApp

if TYPE_CHECKING:
    from .persist.archive import Archive

SERVICE_NAMES: Mapping[str, str] = {
    "payments": "payment_service",
    "wallets": "wallet_service",
    "billing": "billing_service",
    "subscriptions": "subscription_service",
    "credits": "credit_service",
}
"""Service -> its name on the published page."""

DOCUMENTED_PORTS: Mapping[str, int] = {
    "payments": 8207,
    "wallets": 8208,
    "billing": 8216,
    "subscriptions": 8228,
    "credits": 8229,
}
"""Service -> the port of the published page."""


class Ports:
    """Makes the app of each port; the control calls, which all of them serve, are made once."""

    def __init__(
        self, runtime: Runtime, control: ControlSettings, archive: Archive | None, *, browsers: bool
    ) -> None:
        self._runtime = runtime
        self._settings = control
        self._archive = archive
        self._browsers = browsers

    def service(self, service: str) -> ASGIApp:
        """The app of one service."""
        health = health_route(SERVICE_NAMES[service], {}, self._runtime)
        return self._app(service, health, self._endpoints(service))

    def gateway(self) -> ASGIApp:
        """The app that serves all."""
        health = health_route(GATEWAY, dict.fromkeys(SERVICE_NAMES.values(), HEALTHY), self._runtime)
        everything = [route for service in SERVICE_NAMES for route in self._endpoints(service)]
        landing = landing_route(self._listed(), self._runtime)
        return self._app(GATEWAY, health, [landing, *everything])

    def _listed(self) -> Iterator[Listed]:
        for service, name in SERVICE_NAMES.items():
            first = routes_by_service()[service][0].path
            yield Listed(name, DOCUMENTED_PORTS[service], "/".join(first.split("/")[:4]))

    def _app(self, name: str, health: BaseRoute, endpoints: Sequence[BaseRoute]) -> ASGIApp:
        others = {each: port for each, port in DOCUMENTED_PORTS.items() if name not in (each, GATEWAY)}
        app = build_app([health, *self._documents(name), *endpoints, *self._control], self._runtime, others)
        if self._archive is not None:
            app = Durable(app, self._archive.writer)
        return FaultGate(ForBrowsers(app) if self._browsers else app)

    def _endpoints(self, service: str) -> list[BaseRoute]:
        return endpoint_routes(service, routes_by_service().get(service, ()), self._runtime)

    def _documents(self, name: str) -> list[BaseRoute]:
        make = partial(
            describe, name, strict_fields=self._runtime.strict_fields, admins_only=self._settings.admins_only
        )
        return document_routes(make, self._runtime)

    @cached_property
    def _control(self) -> list[BaseRoute]:
        return control_routes(self._runtime, self._settings, control_calls(), pages())
