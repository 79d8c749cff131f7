"""The uvicorn server: one for all sockets, and a quiet end on SIGINT and SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from uvicorn import Config, Server

from .opening import Opening
from .ports import GATEWAY
from .protocol import Connection
from .rendering import CommonLines
from .sockets import BACKLOG, Listening

if TYPE_CHECKING:
    from isa_mockserver.app import Application
    from isa_mockserver.webhooks.courier import Sender

KEEP_ALIVE_S = 75
GRACEFUL_STOP_S = 5
_NEW_OBJECTS = 20_000
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
        beside = asyncio.create_task(self._beside_or_stop())
        try:
            await super().main_loop()
        finally:
            beside.cancel()
            await asyncio.wait([beside])
        if not beside.cancelled():
            beside.result()

    async def _beside_or_stop(self) -> None:
        try:
            await self._beside()
        except Exception:
            self.stop_soon()
            raise

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
    application: Application | Opening,
    listening: Listening,
    on_ready: Callable[[], None],
    make_sender: Callable[[], Sender | None],
) -> QuietServer:
    """A server for the open sockets; `on_ready` is called once it answers on all of them.

    It also does due work in real time, and delivers webhooks by the sender that is made for it; None where
    another one does.
    """
    apps = {**application.services, GATEWAY: application.gateway}
    protocol = partial(
        Connection,
        apps={port: apps[service] for service, port in listening.ports.items()},
        new_request_id=application.new_request_id,
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
    return QuietServer(config, on_ready, partial(_deliver, application, make_sender))


async def _deliver(application: Application | Opening, make_sender: Callable[[], Sender | None]) -> None:
    """Load what is missing; then do due work and deliver webhooks, of every sandbox, until cancelled."""
    if isinstance(application, Opening):
        await application.warm_up()
        gc.freeze()
    sender = make_sender()
    if sender is None:
        return
    from isa_mockserver.webhooks.courier import Courier

    runtime = application.runtime
    if application.archive is not None:
        from .durable import DurableSender

        sender = DurableSender(sender, application.archive.writer)
    courier = Courier(lambda: [each.world for each in runtime.sandboxes.all()], sender)
    with runtime.watched(courier.note):
        await courier.run()


def run(application: Application | Opening, listening: Listening, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is in flight, for 5 seconds at most."""
    server = make_server(application, listening, on_ready, _http_sender)
    if application.archive is not None:
        application.archive.writer.on_failure = server.stop_soon
    _collect_less_often()
    server.run(sockets=list(listening.sockets))


def _http_sender() -> Sender:
    from isa_mockserver.webhooks.http import HttpSender  # here, for it is not needed to open the ports

    return HttpSender()


def _collect_less_often() -> None:
    """Leave what is loaded out of the search for garbage, and search less often: requests make few cycles."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 100)


def log_to_stderr(level: str) -> None:
    """Send the server's log to standard error; it never holds a token or a body.

    `level` is one of debug, info, warning, error, critical.
    """
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.getLogger().level, logging.WARNING))
