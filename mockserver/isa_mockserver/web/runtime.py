"""What the endpoints share: one sandbox's World, and the settings of the whole server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from isa_mockserver.kernel.world import World

from .faults.book import FaultBook
from .faults.model import Fault
from .faults.schema import Operations
from .journal import Journal
from .route import Principal
from .sandboxes import DEFAULT, Sandboxes
from .snapshots import Snapshots


class Authenticator(Protocol):
    """Turns an `Authorization` header into a Principal, or refuses it (rules 8.1)."""

    def authenticate(self, authorization: str | None) -> Principal:
        """The caller. Raises DomainError: `authentication_required`, `invalid_token`, `token_expired`."""
        ...


class SandboxStart(NamedTuple):
    """How a sandbox begins: empty unless `seed` names a fixture; `clock` None is the server's own start.

    `fixture` is what a file said, where the seed is one; the seed `server` is the default sandbox's.
    """

    name: str
    seed: str = "none"
    clock: datetime | None = None
    fixture: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Runtime:
    """One sandbox of a running server (decision 1), and the settings that all of its sandboxes share.

    `start_world` builds the World as it is at start-up, fixture included; `start_sandbox` that of another
    sandbox (None: like this one's); `start_snapshots` finds the snapshots that a World has then.
    `strict_fields` refuses unknown body fields; `check_responses` holds every answer against its schema (for
    tests of the server itself); `admins_only` lets only admins steer the server by headers (where tokens are
    verified). `operations` are the names that a fault may give; `faults_at_start` are armed in every sandbox
    from the start, also after a reset. `own_names` count as this machine beside the loopback ones.
    """

    start_world: Callable[[], World]
    authenticator: Authenticator
    strict_fields: bool = False
    check_responses: bool = False
    admins_only: bool = False
    operations: Operations = field(default_factory=dict[str, frozenset[str]], repr=False)
    faults_at_start: Sequence[Fault] = ()
    start_sandbox: Callable[[SandboxStart], World] | None = None
    start_snapshots: Callable[[World], Snapshots] = lambda world: Snapshots()
    own_names: frozenset[str] = frozenset()
    sandbox: str = DEFAULT
    sandboxes: Sandboxes[Runtime] = field(default_factory=Sandboxes, repr=False)
    world: World = field(init=False)
    journal: Journal = field(init=False, repr=False)
    faults: FaultBook = field(init=False, repr=False)
    snapshots: Snapshots = field(init=False, repr=False)
    _requests: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._begin()
        self.sandboxes.add(self)

    def reset(self) -> None:
        """Go back to start-up: fixture, clock, ids, an empty journal; other sandboxes stay as they are."""
        self._begin()
        self.world.announce()

    def _begin(self) -> None:
        self.world = self._started()
        self.journal = Journal()
        self.faults = FaultBook(self.faults_at_start)
        self.snapshots = self.start_snapshots(self.world)
        self._requests = 0

    def in_sandbox(self, name: str) -> Runtime:
        """The sandbox of that name, made now and empty where it is new.

        Raises:
            DomainError: `too_many_sandboxes`.
        """
        found = self.sandboxes.find(name)
        if found is not None:
            return found
        with self.sandboxes.changing:
            return self.sandboxes.find(name) or self.make_sandbox(SandboxStart(name))

    def make_sandbox(self, start: SandboxStart) -> Runtime:
        """A new sandbox, in place of one of the same name.

        Raises:
            DomainError: `too_many_sandboxes`.
        """
        self.sandboxes.check_room(start.name)
        make = self.start_sandbox
        return Runtime(
            start_world=self.start_world if make is None else lambda: make(start),
            authenticator=self.authenticator,
            strict_fields=self.strict_fields,
            check_responses=self.check_responses,
            admins_only=self.admins_only,
            operations=self.operations,
            faults_at_start=self.faults_at_start,
            start_sandbox=make,
            own_names=self.own_names,
            start_snapshots=self.start_snapshots,
            sandbox=start.name,
            sandboxes=self.sandboxes,
        )

    @contextmanager
    def watched(self, listener: Callable[[World], None]) -> Iterator[None]:
        """Have `listener` called after every commit and move of time, in the World of any sandbox.

        It runs within the change, in any thread: it may take note, and must not touch the World.
        """
        self.sandboxes.listeners.append(listener)
        try:
            yield
        finally:
            self.sandboxes.listeners.remove(listener)

    def _started(self) -> World:
        world = self.start_world()
        world.listeners = self.sandboxes.listeners
        return world

    def now(self) -> datetime:
        """The time of the sandbox's World."""
        return self.world.clock.now()

    def new_request_id(self) -> str:
        """An id for one request, repeatable with the id seed."""
        self._requests += 1
        return self.world.ids.make("req", self._requests)
