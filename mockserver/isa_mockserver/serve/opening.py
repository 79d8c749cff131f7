"""A server answers before all of it is loaded: `/health` at once, and whatever else is asked after the rest.

Loading takes a few hundred milliseconds, most of it for the schemas of the services. It goes on in small
steps between the requests, and at once when a request needs it; that one then waits for its right answer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.ids import IdSource, draw_id_seed
from isa_mockserver.naming import GATEWAY, SERVICE_NAMES
from isa_mockserver.web.app import App
from isa_mockserver.web.health import HEALTHY, PATH, Health
from isa_mockserver.web.wire import Answer, Request, Responder

from .options import ServeOptions

if TYPE_CHECKING:
    from isa_mockserver.app import Application
    from isa_mockserver.web.runtime import Runtime

QUIET_S = 0.05
"""So long the loading waits at first: who waits for the server mostly asks all of its ports at once."""
PAUSE_S = 0.001

_MODULES = (
    "pydantic",
    "isa_mockserver.web.fields",
    "isa_mockserver.web.service",
    *(f"isa_mockserver.services.{name}.model" for name in SERVICE_NAMES),
    *(f"isa_mockserver.services.{name}.schemas" for name in SERVICE_NAMES),
    *(f"isa_mockserver.services.{name}.wiring" for name in SERVICE_NAMES),
    "isa_mockserver.web.control",
    "isa_mockserver.app",
    "isa_mockserver.serve.settings",
    "isa_mockserver.webhooks.courier",
    "isa_mockserver.webhooks.http",
)
"""What loading is made of, in steps of some ten milliseconds."""


class _Pulse:
    """Time and request ids of a server whose World is not there yet."""

    def __init__(self, options: ServeOptions) -> None:
        seed = draw_id_seed() if options.id_seed is None else options.id_seed
        self._ids = IdSource(seed)
        self._clock = Clock(options.clock)
        self.requests = 0

    def now(self) -> datetime:
        return self._clock.now()

    def new_request_id(self) -> str:
        self.requests += 1
        return self._ids.make("req", self.requests)


class OpeningApp(App):
    """The app of a port until the real one is there; `early` answers the little that needs nothing of it."""

    def __init__(self, early: Callable[[Request], Answer | None], real: Callable[[], App]) -> None:
        self.durability = None
        self._early = early
        self._real = real

    @cached_property
    def answer(self) -> Responder:
        """Answers a request, by the real app unless it can be answered without."""
        return self._answer

    def max_body_bytes(self, path: str) -> int:
        """How large a body may be that is sent to this path."""
        return self._real().max_body_bytes(path)

    def give_way(self) -> None:
        """From now on the real app answers alone."""
        self.answer = self._real().answer

    def _answer(self, request: Request) -> Answer:
        early = self._early(request)
        if early is not None:
            return early
        self.give_way()
        return self.answer(request)


class Opening:
    """Stands for an application that is built when it is first needed.

    `options` must be plain: nothing in them can keep the application from being built.
    """

    archive = None

    def __init__(self, options: ServeOptions) -> None:
        self._options = options
        self._pulse = _Pulse(options)
        self._application: Application | None = None
        healths = {name: Health(shown, {}, self._pulse) for name, shown in SERVICE_NAMES.items()}
        whole = Health(GATEWAY, dict.fromkeys(SERVICE_NAMES.values(), HEALTHY), self._pulse)
        self._apps = {
            name: OpeningApp(partial(self._early, health), partial(self._real, name))
            for name, health in {**healths, GATEWAY: whole}.items()
        }
        self.services: Mapping[str, App] = {name: self._apps[name] for name in SERVICE_NAMES}
        self.gateway: App = self._apps[GATEWAY]
        self._steps: deque[Callable[[], object]] = deque(
            [
                *(partial(import_module, module) for module in _MODULES),
                self._build,
                *(app.give_way for app in self._apps.values()),
            ]
        )

    @property
    def runtime(self) -> Runtime:
        """What the apps share; it is loaded and built for that."""
        return self.load().runtime

    def new_request_id(self) -> str:
        """An id for one request, as the application gives them out."""
        return self.runtime.new_request_id()

    def load(self) -> Application:
        """The application, all of it; what is still missing is loaded now."""
        while self._application is None:
            self._step()
        return self._application

    async def warm_up(self) -> None:
        """Load in small steps, with room for requests between them."""
        await asyncio.sleep(QUIET_S)
        while self._steps:
            self._step()
            await asyncio.sleep(PAUSE_S)

    def _step(self) -> None:
        """Take the next step; one that fails is there again for the next who needs it."""
        self._steps[0]()
        self._steps.popleft()

    def _early(self, health: Health, request: Request) -> Answer | None:
        """What a program that just asks for the health is told until the application is there."""
        asked = (request.method, request.path) == ("GET", PATH) and "origin" not in request.headers
        return health(request) if asked and self._application is None else None

    def _real(self, name: str) -> App:
        application = self.load()
        return application.gateway if name == GATEWAY else application.services[name]

    def _build(self) -> None:
        from isa_mockserver.app import build

        from .settings import settings_of

        application = build(settings_of(self._options))
        for _ in range(self._pulse.requests):
            application.runtime.new_request_id()  # they were given out already
        self._application = application
