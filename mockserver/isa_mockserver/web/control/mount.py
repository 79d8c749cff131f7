"""All control calls, as Starlette routes."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute
from starlette.routing import Route as StarletteRoute

from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.service import ByMethod
from isa_mockserver.web.wire import ASGIApp

from . import (
    clock,
    deliveries,
    events,
    faults,
    ledger,
    requests,
    sandboxes,
    snapshots,
    state,
    users,
    webhooks,
)
from .endpoint import ControlEndpoint
from .pages import PageEndpoint, PageRoute
from .route import ControlRoute, ControlSettings

ROUTES: tuple[ControlRoute, ...] = (
    *state.ROUTES,
    *clock.ROUTES,
    *ledger.ROUTES,
    *events.ROUTES,
    *deliveries.ROUTES,
    *webhooks.ROUTES,
    *users.ROUTES,
    *sandboxes.ROUTES,
    *requests.ROUTES,
    *faults.ROUTES,
    *snapshots.ROUTES,
)


def control_routes(
    runtime: Runtime,
    settings: ControlSettings,
    of_slices: Iterable[ControlRoute] = (),
    pages: Iterable[PageRoute] = (),
) -> list[BaseRoute]:
    """Starlette routes of the control API and of `pages`, to be mounted on every port.

    The calls are this package's and those of the slices.
    """
    by_path: dict[str, dict[str, ASGIApp]] = {}
    for route in (*ROUTES, *of_slices):
        by_path.setdefault(route.path, {})[route.method] = ControlEndpoint(route, runtime, settings)
    for page in pages:
        by_path.setdefault(page.path, {})[page.method] = PageEndpoint(page, runtime, settings)
    return [StarletteRoute(path, ByMethod(endpoints, runtime)) for path, endpoints in by_path.items()]
