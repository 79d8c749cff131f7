"""The driver of async clients, on asyncio and trio."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from isa_user._call import Call
from isa_user._config import ClientConfig
from isa_user._core._settings import NOTHING, SHALLOW, Settings, httpx_transports, now
from isa_user._flow import Effect, GetToken, Outcome, Reply, Send, flow
from isa_user._log import log_call
from isa_user._operations import Operation
from isa_user._paging import AsyncPager
from isa_user._response import PageData, parse_model, parse_page
from isa_user._tokens import AsyncTokens
from isa_user._wire import AsyncSleep, AsyncTransport, TransportFailure
from isa_user.errors import IsaError

if TYPE_CHECKING:
    import httpx

__all__ = ["AsyncCore"]

T = TypeVar("T")


async def _sleep(seconds: float) -> None:
    import anyio

    await anyio.sleep(seconds)


class AsyncCore(Settings):
    """Runs calls on asyncio or trio."""

    def __init__(
        self,
        config: ClientConfig,
        *,
        http_client: httpx.AsyncClient | None = None,
        transport: AsyncTransport | None = None,
        sleep: AsyncSleep | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(config, clock or time.monotonic)
        self._transport = transport
        self._sleep = sleep or _sleep
        self._tokens = AsyncTokens(config.token)
        if http_client is not None:
            self._transport = httpx_transports().HttpxAsyncTransport(http_client)

    async def call(
        self,
        operation: Operation[T],
        options: Mapping[str, Any],
        *,
        path: Mapping[str, Any] = NOTHING,
        query: Mapping[str, Any] = NOTHING,
        body: Mapping[str, Any] | None = None,
    ) -> T:
        """Run one call and read its answer."""
        with SHALLOW:
            call = self.prepare(operation, options, path, query, body)
            outcome = await self._run(call)
            return parse_model(call, outcome.response, outcome.info)

    def pages(
        self,
        operation: Operation[T],
        options: Mapping[str, Any],
        *,
        path: Mapping[str, Any] = NOTHING,
        query: Mapping[str, Any] = NOTHING,
    ) -> AsyncPager[T]:
        """Check a list call and return what awaits or walks its pages."""
        with SHALLOW:
            first = self.prepare(operation, options, path, query)

        async def fetch(cursor: str | None) -> PageData[T]:
            again = {**query, "cursor": cursor}
            with SHALLOW:
                call = first if cursor is None else self.prepare(operation, options, path, again)
                outcome = await self._run(call)
                return parse_page(call, outcome.response, outcome.info)

        return AsyncPager(fetch, operation.name)

    async def _run(self, call: Call[Any]) -> Outcome:
        self._lifetime.check()
        if self._tracing is None:
            return await self._run_now(call)
        with self._tracing.span(call) as traced:
            outcome = await self._run_now(traced.call)
            traced.answered(outcome.info)
            return outcome

    async def _run_now(self, call: Call[Any]) -> Outcome:
        started_at = self.clock()
        try:
            outcome = await self._drive(call)
        except IsaError as error:
            self._failed(call, error, started_at)
            raise
        log_call(call, outcome.info.status, outcome.info, outcome.info.elapsed)
        return outcome

    async def _drive(self, call: Call[Any]) -> Outcome:
        steps = flow(call, clock=self.clock, now=now, random=random.random)
        effect = next(steps)
        while True:
            reply = await self._perform(effect)
            try:
                effect = steps.send(reply)
            except StopIteration as done:
                outcome: Outcome = done.value
                return outcome

    async def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, Send):
            try:
                return await self.transport.send(effect.request, timeout_s=effect.timeout_s)
            except TransportFailure as failure:
                return failure
        if isinstance(effect, GetToken):
            return await self._token(effect)
        await self._sleep(effect.seconds)
        return None

    async def _token(self, effect: GetToken) -> str | None:
        """The token, or None where it did not come in time."""
        if effect.timeout_s is None:
            token: str = await self._tokens.get(effect.source, effect.rejected)
            return token
        from anyio import move_on_after

        with move_on_after(effect.timeout_s):
            timely: str = await self._tokens.get(effect.source, effect.rejected)
            return timely
        return None

    @property
    def transport(self) -> AsyncTransport:
        """The transport, made on first use."""
        if self._transport is None:
            self._transport = httpx_transports().HttpxAsyncTransport()
        return self._transport

    async def aclose(self) -> None:
        """Release the connections; calls are refused until the client is entered again."""
        self._lifetime.close()
        if self._transport is not None:
            await self._transport.aclose()

    async def leave(self) -> None:
        """End a block; the last one closes."""
        if self._lifetime.leave():
            await self.aclose()
