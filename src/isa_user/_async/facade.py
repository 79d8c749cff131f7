"""All five clients over one pool and one configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from isa_user._async.billing import BillingClient
from isa_user._async.credit import CreditClient
from isa_user._async.payment import PaymentClient
from isa_user._async.subscription import SubscriptionClient
from isa_user._async.wallet import WalletClient
from isa_user._config import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT_S, PORTS, make_config, service_url
from isa_user._core import AsyncCore

if TYPE_CHECKING:
    from typing import Self

    import httpx

    from isa_user._options import TokenSource
    from isa_user._wire import AsyncSleep, AsyncTransport

__all__ = ["IsaUser"]


class IsaUser:
    """The five clients as ``payments``, ``wallets``, ``billing``, ``subscriptions`` and ``credits``.

    ``base_url`` is a gateway that serves all of them; without it each service's own environment
    variable, ``ISA_USER_BASE_URL`` or documented port counts. The other arguments are those of every
    client.

    Example::

        async with IsaUser(token=access_token) as isa:
            wallet = await isa.wallets.get_balance()
    """

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
            {service: service_url(service, base_url) for service in PORTS},
            token=token,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            idempotent_server=idempotent_server,
            default_headers=default_headers,
        )
        self._set_core(AsyncCore(config, http_client=http_client))

    def _set_core(self, core: AsyncCore) -> None:
        self._core = core
        self.payments: PaymentClient = PaymentClient._over(core)
        self.wallets: WalletClient = WalletClient._over(core)
        self.billing: BillingClient = BillingClient._over(core)
        self.subscriptions: SubscriptionClient = SubscriptionClient._over(core)
        self.credits: CreditClient = CreditClient._over(core)

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
        """All five clients over another transport, which wait and measure time by the given functions."""
        isa = cls(token=token, **options)
        isa._set_core(AsyncCore(isa._core.config, transport=transport, sleep=sleep, clock=clock))
        return isa

    async def aclose(self) -> None:
        """Release the connections of all five.

        A later call raises ClientClosedError, unless the client is entered again.
        """
        await self._core.aclose()

    async def __aenter__(self) -> Self:
        self._core.enter()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._core.leave()

    def __repr__(self) -> str:
        config = self._core.config
        return f"{type(self).__name__}(timeout={config.timeout_s:g}, max_retries={config.max_retries})"
