"""The two drivers: they perform, in their colour, what ``_flow`` yields. All policy is there."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from isa_user._config import ClientConfig
from isa_user._flow import Effect, GetToken, Outcome, Reply, Send, flow
from isa_user._headers import encode_headers
from isa_user._log import configure_from_env, log_call
from isa_user._meta import ResponseInfo, response_info
from isa_user._operations import Operation
from isa_user._paging import AsyncPager, Page
from isa_user._request import Call, prepare
from isa_user._response import PageData, parse_model, parse_page
from isa_user._tokens import AsyncTokens, SyncTokens
from isa_user._trace import tracing_from_env
from isa_user._wire import AsyncSleep, AsyncTransport, SyncSleep, SyncTransport, TransportFailure
from isa_user.errors import IsaError

if TYPE_CHECKING:
    import httpx

__all__ = ["AsyncCore", "SyncCore"]

T = TypeVar("T")

_NOTHING: Mapping[str, Any] = {}


def _new_key() -> str:
    """A new idempotency key (rules ID-5)."""
    return str(uuid.uuid4())


def _httpx_transports() -> ModuleType:
    from isa_user import _transport

    return _transport


def _now() -> datetime:
    return datetime.now(UTC)


class _Settings:
    """What both drivers hold."""

    def __init__(self, config: ClientConfig, clock: Callable[[], float]) -> None:
        encode_headers(config.default_headers, source="default_headers")
        configure_from_env()
        self._tracing = tracing_from_env()
        self.config = config
        self.clock = clock

    def prepare(self, operation: Operation[T], options: Mapping[str, Any], **arguments: Any) -> Call[T]:
        return prepare(operation, self.config, options, new_key=_new_key, **arguments)

    def _succeeded(self, call: Call[Any], outcome: Outcome) -> ResponseInfo:
        info = response_info(outcome.response, attempts=outcome.attempts, elapsed_s=outcome.elapsed_s)
        log_call(
            call,
            info.status,
            elapsed_s=info.elapsed,
            attempts=info.attempts,
            request_id=info.request_id,
        )
        return info

    def _failed(self, call: Call[Any], error: IsaError, started_at: float) -> None:
        log_call(
            call,
            f"{type(error).__name__} {error.status_code or ''}".rstrip(),
            elapsed_s=self.clock() - started_at,
            attempts=error.attempts,
            request_id=error.request_id,
        )


class AsyncCore(_Settings):
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
            self._transport = _httpx_transports().HttpxAsyncTransport(http_client)

    async def call(self, operation: Operation[T], options: Mapping[str, Any], **arguments: Any) -> T:
        """Run one call and read its answer; ``arguments`` are path, query and body."""
        call = self.prepare(operation, options, **arguments)
        outcome, info = await self._run(call)
        return parse_model(operation, outcome.response, info, call.idempotency_key)

    def pages(
        self,
        operation: Operation[T],
        options: Mapping[str, Any],
        *,
        path: Mapping[str, Any] = _NOTHING,
        query: Mapping[str, Any] = _NOTHING,
    ) -> AsyncPager[T]:
        """Check a list call and return what awaits or walks its pages."""
        first = self.prepare(operation, options, path=path, query=query)

        async def fetch(cursor: str | None) -> PageData[T]:
            again = {**query, "cursor": cursor}
            call = first if cursor is None else self.prepare(operation, options, path=path, query=again)
            outcome, info = await self._run(call)
            return parse_page(operation, outcome.response, info)

        return AsyncPager(fetch)

    async def _run(self, call: Call[Any]) -> tuple[Outcome, ResponseInfo]:
        if self._tracing is None:
            return await self._run_now(call)
        with self._tracing.span(call) as traced:
            outcome, info = await self._run_now(traced.call)
            traced.answered(info)
            return outcome, info

    async def _run_now(self, call: Call[Any]) -> tuple[Outcome, ResponseInfo]:
        started_at = self.clock()
        try:
            outcome = await self._drive(call)
        except IsaError as error:
            self._failed(call, error, started_at)
            raise
        return outcome, self._succeeded(call, outcome)

    async def _drive(self, call: Call[Any]) -> Outcome:
        steps = flow(call, clock=self.clock, now=_now, random=random.random)
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
            token: str = await self._tokens.get(effect.source, effect.rejected)
            return token
        await self._sleep(effect.seconds)
        return None

    @property
    def transport(self) -> AsyncTransport:
        """The transport, made on first use."""
        if self._transport is None:
            self._transport = _httpx_transports().HttpxAsyncTransport()
        return self._transport

    async def aclose(self) -> None:
        """Release the connections."""
        if self._transport is not None:
            await self._transport.aclose()


async def _sleep(seconds: float) -> None:
    import anyio

    await anyio.sleep(seconds)


class SyncCore(_Settings):
    """Runs calls in the caller's thread; thread-safe."""

    def __init__(
        self,
        config: ClientConfig,
        *,
        http_client: httpx.Client | None = None,
        transport: SyncTransport | None = None,
        sleep: SyncSleep | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(config, clock or time.monotonic)
        self._transport = transport
        self._sleep = sleep or time.sleep
        self._tokens = SyncTokens(config.token)
        self._lock = threading.Lock()
        if http_client is not None:
            self._transport = _httpx_transports().HttpxSyncTransport(http_client)

    def call(self, operation: Operation[T], options: Mapping[str, Any], **arguments: Any) -> T:
        """Run one call and read its answer; ``arguments`` are path, query and body."""
        call = self.prepare(operation, options, **arguments)
        outcome, info = self._run(call)
        return parse_model(operation, outcome.response, info, call.idempotency_key)

    def pages(
        self,
        operation: Operation[T],
        options: Mapping[str, Any],
        *,
        path: Mapping[str, Any] = _NOTHING,
        query: Mapping[str, Any] = _NOTHING,
    ) -> Page[T]:
        """Fetch the first page of a list call."""
        first = self.prepare(operation, options, path=path, query=query)

        def fetch(cursor: str | None) -> PageData[T]:
            again = {**query, "cursor": cursor}
            call = first if cursor is None else self.prepare(operation, options, path=path, query=again)
            outcome, info = self._run(call)
            return parse_page(operation, outcome.response, info)

        return Page(fetch(None), fetch)

    def _run(self, call: Call[Any]) -> tuple[Outcome, ResponseInfo]:
        if self._tracing is None:
            return self._run_now(call)
        with self._tracing.span(call) as traced:
            outcome, info = self._run_now(traced.call)
            traced.answered(info)
            return outcome, info

    def _run_now(self, call: Call[Any]) -> tuple[Outcome, ResponseInfo]:
        started_at = self.clock()
        try:
            outcome = self._drive(call)
        except IsaError as error:
            self._failed(call, error, started_at)
            raise
        return outcome, self._succeeded(call, outcome)

    def _drive(self, call: Call[Any]) -> Outcome:
        steps = flow(call, clock=self.clock, now=_now, random=random.random)
        effect = next(steps)
        while True:
            reply = self._perform(effect)
            try:
                effect = steps.send(reply)
            except StopIteration as done:
                outcome: Outcome = done.value
                return outcome

    def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, Send):
            try:
                return self.transport.send(effect.request, timeout_s=effect.timeout_s)
            except TransportFailure as failure:
                return failure
        if isinstance(effect, GetToken):
            token: str = self._tokens.get(effect.source, effect.rejected)
            return token
        self._sleep(effect.seconds)
        return None

    @property
    def transport(self) -> SyncTransport:
        """The transport, made on first use."""
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    self._transport = _httpx_transports().HttpxSyncTransport()
        return self._transport

    def close(self) -> None:
        """Release the connections."""
        if self._transport is not None:
            self._transport.close()
