"""The driver of sync clients; thread-safe."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from isa_user._call import Call
from isa_user._config import ClientConfig
from isa_user._core._settings import NOTHING, SHALLOW, Settings, httpx_transports, now
from isa_user._flow import Effect, GetToken, Outcome, Reply, Send, flow
from isa_user._log import log_call
from isa_user._operations import Operation
from isa_user._paging import Page
from isa_user._response import PageData, parse_model, parse_page
from isa_user._tokens import SyncTokens
from isa_user._wire import SyncSleep, SyncTransport, TransportFailure
from isa_user.errors import IsaError

if TYPE_CHECKING:
    import httpx

__all__ = ["SyncCore"]

T = TypeVar("T")


class SyncCore(Settings):
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
            self._transport = httpx_transports().HttpxSyncTransport(http_client)

    def call(
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
            outcome = self._run(call)
            return parse_model(call, outcome.response, outcome.info)

    def pages(
        self,
        operation: Operation[T],
        options: Mapping[str, Any],
        *,
        path: Mapping[str, Any] = NOTHING,
        query: Mapping[str, Any] = NOTHING,
    ) -> Page[T]:
        """Fetch the first page of a list call."""
        with SHALLOW:
            first = self.prepare(operation, options, path, query)

        def fetch(cursor: str | None) -> PageData[T]:
            again = {**query, "cursor": cursor}
            with SHALLOW:
                call = first if cursor is None else self.prepare(operation, options, path, again)
                outcome = self._run(call)
                return parse_page(call, outcome.response, outcome.info)

        with SHALLOW:
            return Page(fetch(None), fetch)

    def _run(self, call: Call[Any]) -> Outcome:
        self._lifetime.check()
        if self._tracing is None:
            return self._run_now(call)
        with self._tracing.span(call) as traced:
            outcome = self._run_now(traced.call)
            traced.answered(outcome.info)
            return outcome

    def _run_now(self, call: Call[Any]) -> Outcome:
        started_at = self.clock()
        try:
            outcome = self._drive(call)
        except IsaError as error:
            self._failed(call, error, started_at)
            raise
        log_call(call, outcome.info.status, outcome.info, outcome.info.elapsed)
        return outcome

    def _drive(self, call: Call[Any]) -> Outcome:
        steps = flow(call, clock=self.clock, now=now, random=random.random)
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
                    self._transport = httpx_transports().HttpxSyncTransport()
        return self._transport

    def close(self) -> None:
        """Release the connections; calls are refused until the client is entered again."""
        self._lifetime.close()
        if self._transport is not None:
            self._transport.close()

    def leave(self) -> None:
        """End a block; the last one closes."""
        if self._lifetime.leave():
            self.close()
