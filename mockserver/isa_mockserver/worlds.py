"""Worlds as a server starts them, with fixture, clock, ids and webhooks; or as its archive kept them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from .fixtures import SeedChoice, SeedName, seed_of
from .fixtures.demo import seed_demo
from .kernel.clock import Clock
from .kernel.codec import decode, encode
from .kernel.errors import DomainError, Failure
from .kernel.ids import IdSource, draw_id_seed
from .kernel.unit import Unit
from .kernel.world import World
from .slices import blueprint
from .web.runtime import SandboxStart
from .web.sandboxes import DEFAULT
from .web.snapshots import Snapshots
from .webhooks.endpoints import NewEndpoint, register
from .webhooks.model import ENDPOINTS
from .webhooks.signing import secret_of

if TYPE_CHECKING:
    from .persist.archive import Archive


class Start(NamedTuple):
    """How a server's Worlds begin, also after a reset: what a file keeps of the options of its first start.

    `clock` None ticks with real time, else it is frozen there. `repeatable` tells that the id seed was given.
    `fixture` is what the file said, where the seed is one.
    """

    seed: SeedName
    clock: datetime | None
    id_seed: int
    repeatable: bool
    fixture: Mapping[str, Any] | None = None

    @classmethod
    def chosen(cls, seed: SeedChoice, clock: datetime | None, id_seed: int | None) -> Start:
        """What the options say; without an id seed one is drawn (decision 8).

        Raises:
            FixtureError: the seed is a file that describes no fixture.
        """
        drawn = draw_id_seed() if id_seed is None else id_seed
        found = seed_of(seed, clock)
        return cls(found.name, clock, drawn, id_seed is not None, found.document)

    def ids(self, sandbox: str = DEFAULT) -> IdSource:
        """Where the ids of a sandbox come from."""
        return IdSource(self.id_seed, sandbox, self.repeatable)


@dataclass(frozen=True, slots=True)
class WorldMaker:
    """Makes the Worlds of one server; `archive` None keeps them in memory alone.

    `webhooks` are the endpoints that are there from the start, also after a reset.
    """

    start: Start
    webhooks: Sequence[NewEndpoint] = ()
    archive: Archive | None = None

    def __call__(self) -> World:
        """The default World: restored the first time where the archive has it, else as at the start."""
        world = unused_world(self.start)
        if not self._restored(world):
            self._begin(world, self.start)
        with world.unit(quiet=True) as unit:
            _register_all(unit, self.webhooks)
        return world

    def sandbox(self, start: SandboxStart) -> World:
        """The World of a sandbox: its own ids, and neither fixture nor webhooks unless it asks for them."""
        if start.seed == "server":
            start = start._replace(seed=self.start.seed, fixture=self.start.fixture)
        clock = Clock(start.clock or self.start.clock)
        world = World(blueprint(), clock=clock, ids=self.start.ids(start.name))
        if not self._restored(world):
            self._begin(world, start)
        return world

    def snapshots(self, world: World) -> Snapshots:
        """The snapshots of a World: those that the archive has of it, and from now on those that it gets."""
        if self.archive is None:
            return Snapshots()
        there = self.archive.snapshots(world)
        return Snapshots(there, partial(self.archive.keep_snapshot, world.ids.sandbox))

    def kept_sandboxes(self) -> list[SandboxStart]:
        """The sandboxes of the archive, beside the default one, that no World has taken over yet."""
        if self.archive is None:
            return []
        starts = {name: text for name, text in self.archive.starts().items() if name != DEFAULT}
        return [decode(SandboxStart, json.loads(text)) for text in starts.values()]

    def _restored(self, world: World) -> bool:
        return self.archive is not None and self.archive.restore(world)

    def _begin(self, world: World, start: Start | SandboxStart) -> None:
        """From nothing; archive and fixture in one, so that no crash leaves half a beginning."""
        with world.lock:
            if start.fixture is not None:
                _fill(world, start.fixture)
            elif start.seed == "demo":
                seed_demo(world)
            if self.archive is not None:
                self.archive.keep(world, json.dumps(encode(start)))


def _fill(world: World, fixture: Mapping[str, Any]) -> None:
    from .fixtures.building import WrongPlaceError, build  # here, for few servers start with a file

    try:
        build(world, fixture)
    except WrongPlaceError as error:  # it was tried out, but at another time
        detail = f"The fixture does not fit this time: {error}"
        raise DomainError.of_failures([Failure("seed", "invalid_value", detail)]) from None


def world_maker(
    choose: Callable[[], Start], webhooks: Sequence[NewEndpoint], archive: Archive | None
) -> WorldMaker:
    """Makes Worlds as the archive's first start chose, else as is chosen now.

    Raises:
        FixtureError: the seed that is chosen now is a file that describes no fixture.
    """
    text = archive.starts().get(DEFAULT) if archive is not None else None
    start = choose() if text is None else decode(Start, json.loads(text))
    kept = archive.rows(DEFAULT, ENDPOINTS) if archive is not None else []
    known = {endpoint.url: endpoint.secret for endpoint in kept}
    return WorldMaker(start, _with_secrets(webhooks, start.ids(), known), archive)


def unused_world(start: Start) -> World:
    """A World with that clock and those ids, in which nothing is yet."""
    return World(blueprint(), clock=Clock(start.clock), ids=start.ids())


def _with_secrets(
    endpoints: Sequence[NewEndpoint], ids: IdSource, known: Mapping[str, str]
) -> tuple[NewEndpoint, ...]:
    """Secrets that outlive resets and restarts: a receiver keeps the one that it was given (rules WH-10)."""
    return tuple(
        endpoint._replace(
            secret=endpoint.secret
            or known.get(endpoint.url)
            or secret_of(ids.key("webhook", f"start:{number}")),
        )
        for number, endpoint in enumerate(endpoints, 1)
    )


def _register_all(unit: Unit, endpoints: Sequence[NewEndpoint]) -> None:
    known = {endpoint.url: endpoint for endpoint in unit.scan(ENDPOINTS)}
    for wanted in endpoints:
        there = known.get(wanted.url)
        if there is None:
            register(unit, wanted)
        elif wanted.secret and there.secret != wanted.secret:
            unit.put(ENDPOINTS, there._replace(secret=wanted.secret))
