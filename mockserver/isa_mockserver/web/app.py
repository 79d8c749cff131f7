"""What serves one port: a plain function from request to answer, which is an ASGI app too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from .asgi import ClientGoneError, Receive, Scope, Send, read_request, send_answer
from .browsers import ForBrowsers
from .durable import Durability, unavailable
from .wire import Answer, Request, Responder

if TYPE_CHECKING:
    from .service import Router


class App:
    """One port. Its routes are made at the first request: there are many ports, and a test mostly uses one.

    `durability` tells how far the state is on the disk, where it is kept on one: who carries an answer away
    waits for it. `browsers` lets web pages of every origin call (CORS).
    """

    def __init__(
        self,
        make_router: Callable[[], Router],
        durability: Durability | None = None,
        *,
        browsers: bool = True,
    ) -> None:
        self._make_router = make_router
        self._browsers = browsers
        self.durability = durability

    @cached_property
    def answer(self) -> Responder:
        """Answers a request; it waits for nothing, and never raises."""
        return ForBrowsers(self._router) if self._browsers else self._router

    def max_body_bytes(self, path: str) -> int:
        """How large a body may be that is sent to this path."""
        return self._router.max_body_bytes(path)

    def when_settled(self, answer: Answer, carry: Callable[[Answer], object]) -> None:
        """Hand the answer on once all that was committed is durable, or a 503 in its place.

        At once where nothing has to be waited for, else later, in the running event loop.
        """
        durability = self.durability
        if durability is None:
            carry(answer)
        else:
            durability.when_reached(
                durability.sequence, lambda reached: carry(answer if reached else unavailable(answer))
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer over ASGI; a client that goes away before its request is complete has asked for nothing."""
        with suppress(ClientGoneError):
            request: Request = await read_request(scope, receive, self.max_body_bytes(scope["path"]))
            answer, durability = self.answer(request), self.durability
            if durability is not None and not await durability.reached(durability.sequence):
                answer = unavailable(answer)
            await send_answer(send, answer)

    @cached_property
    def _router(self) -> Router:
        return self._make_router()
