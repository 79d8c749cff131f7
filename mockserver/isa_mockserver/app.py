"""The composition root: settings make a World, and a World and the routes make the apps of every port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .fixtures import SeedChoice
from .naming import DOCUMENTED_PORTS as DOCUMENTED_PORTS
from .naming import SERVICE_NAMES as SERVICE_NAMES
from .ports import Ports
from .slices import blueprint, routes_by_service
from .web.app import App
from .web.auth import DevAuthenticator
from .web.control import ControlSettings
from .web.faults.model import Fault
from .web.runtime import Authenticator, Runtime
from .webhooks.endpoints import NewEndpoint
from .worlds import Start, world_maker

if TYPE_CHECKING:
    from .persist.archive import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a server starts. `id_seed` None draws one; `clock` None ticks with real time, else it is frozen.

    `browsers` lets web pages of every origin call the services (CORS). `webhooks` are the endpoints that are
    there from the start, also after a reset. `data` is the file that keeps the state; None is memory.
    `grouped` has concurrent requests share a sync of the disk, which needs an event loop to wait in.
    """

    seed: SeedChoice = "none"
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


class Application(NamedTuple):
    """A server without sockets: its shared state, one app a service, and the gateway that serves all."""

    runtime: Runtime
    services: Mapping[str, App]
    gateway: App
    archive: Archive | None = None

    def new_request_id(self) -> str:
        """An id for one request, repeatable with the id seed."""
        return self.runtime.new_request_id()

    def close(self) -> None:
        """Write what is outstanding and give the file back, where state is kept in one."""
        if self.archive is not None:
            self.archive.close()


def build(settings: Settings) -> Application:
    """Make the apps over one new World, or over what the file holds.

    Raises:
        StateFileError: state cannot be kept in that file.
        FixtureError: the seed is a file that describes no fixture.
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
    choose = partial(Start.chosen, settings.seed, settings.clock, settings.id_seed)
    make_world = world_maker(choose, settings.webhooks, archive)
    by_service = routes_by_service()
    runtime = Runtime(
        start_world=make_world,
        start_sandbox=make_world.sandbox,
        start_snapshots=make_world.snapshots,
        admins_only=settings.control.admins_only,
        own_names=settings.control.allowed_hosts,
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
    ports = Ports(runtime, settings.control, archive, browsers=settings.browsers)
    services = {service: ports.service(service) for service in SERVICE_NAMES}
    return Application(runtime, services, ports.gateway(), archive)
