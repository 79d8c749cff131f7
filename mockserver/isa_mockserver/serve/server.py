"""The uvicorn server: one for all sockets, and a quiet end on SIGINT and SIGTERM."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

from uvicorn import Config, Server

from isa_mockserver.app import Application

from .dispatch import PortDispatch
from .protocol import BoundedProtocol
from .sockets import BACKLOG, Listening

KEEP_ALIVE_S = 75
GRACEFUL_STOP_S = 5
_STOPPING = (signal.SIGINT, signal.SIGTERM)


class QuietServer(Server):
    """Ends with status 0 on SIGINT and SIGTERM: uvicorn itself would raise the signal again at the end."""

    def __init__(self, config: Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, *args: Any, **kwargs: Any) -> None:
        """Open for requests, then say so."""
        await super().startup(*args, **kwargs)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on the first signal; on a second SIGINT, stop without waiting for what is in flight."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _STOPPING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def make_server(
    application: Application, listening: Listening, on_ready: Callable[[], None] = lambda: None
) -> QuietServer:
    """A server for the open sockets; `on_ready` is called once it answers on all of them."""
    protocol = partial(BoundedProtocol, new_request_id=application.runtime.new_request_id)
    config = Config(
        PortDispatch(application, listening.ports),
        http=cast(Any, protocol),
        ws="none",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACEFUL_STOP_S,
    )
    return QuietServer(config, on_ready)


def run(application: Application, listening: Listening, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is in flight, for 5 seconds at most."""
    make_server(application, listening, on_ready).run(sockets=list(listening.sockets))


def log_to_stderr(level: str) -> None:
    """Send the server's log to standard error; it never holds a token or a body.

    `level` is one of debug, info, warning, error, critical.
    """
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    chatty = logging.getLogger("uvicorn")
    chatty.setLevel(max(logging.getLogger().level, logging.WARNING))
