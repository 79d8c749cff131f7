"""How every control call is made: the one place with I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx

from isa_mockserver.testing.control.caller import DEFAULT_URL, Caller

T = TypeVar("T")

_NOTHING: Mapping[str, Any] = {}


class Calls:
    """Makes control calls.

    Args:
        url: the server's gateway, or the port of any of its services.
        token: a token with the role `admin`, where the server verifies tokens.
        sandbox: the sandbox to talk to, instead of the default one.
        timeout_s: how long to wait for an answer to begin, or to go on.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        token: str | None = None,
        sandbox: str | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        self._caller = Caller(url, token, sandbox, timeout_s)

    async def call(
        self,
        operation: str,
        *,
        path: Mapping[str, str] = _NOTHING,
        body: Any = None,
        query: Mapping[str, Any] = _NOTHING,
    ) -> dict[str, Any]:
        """Make the call of that name and give the JSON object as it came; empty without a body (204)."""
        request = self._caller.request(operation, path, body, query)
        with self._caller.told():
            answer = await self._send(request)
        return self._caller.document(answer)

    async def _send(self, request: Mapping[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(**self._caller.options) as client:
            return await client.request(**request)

    async def _read(self, type_: type[T], operation: str, **parts: Any) -> T:
        value: T = self._caller.read(type_, await self.call(operation, **parts))
        return value

    async def _list(self, type_: type[T], operation: str, **parts: Any) -> list[T]:
        found = await self.call(operation, **parts)
        values: list[T] = self._caller.read(list[type_], found.get("data"))  # type: ignore[valid-type]
        return values

    def _number(self, document: dict[str, Any], part: str) -> int:
        number: int = self._caller.read(int, document.get(part))
        return number
