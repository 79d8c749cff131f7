"""What every endpoint of a running server shares: the World, the authenticator and the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from isa_mockserver.kernel.world import World

from .route import Principal


class Authenticator(Protocol):
    """Turns an `Authorization` header into a Principal, or refuses it (rules 8.1)."""

    def authenticate(self, authorization: str | None) -> Principal:
        """The caller. Raises DomainError: `authentication_required`, `invalid_token`, `token_expired`."""
        ...


@dataclass(slots=True)
class Runtime:
    """One running server. `start_world` builds the World as it is at start-up, fixture included.

    `strict_fields` refuses unknown body fields; `check_responses` holds every answer against its schema
    (for tests of the server itself).
    """

    start_world: Callable[[], World]
    authenticator: Authenticator
    strict_fields: bool = False
    check_responses: bool = False
    world: World = field(init=False)
    _requests: int = field(init=False, default=0)
    _listeners: list[Callable[[], None]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.world = self._started()

    def reset(self) -> None:
        """Go back to start-up: fixture, clock and ids."""
        self.world = self._started()
        self._requests = 0
        self.world.announce()

    @contextmanager
    def watched(self, listener: Callable[[], None]) -> Iterator[None]:
        """Have `listener` called after every commit and move of time, of the World of each moment.

        It runs within the change, in any thread: it may take note, and must not touch the World.
        """
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def _started(self) -> World:
        world = self.start_world()
        world.listeners = self._listeners
        return world

    def new_request_id(self) -> str:
        """An id for one request, repeatable with the id seed."""
        self._requests += 1
        return self.world.ids.make("req", self._requests)
