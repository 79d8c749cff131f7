"""The uvicorn server: one for all sockets, and a quiet end on SIGINT and SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

from uvicorn import Config, Server

from isa_mockserver.app import Application
from isa_mockserver.webhooks.courier import Courier, Sender
from isa_mockserver.webhooks.http import HttpSender

from .durable import DurableSender
from .ports import GATEWAY
from .protocol import Connection
from .rendering import CommonLines
from .sockets import BACKLOG, Listening

KEEP_ALIVE_S = 75
GRACEFUL_STOP_S = 5
_STOPPING = (signal.SIGINT, signal.SIGTERM)
_CHATTY = ("uvicorn", "httpx", "httpcore")


class QuietServer(Server):
    """Ends with status 0 on SIGINT and SIGTERM: uvicorn itself would raise the signal again at the end."""

    def __init__(
        self,
        config: Config,
        on_ready: Callable[[], None],
        beside: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._beside = beside

    async def startup(self, *args: Any, **kwargs: Any) -> None:
        """Open for requests, then say so."""
        await super().startup(*args, **kwargs)
        self._on_ready()

    def stop_soon(self) -> None:
        """Answer what is in flight, then end; callable from any thread."""
        self.should_exit = True

    async def main_loop(self) -> None:
        """Serve until the end is asked for, and do what is done beside it."""
        beside = asyncio.create_task(self._beside())
        try:
            await super().main_loop()
        finally:
            beside.cancel()
            await asyncio.wait([beside])

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
    application: Application,
    listening: Listening,
    on_ready: Callable[[], None],
    sender: Sender | None,
) -> QuietServer:
    """A server for the open sockets; `on_ready` is called once it answers on all of them.

    It also does due work in real time and delivers webhooks by `sender`; None where another one does.
    """
    apps = {**application.services, GATEWAY: application.gateway}
    protocol = partial(
        Connection,
        apps={port: apps[service] for service, port in listening.ports.items()},
        new_request_id=application.runtime.new_request_id,
        common=CommonLines(),
    )
    config = Config(
        application.gateway,
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
    return QuietServer(config, on_ready, partial(_deliver, application, sender))


async def _deliver(application: Application, sender: Sender | None) -> None:
    """Do due work and deliver webhooks, of every sandbox, until it is cancelled."""
    runtime = application.runtime
    if sender is None:
        return
    if application.archive is not None:
        sender = DurableSender(sender, application.archive.writer)
    courier = Courier(lambda: [each.world for each in runtime.sandboxes.all()], sender)
    with runtime.watched(courier.wake):
        await courier.run()


def run(application: Application, listening: Listening, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is in flight, for 5 seconds at most."""
    server = make_server(application, listening, on_ready, HttpSender())
    if application.archive is not None:
        application.archive.writer.on_failure = server.stop_soon
    server.run(sockets=list(listening.sockets))


def log_to_stderr(level: str) -> None:
    """Send the server's log to standard error; it never holds a token or a body.

    `level` is one of debug, info, warning, error, critical.
    """
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.getLogger().level, logging.WARNING))
