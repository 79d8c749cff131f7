"""One server on real ports for many tests at once, each in a sandbox of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from isa_mockserver.fixtures import SeedChoice
from isa_mockserver.serve.ports import GATEWAY

from .live import LiveServer
from .sandbox import C, Sandbox
from .server import MockServer

_MAX_NAME_CHARS = 64


class LiveSandbox(Sandbox):
    """A sandbox behind real ports: its clients and tokens name it, so that tests never see each other."""

    def __init__(self, sandbox: Sandbox, live: LiveServer) -> None:
        super().__init__(sandbox._runtime, sandbox._doors, sandbox._post)
        self._live = live
        self._opened: list[Any] = []

    def url(self, service: str = GATEWAY) -> str:
        """The base URL of a service, or of the gateway that serves all five."""
        return self._live.url(service)

    @property
    def headers(self) -> dict[str, str]:
        """What leads a request of any client into this sandbox."""
        return self._headers()

    def environment(self, user: str = "user_1") -> dict[str, str]:
        """What leads the SDK in a subprocess here: the URLs, and a token that names the sandbox."""
        return {**self._live.environment(), "ISA_USER_TOKEN": self.token(user)}

    def client(self, cls: type[C], *, user: str = "user_1", roles: Sequence[str] = (), **options: Any) -> C:
        """An SDK client of `cls`, sync or async, over real sockets; `options` are the client's own."""
        headers = {**self._headers(), **options.pop("default_headers", {})}
        token = self.token(user, roles=roles)
        client = cast(Any, cls)(self.url(), token=token, default_headers=headers, **options)
        self._opened.append(client)
        return cast(C, client)

    def close(self) -> None:
        """Close the sync clients that were handed out; async ones go with their event loop."""
        for client in self._opened:
            if hasattr(client, "close"):
                client.close()


class LiveSession:
    """The server of a whole run."""

    def __init__(self, server: MockServer, live: LiveServer) -> None:
        self.server = server
        self.live = live

    @contextmanager
    def sandbox(
        self, purpose: str, *, seed: SeedChoice = "none", clock: datetime | str | None = None
    ) -> Iterator[LiveSandbox]:
        """A fresh sandbox for `purpose`, such as a test's full name; it is dropped when the block ends."""
        name = sandbox_name(purpose)
        self.server._runtime.sandboxes.drop(name)
        box = LiveSandbox(self.server.sandbox(name, seed=seed, clock=clock), self.live)
        try:
            yield box
        finally:
            box.close()
            self.server._runtime.sandboxes.drop(name)


@contextmanager
def live_session() -> Iterator[LiveSession]:
    """A new server on free ports."""
    with MockServer() as server, server.serve() as live:
        yield LiveSession(server, live)


def sandbox_name(purpose: str) -> str:
    """A sandbox's name that is readable, and different for every purpose."""
    digest = hashlib.sha256(purpose.encode()).hexdigest()[:8]
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", purpose)[-(_MAX_NAME_CHARS - len(digest) - 1) :]
    return f"{readable}-{digest}"
