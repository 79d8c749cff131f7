"""Calls to the services' URLs, by code that knows nothing of this, are answered in process (through respx).

The code under test may use `isa_user` or plain httpx, sync or async. Every other host is refused, so that a
test cannot reach a real system.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from math import inf
from threading import RLock
from typing import Any, ParamSpec, Self, TypeVar, cast

import httpx
import respx
from respx.models import AllMockedAssertionError, PassThrough

from isa_user._config import PORTS, Service, service_url

from .carrier import Carrier, CarrierError, DroppedError, LateError
from .inprocess import Doors, RawResponse
from .targets import Target, documented, of_url

_DISCONNECTED = "Server disconnected without sending a response."
_CUT_OFF = "peer closed connection without sending complete message body"
"""In httpx's own words."""

P = ParamSpec("P")
R = TypeVar("R")


class RefusedHostError(AllMockedAssertionError):
    """The code under test called a host that is not one of the services' and was not allowed."""


class Interception:
    """A block, or a decorated function, in which the services' URLs lead to one sandbox.

    Blocks nest: the innermost that knows a URL answers. It holds for the whole process, so for calls of
    other threads too.
    """

    def __init__(
        self, doors: Doors, headers: Mapping[str, str], allow: Iterable[str], urls: Mapping[str, str]
    ) -> None:
        self._doors = doors
        self._headers = headers
        self._allowed = frozenset(host.lower() for host in allow)
        self._given = urls
        self._targets: tuple[Target, ...] = ()

    def __enter__(self) -> Self:
        self._targets = tuple(_targets(self._given))
        _SWITCH.begin(self)
        return self

    def __exit__(self, *exc_info: object) -> None:
        _SWITCH.end(self)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *exc_info: object) -> None:
        self.__exit__(*exc_info)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, sync or async, with every call of it inside such a block."""
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                with self:
                    return await function(*args, **kwargs)

            return cast("Callable[P, R]", awaited)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with self:
                return function(*args, **kwargs)

        return called

    def target(self, url: httpx.URL) -> Target | None:
        """The service at that URL, if it is one of ours."""
        return next((target for target in self._targets if target.fits(url)), None)

    def allows(self, url: httpx.URL) -> bool:
        """Whether the real host may be called."""
        return url.host.lower() in self._allowed or f"{url.host.lower()}:{url.port}" in self._allowed

    def answer(self, target: Target, request: httpx.Request) -> httpx.Response:
        """The answer to a request of a sync client."""
        carrier = _carrier(request)
        try:
            return _response(self._doors.call(*self._parts(target, request), carrier))
        except CarrierError as error:
            raise _as_httpx(error, request) from error

    async def answer_async(self, target: Target, request: httpx.Request) -> httpx.Response:
        """The answer to a request of an async client."""
        carrier = _carrier(request)
        try:
            return _response(await self._doors.call_async(*self._parts(target, request), carrier))
        except CarrierError as error:
            raise _as_httpx(error, request) from error

    def _parts(
        self, target: Target, request: httpx.Request
    ) -> tuple[str, str, list[tuple[bytes, bytes]], bytes]:
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        own = [(name.lower().encode(), value.encode()) for name, value in self._headers.items()]
        sent = {name for name, _ in headers}
        headers += [pair for pair in own if pair[0] not in sent]
        return request.method, target.local(request.url), headers, request.content


class _Switch(respx.MockRouter):
    """The one router of all blocks; httpx is patched from the first one's begin to the last one's end."""

    def __init__(self) -> None:
        super().__init__(assert_all_called=False, assert_all_mocked=True, using="httpcore")
        self._active: list[Interception] = []
        self._changing = RLock()

    def begin(self, interception: Interception) -> None:
        """Patch httpx where this is the first block."""
        with self._changing:
            self._active.append(interception)
            if len(self._active) == 1:
                self.start()

    def end(self, interception: Interception) -> None:
        """Undo the patch where this was the last one."""
        with self._changing:
            position = max(i for i, each in enumerate(self._active) if each is interception)
            del self._active[position]
            if not self._active:
                self.stop()

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Called by respx for every request of a sync client."""
        interception, target = self._find(request)
        return interception.answer(target, request)

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Called by respx for every request of an async client."""
        interception, target = self._find(request)
        return await interception.answer_async(target, request)

    def _find(self, request: httpx.Request) -> tuple[Interception, Target]:
        for interception in reversed(self._active):
            target = interception.target(request.url)
            if target is not None:
                return interception, target
            if interception.allows(request.url):
                raise PassThrough("allowed", request=request, origin=respx.Route())
        host = request.url.host
        raise RefusedHostError(
            f"{request.method} {request.url.copy_with(query=None)} is none of the services' URLs, and inside "
            f"intercept() no other host is called; to let it through: intercept(allow=[{host!r}])"
        )


_SWITCH = _Switch()


def _targets(given: Mapping[str, str]) -> Iterable[Target]:
    """The given URLs, those that the SDK's environment names, and the documented ones."""
    for service, url in given.items():
        yield of_url(service, url)
    for name in PORTS:
        yield of_url(_plural(name), service_url(name))
    yield from documented()


def _plural(name: Service) -> str:
    return name if name == "billing" else f"{name}s"


def _carrier(request: httpx.Request) -> Carrier:
    timeout = request.extensions.get("timeout", {}).get("read")
    return Carrier(inf if timeout is None else timeout)


def _response(answer: RawResponse) -> httpx.Response:
    status, headers, body = answer
    return httpx.Response(status, headers=headers, content=body)


def _as_httpx(error: CarrierError, request: httpx.Request) -> httpx.TransportError:
    if isinstance(error, LateError):
        return httpx.ReadTimeout(str(error), request=request)
    begun = isinstance(error, DroppedError) and error.begun
    return httpx.RemoteProtocolError(_CUT_OFF if begun else _DISCONNECTED, request=request)
