"""What all async clients share: construction, closing, and the way to other transports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from isa_user._config import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT_S, Service, make_config, service_url
from isa_user._core import AsyncCore
from isa_user._naming import name_methods

if TYPE_CHECKING:
    from typing import Self

    import httpx

    from isa_user._options import TokenSource
    from isa_user._wire import AsyncSleep, AsyncTransport

__all__ = ["AsyncServiceClient"]


class AsyncServiceClient:
    """Base of the clients of one service.

    ``base_url`` falls back to the service's environment variable, then ``ISA_USER_BASE_URL``, then the
    documented port on localhost. ``token`` is a str or a function that fetches one. ``timeout`` bounds
    one attempt and ``deadline`` the whole call, both in seconds. ``max_retries`` counts the attempts
    after the first. ``idempotent_server`` says that the server honours ``Idempotency-Key``, so that
    writes may be retried like reads (None: ``ISA_USER_IDEMPOTENT_SERVER``, else False).
    ``http_client`` is your own httpx client; it stays yours to close.

    Raises ConfigurationError for settings that cannot work.
    """

    _service: ClassVar[Service]
    _core: AsyncCore

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "_service" not in vars(cls):
            return
        for part in cls.__mro__[1:]:
            if part is not AsyncServiceClient and issubclass(part, AsyncServiceClient):
                name_methods(part, cls.__name__)

    def __init__(
        self,
        base_url: str | None = None,
        *,
        token: TokenSource | None = None,
        timeout: float = DEFAULT_TIMEOUT_S,
        deadline: float | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        idempotent_server: bool | None = None,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        config = make_config(
            {self._service: service_url(self._service, base_url)},
            token=token,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            idempotent_server=idempotent_server,
            default_headers=default_headers,
        )
        self._core = AsyncCore(config, http_client=http_client)

    @classmethod
    def _bound(
        cls,
        *,
        transport: AsyncTransport,
        sleep: AsyncSleep,
        token: TokenSource | None,
        clock: Callable[[], float] | None = None,
        **options: Any,
    ) -> Self:
        """A client over another transport, which waits and measures time by the given functions."""
        client = cls(token=token, **options)
        client._core = AsyncCore(client._core.config, transport=transport, sleep=sleep, clock=clock)
        return client

    @classmethod
    def _over(cls, core: AsyncCore) -> Self:
        """A client that shares a core, and so its connections and settings."""
        client = cls.__new__(cls)
        client._core = core
        return client

    async def aclose(self) -> None:
        """Release the connections; a later call raises ClientClosedError, unless it is entered again."""
        await self._core.aclose()

    async def __aenter__(self) -> Self:
        self._core.enter()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._core.leave()

    def __repr__(self) -> str:
        config = self._core.config
        return (
            f"{type(self).__name__}({config.urls[self._service]!r}, timeout={config.timeout_s:g}, "
            f"max_retries={config.max_retries})"
        )
