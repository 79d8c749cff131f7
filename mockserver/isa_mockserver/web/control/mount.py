"""All control calls, and where they are."""

from __future__ import annotations

from collections.abc import Iterable

from isa_mockserver.web.place import Place
from isa_mockserver.web.runtime import Runtime

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


def control_places(
    runtime: Runtime,
    settings: ControlSettings,
    of_slices: Iterable[ControlRoute] = (),
    pages: Iterable[PageRoute] = (),
) -> list[Place]:
    """Where the calls of the control API and `pages` are, on every port.

    The calls are this package's and those of the slices.
    """
    by_path: dict[str, dict[str, ControlEndpoint]] = {}
    for route in (*ROUTES, *of_slices):
        by_path.setdefault(route.path, {})[route.method] = ControlEndpoint(route, runtime, settings)
    for page in pages:
        by_path.setdefault(page.path, {})[page.method] = PageEndpoint(page, runtime, settings)
    return [
        Place(path, methods, max(each.route.max_body_bytes for each in methods.values()))
        for path, methods in by_path.items()
    ]
