"""HTTP/1.1 on one connection: requests are answered in their order, each at once where nothing is waited for.

Computing an answer never waits; carrying it away may: for the disk, or because a fault says so. Meanwhile
the connection reads no further. Heads, bodies and the time that they take are bounded.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from uvicorn import Config
from uvicorn.server import ServerState

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.app import App
from isa_mockserver.web.wire import Answer, Delivery, Request, begun

from .reading import MAX_HEAD_BYTES, HeadTooLargeError, NotHttpError, Reader
from .rendering import CONTINUE, CommonLines, rendered

MAX_REQUEST_S = 60.0
"""So long a request may take to arrive: who opens connections and sends drop by drop does not keep them."""
WATCH_S = 15.0
LAST_CALL_S = 4.5
LINGER_S = 1.0

logger = logging.getLogger("isa_mockserver")
_TOO_LARGE = DomainError("headers_too_large", f"The headers are larger than {MAX_HEAD_BYTES} bytes.")
_NOT_HTTP = DomainError("malformed_request", "This is not an HTTP/1.1 request.")
_DEFECT = Answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"Internal Server Error\n", "text/plain; charset=utf-8")


class Connection(asyncio.Protocol):
    """One connection to a port; `apps` has the app of each port. Uvicorn's server makes and ends them."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: Mapping[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        apps: Mapping[int, App],
        new_request_id: Callable[[], str],
        common: CommonLines,
    ) -> None:
        self._keep_alive_s = config.timeout_keep_alive
        self._server = server_state
        self._loop = _loop or asyncio.get_running_loop()
        self._apps = apps
        self._new_request_id = new_request_id
        self._common = common
        self._queue: deque[tuple[Request, bool]] = deque()
        self._carrying = self._going_on = False
        self._invitation_due = False
        self._writable = True
        self._ending = False
        self._closed = False
        self._arriving_since: float | None = None
        self._idle_since = 0.0
        self._watch: asyncio.TimerHandle | None = None

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, but not for ever."""
        self._transport = cast(asyncio.Transport, transport)
        self._app = self._apps[transport.get_extra_info("sockname")[1]]
        self._reader = Reader(self._received, self._app.max_body_bytes, self._invite)
        self._arriving_since = self._loop.time()
        self._watch = self._loop.call_later(WATCH_S, self._look_after)
        self._server.connections.add(self)  # type: ignore[arg-type]

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come, and nobody listens."""
        self._server.connections.discard(self)
        self._queue.clear()
        if self._watch is not None:
            self._watch.cancel()

    def data_received(self, data: bytes) -> None:
        """Parse, and answer what is complete."""
        if self._closed:
            return
        if self._arriving_since is None:
            self._arriving_since = self._loop.time()
        try:
            self._reader.feed(data)
        except HeadTooLargeError:
            self._refuse(_TOO_LARGE)
        except NotHttpError:
            self._refuse(_NOT_HTTP)

    def pause_writing(self) -> None:
        """The client takes its answers too slowly: it gets no more until it has caught up."""
        self._writable = False

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._writable = True
        self._go_on()

    # What the server calls

    def shutdown(self) -> None:
        """Close when idle, else once the request in flight is answered, or when it takes too long."""
        if self._carrying or self._queue or self._reader.in_body:
            self._ending = True
            self._loop.call_later(LAST_CALL_S, self._transport.abort)
        else:
            self._transport.close()

    # From request to answer

    def _received(self, request: Request, keep_alive: bool) -> None:
        self._arriving_since = None
        self._invitation_due = False
        if self._closed:
            return
        if self._carrying or self._queue or not self._writable:
            self._queue.append((request, keep_alive))
            self._transport.pause_reading()
        else:
            self._answer(request, keep_alive)

    def _answer(self, request: Request, keep_alive: bool) -> None:
        app = self._app
        try:
            answer = app.answer(request)
        except Exception:
            logger.exception("%s %r failed", request.method, request.path)
            answer = _DEFECT
        if app.durability is None and answer.delivery is None:
            self._write(answer, _sent_of(answer, request), keep_alive)
            return
        self._carrying = True
        app.when_settled(answer, partial(self._settled, request, keep_alive))

    def _settled(self, request: Request, keep_alive: bool, answer: Answer) -> None:
        if answer.delivery is None:
            self._write(answer, _sent_of(answer, request), keep_alive)
            self._delivered()
            return
        task = self._loop.create_task(self._deliver(request, answer, answer.delivery, keep_alive))
        self._server.tasks.add(task)
        task.add_done_callback(self._server.tasks.discard)

    async def _deliver(self, request: Request, answer: Answer, delivery: Delivery, keep_alive: bool) -> None:
        """Do to the answer what a fault says."""
        try:
            await asyncio.sleep(delivery.latency_s)
            if not delivery.drop:
                self._write(answer, _sent_of(answer, request), keep_alive)
            elif delivery.begun:
                self._write(answer, begun(answer), keep_alive=False)
            else:
                self._transport.abort()
        finally:
            self._delivered()

    def _delivered(self) -> None:
        self._carrying = False
        self._go_on()

    def _go_on(self) -> None:
        """Answer what has arrived meanwhile, one after the other: an answer may be settled at once."""
        if self._going_on:
            return
        self._going_on = True
        try:
            while self._queue and self._writable and not self._carrying:
                self._answer(*self._queue.popleft())
        finally:
            self._going_on = False
        if not self._queue and not self._carrying and not self._transport.is_closing():
            self._transport.resume_reading()
            if self._invitation_due:
                self._invite()

    def _write(self, answer: Answer, body: bytes, keep_alive: bool) -> None:
        transport = self._transport
        if transport.is_closing():
            return
        keep_alive = keep_alive and not self._ending
        common = self._common.lines(self._server.default_headers)
        try:
            written = rendered(answer, common, keep_alive=keep_alive, body=body)
        except ValueError:
            logger.exception("an answer with status %d cannot be sent", answer.status)
            written = rendered(_DEFECT, common, keep_alive=keep_alive, body=_DEFECT.body)
        transport.write(written)
        self._server.total_requests += 1
        self._idle_since = self._loop.time()
        if not keep_alive:
            self._closed = True
            self._queue.clear()
            transport.close()

    def _invite(self) -> None:
        """Ask for the body that a client holds back, once what it asked before is answered."""
        self._invitation_due = self._carrying or bool(self._queue)
        if not self._invitation_due:
            self._transport.write(CONTINUE)

    # Its end

    def _look_after(self) -> None:
        """Close on a request that has been arriving for too long, and on one that does not come."""
        now = self._loop.time()
        since = self._arriving_since
        if since is not None and now - since > MAX_REQUEST_S:
            self._transport.abort()
        elif since is None and not self._carrying and now - self._idle_since > self._keep_alive_s:
            self._transport.close()
        else:
            self._watch = self._loop.call_later(WATCH_S, self._look_after)

    def _refuse(self, error: DomainError) -> None:
        """Answer, then read on for a moment: closing on unread data would reset the connection."""
        from isa_mockserver.web.answers import refusal  # here, for most clients speak HTTP

        self._closed = True
        answer = refusal(error, self._new_request_id())
        self._transport.write(rendered(answer, b"", keep_alive=False, body=answer.body))
        self._transport.write_eof()
        self._loop.call_later(LINGER_S, self._transport.close)


def _sent_of(answer: Answer, request: Request) -> bytes:
    return b"" if request.method == "HEAD" else answer.body
