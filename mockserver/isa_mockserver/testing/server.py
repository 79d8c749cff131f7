"""MockServer: the whole reference server as one object, without sockets, threads or an event loop."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from isa_mockserver.app import DOCUMENTED_PORTS, Application, Settings, build
from isa_mockserver.fixtures import Seed, SeedChoice, seed_of
from isa_mockserver.kernel.clock import wall_now
from isa_mockserver.web.moments import moment_of
from isa_mockserver.web.runtime import SandboxStart
from isa_mockserver.web.sandboxes import NAME_WORDS, is_sandbox_name

from .inprocess import Doors
from .post import Post
from .sandbox import RawAnswer, Sandbox

if TYPE_CHECKING:
    from .live import LiveServer

__all__ = ["MockServer", "RawAnswer"]


class MockServer(Sandbox):
    """The reference server in process, for tests and notebooks.

    It is its own default sandbox; `sandbox(name)` gives others.

    Args:
        seed: the fixture to start with: `none` (empty), `demo` (the page's users and balances), or the path
            of a file, YAML or JSON, that describes one.
        id_seed: ids and secrets derive from it, so that runs repeat byte for byte.
        clock: where the frozen clock stands: an aware datetime, RFC 3339 text, or a date, which is its
            midnight in UTC. None is the time at which the server is made, floored to the second.
        data: file that keeps the state and its snapshots, written before each answer. What it holds already
            is loaded, and then `seed`, `id_seed` and `clock` are those of its first start. None is memory.
        strict_fields: refuse unknown body fields instead of warning about them.
        check_responses: hold every answer against its schema (for tests of the server itself).

    Raises:
        isa_mockserver.persist.store.StateFileError: `data` is in use, damaged or no state file.
        isa_mockserver.fixtures.FixtureError: `seed` is neither a fixture's name nor a file of one.
        ValueError: `clock` is no time, or has no zone.
    """

    def __init__(
        self,
        *,
        seed: SeedChoice = "none",
        id_seed: int = 0,
        clock: datetime | str | None = None,
        data: Path | str | None = None,
        strict_fields: bool = False,
        check_responses: bool = False,
    ) -> None:
        self._start_clock = wall_now() if clock is None else moment_of(clock)
        self._application: Application = build(
            Settings(
                seed=seed,
                id_seed=id_seed,
                clock=self._start_clock,
                data=None if data is None else Path(data),
                strict_fields=strict_fields,
                check_responses=check_responses,
            )
        )
        apps = {DOCUMENTED_PORTS[name]: app for name, app in self._application.services.items()}
        runtime = self._application.runtime
        post = Post(runtime)
        super().__init__(runtime, Doors(apps, self._application.gateway, post), post)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open, such as the file of `data`; the end of the context does it too."""
        try:
            self._post.close()
        finally:
            self._application.close()

    def sandbox(
        self, name: str, *, seed: SeedChoice = "none", clock: datetime | str | None = None
    ) -> Sandbox:
        """The sandbox of that name; `seed` (`server`: this server's own) and `clock` count where it is new.

        Raises:
            isa_mockserver.fixtures.FixtureError: `seed` is neither a fixture's name nor a file of one.
            ValueError: a sandbox cannot be called so, or `clock` is no time.
            isa_mockserver.kernel.errors.DomainError: `too_many_sandboxes`.
        """
        if not is_sandbox_name(name):
            raise ValueError(f"{name!r} is no name of a sandbox: it {NAME_WORDS}")
        moment = None if clock is None else moment_of(clock)
        found = Seed("server") if seed == "server" else seed_of(seed, moment or self._start_clock)
        start = SandboxStart(name, found.name, moment, found.document)
        sandboxes = self._runtime.sandboxes
        with sandboxes.changing:
            runtime = sandboxes.find(name) or self._runtime.make_sandbox(start)
        return Sandbox(runtime, self._doors, self._post)

    def serve(self, ports: Mapping[str, int] | None = None) -> AbstractContextManager[LiveServer]:
        """Open real ports over this server's World, as a context manager; free ones unless given.

        Raises:
            isa_mockserver.serve.sockets.CannotListenError: a port is taken.
        """
        from . import live

        return live.serve(self._application, ports, self._post.lend)
