"""Real ports over the World of a MockServer: for a subprocess, a browser or another language."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from isa_mockserver.app import Application
from isa_mockserver.serve.banner import URL_VARIABLES, base_url
from isa_mockserver.serve.ports import DOCUMENTED, GATEWAY
from isa_mockserver.serve.server import make_server
from isa_mockserver.serve.sockets import listen
from isa_mockserver.webhooks.courier import Sender

HOST = "127.0.0.1"
_START_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A server on open ports: service (and `gateway`) -> port."""

    ports: Mapping[str, int]

    def url(self, service: str = GATEWAY) -> str:
        """The base URL of a service, or of the gateway that serves all five."""
        return base_url(HOST, self.ports[service])

    def environment(self) -> dict[str, str]:
        """The variables by which the SDK finds this server: `ISA_USER_PAYMENT_URL` and so on."""
        return {variable: self.url(service) for service, variable in URL_VARIABLES.items()}


@contextmanager
def serve(
    application: Application,
    ports: Mapping[str, int] | None,
    lend: Callable[[], AbstractContextManager[Sender | None]],
) -> Iterator[LiveServer]:
    """Serve in a thread until the block ends; every port that is not given is a free one.

    `lend` hands over what delivers webhooks meanwhile, if nothing else does.

    Raises:
        isa_mockserver.serve.sockets.CannotListenError: a port is taken.
        TimeoutError: the server did not come up within 10 seconds.
    """
    listening = listen(HOST, {**dict.fromkeys(DOCUMENTED, 0), **(ports or {})})
    with lend() as sender:
        ready = threading.Event()
        server = make_server(application, listening, ready.set, lambda: sender)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": list(listening.sockets)}, name="isa-mockserver", daemon=True
        )
        thread.start()
        try:
            if not ready.wait(_START_LIMIT_S):
                raise TimeoutError(f"the server did not come up within {_START_LIMIT_S:g} s")
            yield LiveServer(listening.ports)
        finally:
            server.should_exit = True
            thread.join()
            listening.close()
