"""MockServer: the whole reference server as one object, without sockets, threads or an event loop."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from isa_mockserver.app import DOCUMENTED_PORTS, Application, SeedName, Settings, build
from isa_mockserver.kernel.clock import parse_time, wall_now
from isa_mockserver.web.auth import mint_token

from .inprocess import Doors
from .transports import AsyncInProcess, SyncInProcess
from .views import ClockView, EventView, LedgerView

if TYPE_CHECKING:
    from .live import LiveServer


class Client(Protocol):
    """An SDK client class, sync or async."""

    @classmethod
    def _bound(cls, *, transport: Any, sleep: Any, token: str) -> Self: ...


C = TypeVar("C", bound=Client)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer below the SDK: status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class MockServer:
    """The reference server in process, for tests and notebooks.

    Args:
        seed: the fixture to start with: `none` (empty) or `demo` (the page's users and balances).
        id_seed: ids and secrets derive from it, so that runs repeat byte for byte.
        clock: where the frozen clock stands; None is the real time, floored to the second.
        strict_fields: refuse unknown body fields instead of warning about them.
        check_responses: hold every answer against its schema (for tests of the server itself).
    """

    def __init__(
        self,
        *,
        seed: SeedName = "none",
        id_seed: int = 0,
        clock: datetime | str | None = None,
        strict_fields: bool = False,
        check_responses: bool = False,
    ) -> None:
        start = parse_time(clock) if isinstance(clock, str) else clock
        self._application: Application = build(
            Settings(
                seed=seed,
                id_seed=id_seed,
                clock=start or wall_now(),
                strict_fields=strict_fields,
                check_responses=check_responses,
            )
        )
        runtime = self._application.runtime
        apps = {DOCUMENTED_PORTS[name]: app for name, app in self._application.services.items()}
        self._doors = Doors(apps, self._application.gateway)
        self.clock = ClockView(runtime)
        self.events = EventView(runtime)
        self.ledger = LedgerView(runtime)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        return None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    def token(self, user: str = "user_1", *, roles: Sequence[str] = ()) -> str:
        """A bearer token for `user`, accepted by this server."""
        return mint_token(user, roles=roles)

    def client(self, cls: type[C], *, user: str = "user_1", roles: Sequence[str] = ()) -> C:
        """An SDK client of `cls`, sync or async, that talks to this server as `user`.

        It keeps the SDK's own defaults, but does not really sleep between retries.
        """
        token = self.token(user, roles=roles)
        if cls.__name__.startswith("Sync"):
            return cls._bound(transport=SyncInProcess(self._doors), sleep=_no_sleep, token=token)
        return cls._bound(transport=AsyncInProcess(self._doors), sleep=_no_async_sleep, token=token)

    def reset(self) -> None:
        """Go back to the start: fixture, clock and ids."""
        self._application.runtime.reset()

    def serve(self, ports: Mapping[str, int] | None = None) -> AbstractContextManager[LiveServer]:
        """Open real ports over this server's World, as a context manager; free ones unless given.

        Raises:
            isa_mockserver.serve.sockets.CannotListenError: a port is taken.
        """
        from . import live

        return live.serve(self._application, ports)

    def request(
        self,
        method: str,
        path: str,
        *,
        user: str | None = "user_1",
        json_body: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        port: int = 8200,
    ) -> RawAnswer:
        """Send one raw request (by default to the gateway) and give the raw answer.

        `user=None` sends no token. `json_body` is sent as JSON; `body` as it is.
        """
        sent = {} if user is None else {"authorization": f"Bearer {self.token(user)}"}
        content = body if body is not None else b"" if json_body is None else json.dumps(json_body).encode()
        if content:
            sent["content-type"] = "application/json"
        sent.update({name.lower(): value for name, value in (headers or {}).items()})
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()]
        status, answered, content = self._doors.call(method, f"http://localhost:{port}{path}", raw, content)
        return RawAnswer(status, {name.decode(): value.decode() for name, value in answered}, content)


def _no_sleep(seconds: float) -> None:
    """In process nothing is gained by waiting."""


async def _no_async_sleep(seconds: float) -> None:
    """In process nothing is gained by waiting."""
