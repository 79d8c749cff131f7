"""The app of each port: the endpoints of a service, or of all, and what every port serves beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from .naming import DOCUMENTED_PORTS, GATEWAY, SERVICE_NAMES
from .openapi import describe
from .slices import control_calls, pages, routes_by_service
from .web.app import App
from .web.control import ControlSettings, control_places
from .web.documents import document_places
from .web.health import HEALTHY, health_place
from .web.landing import Listed, landing_place
from .web.place import Place
from .web.runtime import Runtime
from .web.service import Router, endpoint_places

if TYPE_CHECKING:
    from .persist.archive import Archive


class Ports:
    """Makes the app of each port; the control calls, which all of them serve, are made once."""

    def __init__(
        self, runtime: Runtime, control: ControlSettings, archive: Archive | None, *, browsers: bool
    ) -> None:
        self._runtime = runtime
        self._settings = control
        self._archive = archive
        self._browsers = browsers

    def service(self, service: str) -> App:
        """The app of one service."""
        return self._app(lambda: self._service_router(service))

    def gateway(self) -> App:
        """The app that serves all."""
        return self._app(self._gateway_router)

    def _app(self, make_router: Callable[[], Router]) -> App:
        durability = None if self._archive is None else self._archive.writer
        return App(make_router, durability, browsers=self._browsers)

    def _service_router(self, service: str) -> Router:
        health = health_place(SERVICE_NAMES[service], {}, self._runtime)
        return self._router(service, health, self._endpoints(service))

    def _gateway_router(self) -> Router:
        health = health_place(GATEWAY, dict.fromkeys(SERVICE_NAMES.values(), HEALTHY), self._runtime)
        everything = [place for service in SERVICE_NAMES for place in self._endpoints(service)]
        landing = landing_place(self._listed(), self._runtime)
        return self._router(GATEWAY, health, [landing, *everything])

    def _listed(self) -> Iterator[Listed]:
        for service, name in SERVICE_NAMES.items():
            first = routes_by_service()[service][0].path
            yield Listed(name, DOCUMENTED_PORTS[service], "/".join(first.split("/")[:4]))

    def _router(self, name: str, health: Place, endpoints: Sequence[Place]) -> Router:
        others = {each: port for each, port in DOCUMENTED_PORTS.items() if name not in (each, GATEWAY)}
        places = [health, *self._documents(name), *endpoints, *self._control]
        return Router(places, self._runtime, others)

    def _endpoints(self, service: str) -> list[Place]:
        return endpoint_places(service, routes_by_service().get(service, ()), self._runtime)

    def _documents(self, name: str) -> list[Place]:
        make = partial(
            describe, name, strict_fields=self._runtime.strict_fields, admins_only=self._settings.admins_only
        )
        return document_places(make, self._runtime)

    @cached_property
    def _control(self) -> list[Place]:
        return control_places(self._runtime, self._settings, control_calls(), pages())
